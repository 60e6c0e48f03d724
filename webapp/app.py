"""The roof: settings, adapters, doors and pages are joined here and only here."""

from pathlib import Path

from flask import Flask, Response, request

from webapp import api, web
from webapp.adapters.photo_store import PhotoStore
from webapp.commands.execute import Door
from webapp.commands.house import House
from webapp.foundation.clock import utc_now
from webapp.foundation.config import Settings, read_settings
from webapp.foundation.db import Database

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


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application, ready for a WSGI server. Raises WrongSetting, OldSqlite."""
    settings = settings or read_settings()
    app = Flask("clockwise", template_folder=_root("templates"), static_folder=_root("static"))
    app.config.update(MAX_CONTENT_LENGTH=13 * 1024 * 1024, TESTING=settings.testing)
    app.extensions["house"] = _furnish(settings)
    app.after_request(_headers(settings))
    for blueprint in (*api.blueprints(), *web.blueprints()):
        app.register_blueprint(blueprint)
    web.prepare(app)
    return app


def _furnish(settings: Settings) -> House:
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    photos = PhotoStore(settings.photo_store)
    return House(settings, database, Door(database, utc_now), photos)


def _headers(settings: Settings):  # type: ignore[no-untyped-def]
    """The headers of evidence.md D5 on every answer, errors too."""

    def add(response: Response) -> Response:
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
