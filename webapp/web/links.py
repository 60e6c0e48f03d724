"""The customer's link from the desk: a token that is shown once, as a QR code drawn in the page."""

import base64
import secrets
from typing import Any

import qrcode
from flask import request

from webapp.models import Visit
from webapp.web.here import house
from webapp.web.responses import page


def new_token() -> str:
    """160 random bits as 32 upper-case base32 characters (protocol.md, status.issue_link)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def address(path: str) -> str:
    """As a customer's phone reaches us: PUBLIC_URL, or the address this page was asked by."""
    return (house().settings.public_url or request.host_url.rstrip("/")) + path


def show_link(visit: Visit, token: str) -> Any:
    """The page with the code. The token stands nowhere else: not in the address, not in the log, not in the database."""
    url = address(f"/s/{token}")
    return page("visit/link.html", visit=visit, url=url, code=qr_path(url))


def qr_path(text: str) -> tuple[int, str]:
    """The code as one SVG path on a square of that many modules, quiet zone included."""
    made = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    made.add_data(text)
    rows = made.get_matrix()
    path = "".join(f"M{x} {y}h{width}v1h-{width}z" for y, row in enumerate(rows) for x, width in _runs(row))
    return len(rows), path


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and runs and runs[-1][0] + runs[-1][1] == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((x, 1))
    return runs
