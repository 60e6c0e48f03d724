"""The wire (protocol.md): what phones and other systems call."""

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    return []
