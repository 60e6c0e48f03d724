"""The roof: settings, adapters, doors and pages are joined here and only here."""

import re
from collections.abc import Sequence
from pathlib import Path
from wsgiref.headers import Headers

import structlog
from flask import Flask, Response, request
from flask_babel import Babel
from whitenoise import WhiteNoise

from webapp import api, cli, web
from webapp.adapters.keys import open_keys
from webapp.adapters.photo_store import PhotoStore
from webapp.commands import erase
from webapp.commands.execute import Door
from webapp.commands.house import House
from webapp.commands.sign_in import SignIn
from webapp.foundation.actor import Act
from webapp.foundation.assets import Assets
from webapp.foundation.clock import utc_now
from webapp.foundation.config import Settings, read_settings
from webapp.foundation.db import Database
from webapp.foundation.trace import places
from webapp.queries.heads import were_given
from webapp.web import kept
from webapp.web.kept import Kept

POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob:", "connect-src 'self'",
    "font-src 'self'", "manifest-src 'self'", "worker-src 'self'", "form-action 'self'", "base-uri 'none'",
    "frame-ancestors 'none'", "object-src 'none'",
))
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), interest-cohort=()",
}

_HASHED = re.compile(r"^/static/dist/.*-[0-9A-Za-z]{8}\.[a-z0-9]+$")


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application, ready for a WSGI server. Raises WrongSetting, OldSqlite, BadKeys."""
    settings = settings or read_settings()
    _write_log()
    app = Flask("clockwise", template_folder=_root("templates"), static_folder=_root("static"))
    app.config.update(MAX_CONTENT_LENGTH=13 * 1024 * 1024, TESTING=settings.testing)
    app.extensions["house"] = _furnish(app, settings)
    web.begin(app)
    app.after_request(_headers(settings))
    _serve_static(app, settings)
    _speak(app)
    for blueprint in (*api.blueprints(), *web.blueprints()):
        app.register_blueprint(blueprint)
    web.prepare(app)
    cli.register(app)
    return app


def _write_log() -> None:
    """One line of JSON per event. A fault's trace has places and no values: a customer's name must not get into a log."""
    structlog.configure(cache_logger_on_first_use=False, processors=[
        structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True),
        places, structlog.processors.JSONRenderer(ensure_ascii=False)])


def _furnish(app: Flask, settings: Settings) -> House:
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    database.damaged = app.jinja_env.globals["damaged"] = settings.damaged
    photos = PhotoStore(settings.photo_store)
    keys = open_keys(settings.home / "keys", utc_now(), cli.on_terminal(), lambda: were_given(database),
                     anew=settings.new_keys)
    door = Door(database, utc_now, lambda acts: _after_commit(app, acts))
    return House(settings, database, door, photos, keys, SignIn(database))


def _after_commit(app: Flask, acts: Sequence[Act]) -> None:
    """What an erasure takes away beyond the rows: files, and pages that were drawn before."""
    if any(act.command == erase.ERASE for act in acts):
        pages = app.extensions.get(kept.NAME)
        if pages is not None:
            pages.clear()
        erase.after_commit(app.extensions["house"], acts)


def _serve_static(app: Flask, settings: Settings) -> None:
    """Built files by `asset("desk/desk.css")` in templates; their names carry a hash, so browsers keep them for ever."""
    assets = app.extensions["assets"] = Assets(Path(_root("static")))
    app.jinja_env.globals["asset"] = assets.url

    def add_headers(headers: Headers, _path: str, _url: str) -> None:
        for name, value in HEADERS.items():
            headers[name] = value
        if settings.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=_root("static"), prefix="static/", max_age=60, add_headers_function=add_headers,
        allow_all_origins=False, immutable_file_test=lambda _path, url: _HASHED.search(url) is not None)


def _speak(app: Flask) -> None:
    """Chinese unless the person asked for English: by ?lang=, by the cookie that choice left, or by their browser.

    The API reads no cookie; it listens to Accept-Language alone.
    """
    app.config.update(BABEL_DEFAULT_LOCALE="zh_CN", BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
                      BABEL_TRANSLATION_DIRECTORIES=_root("webapp/translations"))

    def locale() -> str:
        asked = "" if request.path.startswith("/api/") else request.args.get("lang") or request.cookies.get("lang") or ""
        if asked in ("en", "zh_CN", "zh-CN"):
            return asked.replace("-", "_")
        return (request.accept_languages.best_match(["zh-CN", "en"], "zh-CN") or "zh-CN").replace("-", "_")

    Babel(app, locale_selector=locale)


def _headers(settings: Settings):  # type: ignore[no-untyped-def]
    """The headers of evidence.md D5 on every answer, errors too."""

    def add(response: Response) -> Response:
        if isinstance(response, Kept):
            return response
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return add


def _root(folder: str) -> str:
    return str(Path(__file__).parent.parent / folder)
