"""The wire (protocol.md): what phones and other systems call."""

from flask import Blueprint

from webapp.api import acts, changes, devices
from webapp.api.wire import api

__all__ = ["acts", "blueprints", "changes", "devices"]


def blueprints() -> list[Blueprint]:
    return [api]
