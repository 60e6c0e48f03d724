"""The wire (protocol.md): what phones and other systems call; and the page that the phone app lives in."""

from flask import Blueprint

from webapp.api import acts, catalogue, changes, devices, heads, openapi, photos, visits
from webapp.api.shell import lane
from webapp.api.wire import api

__all__ = ["acts", "blueprints", "catalogue", "changes", "devices", "heads", "openapi", "photos", "visits"]


def blueprints() -> list[Blueprint]:
    return [api, lane]
