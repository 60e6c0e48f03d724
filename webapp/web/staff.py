"""`/staff`: who works here. Every change is an act; a new password is made here, shown once, and must be changed."""

import secrets
from typing import Any

from flask import Response, request
from werkzeug.exceptions import NotFound

from webapp.commands.sign_in import hash_password
from webapp.queries.staff import people, person
from webapp.web.desk import desk
from webapp.web.filters import say
from webapp.web.forms import ConfirmForm, PersonForm, ReasonForm, RolesForm
from webapp.web.here import actor, house
from webapp.web.responses import go, page

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@desk.get("/staff", endpoint="staff")
def show_staff() -> Response:
    with house().database.read() as db:
        return page("staff/show.html", people=people(db, actor().store))


@desk.route("/staff/new", methods=["GET", "POST"])
def add_staff() -> Any:
    """A new colleague; the page after it shows the one-time password once."""
    form = PersonForm()
    problem = ""
    if form.validate_on_submit():
        password = _password()
        args = form.args() | {"staff": form.staff.data.upper(), "password_hash": hash_password(password)}
        if not (problem := _send("staff.add", args, form)):
            return page("staff/password.html", name=form.name.data, login=args["staff"], password=password)
    return page("staff/new.html", 422 if form.is_submitted() else 200, form=form, problem=problem)


@desk.route("/staff/<login>", methods=["GET", "POST"], endpoint="person")
def person_page(login: str) -> Any:
    """One person: roles, a new password, leaving and coming back; each is its own form on the page."""
    with house().database.read() as db:
        found = person(db, actor().store, login)
    if found is None:
        raise NotFound()
    what = request.form.get("what", "roles") if request.method == "POST" else ""
    forms: dict[str, Any] = {
        "roles": RolesForm(formdata=request.form if what == "roles" else None,
                           data={"name": found.name, "roles": list(found.roles)}),
        "password": ConfirmForm(formdata=request.form if what == "password" else None),
        "leave": ReasonForm(formdata=request.form if what == "leave" else None),
        "come_back": ReasonForm(formdata=request.form if what == "come_back" else None),
    }
    problem = ""
    if what in forms and forms[what].validate():
        password = _password()
        problem = _send(COMMAND[what], _args(what, forms[what], login, password), forms[what])
        if not problem:
            return page("staff/password.html", name=found.name, login=login, password=password) if what == "password" else \
                go("desk.staff", done="staff")
    return page("staff/person.html", 422 if what else 200, p=found, forms=forms, problem=problem)


COMMAND = {"roles": "staff.set_roles", "password": "staff.reset_password", "leave": "staff.leave", "come_back": "staff.come_back"}


def _args(what: str, form: Any, login: str, password: str) -> dict[str, Any]:
    own = {"password_hash": hash_password(password)} if what == "password" else form.args()
    return {"staff": login, **own}


def _send(command: str, args: dict[str, Any], form: Any) -> str:
    """Sends the act; returns what the door said against it, "" when it is done."""
    receipt = house().door.execute(actor(), command, args, act_id=form.act_id(), visit=None, salt=secrets.token_urlsafe(16))
    if receipt.facts.get("first", receipt.verdict) == "applied":
        return ""
    form.fresh()
    return say(receipt.text, receipt.facts)


def _password() -> str:
    """Easy to read out: three groups of five, 74 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(3))
