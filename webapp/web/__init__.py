"""Pages for people: the desk, and the customer's status page."""

from flask import Blueprint, Flask


def blueprints() -> list[Blueprint]:
    return []


def prepare(app: Flask) -> None:
    """What pages need of the whole app: languages, CSRF, errors, template filters."""
