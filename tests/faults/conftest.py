"""The app, phones and visits of the API's tests."""

from tests.api.conftest import app, visit, wire, wire_of

__all__ = ["app", "visit", "wire", "wire_of"]
