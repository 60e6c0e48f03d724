"""The desk's blueprint; today.py, visit.py and the others hang their pages on it."""

from flask import Blueprint

desk = Blueprint("desk", __name__)
