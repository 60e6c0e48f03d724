"""The wire (protocol.md): what phones and other systems call."""

from flask import Blueprint

from webapp.api import acts, catalogue, changes, devices, photos
from webapp.api.wire import api

__all__ = ["acts", "blueprints", "catalogue", "changes", "devices", "photos"]


def blueprints() -> list[Blueprint]:
    return [api]
