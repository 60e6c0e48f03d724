"""The page a phone opens before it trusts the store's own certificate: plain http, no sign-in, two routes and its style.

It is an app of its own on another port, since the house itself speaks HTTPS only.
"""

from pathlib import Path

from flask import Flask, Response, render_template
from flask_babel import Babel

from webapp.adapters.local_ca import LocalCa

ROOT = Path(__file__).parents[2]
HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
           "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


def trust_app(ca: LocalCa, lane: str) -> Flask:
    """lane: the https address to go to once the certificate is trusted."""
    app = Flask("clockwise.trust", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(BABEL_DEFAULT_LOCALE="zh_CN", BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "webapp/translations"))
    Babel(app)

    @app.get("/")
    def page() -> str:
        return render_template("trust/show.html", lane=lane, fingerprint=ca.fingerprint())

    @app.get("/clockwise.crt")
    def certificate() -> Response:
        return Response(ca.ca_der(), mimetype="application/x-x509-ca-cert",
                        headers={"Content-Disposition": 'attachment; filename="clockwise.crt"'})

    @app.get("/trust.css")
    def style() -> Response:
        return Response((ROOT / "static/desk/trust.css").read_bytes(), mimetype="text/css")

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    return app
