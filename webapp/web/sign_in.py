"""Signing in and out at the desk, and one's own password."""

from typing import Any

from flask import redirect, request
from flask_babel import gettext as _
from sqlalchemy import select

from webapp.commands.desk_session import change_password, end_session, open_session
from webapp.commands.sign_in import SignInRefused, hash_password
from webapp.models import Store
from webapp.web.csrf import cookie_name, drop_cookie, set_cookie
from webapp.web.desk import desk
from webapp.web.filters import say
from webapp.web.forms import PasswordForm, SignInForm
from webapp.web.guard import SESSION
from webapp.web.here import actor, house, maybe_user, user
from webapp.web.responses import go, page

COMMON = frozenset({"clockwise", "password", "1234567890", "0123456789", "qwertyuiop", "1111111111", "0000000000"})


@desk.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    """Store, staff number, password. The page shows the demo's only while the demo store is the only one."""
    if request.method == "GET" and maybe_user():
        return go("desk.today")
    form = SignInForm(data={"back": request.args.get("back", ""), "store": request.args.get("store") or _only_store()})
    if not form.is_submitted():
        return _sign_in_page(form)
    if not form.validate():
        return _sign_in_page(form, 422)
    try:
        person = house().sign_in.check(form.store.data, form.login.data, form.password.data, request.remote_addr or "")
    except SignInRefused as no:
        response = _sign_in_page(form, 429 if no.retry_after else 422, say(no.text, no.facts))
        if no.retry_after:
            response.headers["Retry-After"] = str(no.retry_after)
        return response
    token = house().door.record(open_session(person, request.cookies.get(cookie_name(SESSION))))
    response = redirect(_safe_back(form.back.data), 303)
    set_cookie(response, SESSION, token, same_site="Strict")
    return response


@desk.post("/sign-out")
def sign_out() -> Any:
    house().door.record(end_session(user().session))
    response = go("desk.sign_in")
    drop_cookie(response, SESSION)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@desk.route("/password", methods=["GET", "POST"])
def password() -> Any:
    """One's own password; a password given by the manager must be changed here first."""
    form = PasswordForm()
    if not form.validate_on_submit() or not _may_change(form):
        return page("desk/password.html", 422 if form.is_submitted() else 200, form=form, must=user().must_change)
    house().door.record(change_password(user(), hash_password(form.new.data)))
    return go("desk.today", done="password")


def _may_change(form: PasswordForm) -> bool:
    if form.new.data != form.again.data:
        form.again.errors = [_("两次写的不一样")]
    elif form.new.data.lower() in COMMON or form.new.data == form.old.data:
        form.new.errors = [_("这个密码太容易被猜到，请换一个")]
    else:
        try:
            house().sign_in.check(actor().store, actor().staff, form.old.data, request.remote_addr or "")
            return True
        except SignInRefused as no:
            form.old.errors = [say(no.text, no.facts) if no.retry_after else _("现在的密码不对")]
    return False


def _sign_in_page(form: SignInForm, status: int = 200, problem: str = "") -> Any:
    return page("desk/sign_in.html", status, form=form, problem=problem, demo=_demo())


def _stores() -> list[Store]:
    with house().database.read() as db:
        return list(db.scalars(select(Store).order_by(Store.id).limit(2)))


def _only_store() -> str:
    stores = _stores()
    return stores[0].id if len(stores) == 1 else ""


def _demo() -> Store | None:
    stores = _stores()
    return stores[0] if len(stores) == 1 and stores[0].demo else None


def _safe_back(back: str | None) -> str:
    """Only a page of ours: never another site, never a scheme."""
    return back if back and back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable() else "/"
