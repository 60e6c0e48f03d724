"""The lane's page, worker and manifest: the same bytes for everybody; the worker knows the page by its hash."""

import json
import os
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from tests.api.conftest import house_of
from webapp.app import HEADERS
from webapp.foundation.assets import Assets
from webapp.foundation.canon import sha256_hex
from webapp.models import Staff, Store, StoreCounter


@pytest.fixture
def built(app: Flask, tmp_path: Path) -> Path:
    """A small build, as bin/build leaves it."""
    dist = tmp_path / "static" / "dist"
    dist.mkdir(parents=True)
    files = {
        "lane/app.js": "app-1.js", "lane/css/app.css": "app-1.css", "lane/icons/icon.svg": "icon-1.svg", "lane/sw.js": "sw.js",
        "lane/icons/icon-180.png": "icon-180-1.png", "lane/rescue.html": "rescue.html",
        "lane/manifest.webmanifest": "m.webmanifest", "lane/words-zh.json": "words-zh-1.json",
    }
    for name, file in files.items():
        (dist / file).write_text(f"// {name}", encoding="utf-8")
    (dist / "manifest.json").write_text(json.dumps({
        name: {"file": file, "sha256": "0" * 64, "bytes": 1, "gzip": 1, "first": True} for name, file in files.items()}))
    app.extensions["assets"] = Assets(tmp_path / "static")
    return dist


def test_the_worker_knows_the_page_by_its_hash(client: FlaskClient, built: Path) -> None:
    page, worker = client.get("/lane/"), client.get("/lane/sw.js")

    told = re.fullmatch(r'self\.SHELL=(\{.*\});\n// lane/sw\.js', worker.text)
    assert told and json.loads(told[1]) == {"path": "/lane/", "sha256": sha256_hex(page.data)}
    assert (worker.headers["Cache-Control"], worker.headers["Service-Worker-Allowed"]) == ("no-cache", "/lane/")
    assert worker.content_type.startswith("text/javascript")


def test_the_page_is_the_same_for_everybody_and_everywhere(client: FlaskClient, built: Path) -> None:
    page = client.get("/lane/")

    asked = client.get("/lane/", headers={"Accept-Language": "en", "Cookie": "lang=en; desk=x"})
    assert asked.data == client.get("/lane/v/1/walk").data == client.get("/lane/?x=1").data == page.data
    assert page.headers["Cache-Control"] == "no-cache" and "Set-Cookie" not in page.headers
    assert "/static/dist/app-1.js" in page.text and "style=" not in page.text


def test_a_changed_build_is_a_changed_worker(client: FlaskClient, built: Path) -> None:
    before = client.get("/lane/sw.js").data
    text = (built / "manifest.json").read_text().replace("app-1.js", "app-2.js")
    (built / "manifest.json").write_text(text)
    os.utime(built / "manifest.json", ns=(1, 1))

    assert client.get("/lane/sw.js").data != before


@pytest.mark.parametrize(("path", "kind", "cache"), [
    ("/lane/rescue.html", "text/html", "no-cache"), ("/lane/manifest.webmanifest", "application/manifest+json", "no-cache"),
    ("/lane/hello.json", "application/json", "no-store"),
])
def test_what_else_is_served(client: FlaskClient, built: Path, path: str, kind: str, cache: str) -> None:
    told = client.get(path)

    assert told.status_code == 200 and told.content_type.startswith(kind) and told.headers["Cache-Control"] == cache
    assert all(told.headers[name] == value for name, value in HEADERS.items())


@pytest.mark.parametrize("path", ["/lane/app.js", "/lane/x/../../wsgi.py", "/lane/rescue.html.bak", "/lane/.env"])
def test_nothing_else_is_a_page(client: FlaskClient, built: Path, path: str) -> None:
    assert client.get(path).status_code == 404


def test_without_a_build_it_says_so(client: FlaskClient, app: Flask, tmp_path: Path) -> None:
    app.extensions["assets"] = Assets(tmp_path / "nowhere")

    assert client.get("/lane/").status_code == 503 and client.get("/lane/sw.js").status_code == 503


def test_the_demo_is_offered_only_while_it_is_alone(client: FlaskClient, app: Flask) -> None:
    assert client.get("/lane/hello.json").json == {"sync": "ok"}
    with house_of(app).database.write() as db:
        db.execute(update(Store).values(demo=True))
        db.commit()
    assert client.get("/lane/hello.json").json == {"sync": "ok"}  # two stores, whatever they say of themselves
    with house_of(app).database.write() as db:
        for table in (Staff, StoreCounter, Store):
            db.execute(delete(table).where((table.id if table is Store else table.store_id) == "YF02"))
        db.commit()
    assert client.get("/lane/hello.json").json["demo"] == {"store": "YF01", "login": "E005", "password": "clockwise"}
