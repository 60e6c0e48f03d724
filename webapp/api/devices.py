"""`/devices`: a phone becomes known to the store, and asks who it is."""

from typing import Annotated, Any

import msgspec
from flask import Response, request
from msgspec import Meta

from webapp.api.guard import bearer, caller, house, known_caller
from webapp.api.wire import CallRefused, answer, api, read_body
from webapp.commands.devices import Enrolled, enrol, enrol_again, fork, wiped
from webapp.commands.sign_in import LONGEST, SignInRefused
from webapp.domain.words import IdText
from webapp.foundation.clock import to_wire, utc_now
from webapp.foundation.refusal import N_, Refusal
from webapp.queries.manifest import store_head

Login = Annotated[str, Meta(min_length=1, max_length=20, pattern=r"^[^\x00-\x1f]*$")]


class Enrolment(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A password (a new phone, or with `device` the same phone again), or `fork_of` with the old bearer."""

    device_name: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]*$")] = "手机"
    store: Login | None = None
    login: Login | None = None
    password: Annotated[str, Meta(min_length=1, max_length=LONGEST)] | None = None
    public_key: dict[str, Any] | None = None
    device: IdText | None = None
    fork_of: IdText | None = None


@api.post("/devices", endpoint="enrol")
def enrol_device() -> Response:
    """Enrols a phone: 201 with its token. Wrong login 401, too many tries 429."""
    asked = read_body(Enrolment)
    try:
        enrolled = _fork(asked) if asked.fork_of else _by_password(asked)
    except SignInRefused as no:
        status, wait = (429, {"Retry-After": str(no.retry_after)}) if no.retry_after else (401, {})
        raise CallRefused(status, no.code, no.text, wait, **no.facts) from no
    except CallRefused:
        raise
    except Refusal as no:
        raise CallRefused(422 if no.code == "device.bad_key" else 403, no.code, no.text, **no.facts) from no
    return answer({
        "device": enrolled.device, "token": enrolled.token, "actor": enrolled.actor.staff, "name": enrolled.actor.name,
        "roles": sorted(enrolled.actor.roles), "store": enrolled.actor.store, "epoch": enrolled.epoch,
        "expect_seq": enrolled.expect_seq, "server_time": to_wire(utc_now()), "key_id": enrolled.key_id, **_keys(),
    }, 201)


@api.get("/devices/me", endpoint="me")
def who_am_i() -> Response:
    """The phone, its user, and the number that its next act must have."""
    me = caller()
    with house().database.read() as db:
        head = store_head(db, me.actor.store)
    return answer({
        "device": me.actor.device, "actor": me.actor.staff, "name": me.actor.name, "roles": sorted(me.actor.roles),
        "store": me.actor.store, "epoch": head.epoch, "expect_seq": me.expect_seq, "server_time": to_wire(utc_now()),
        "key_id": me.key_id, **_keys(),
    })


class Wiped(msgspec.Struct, forbid_unknown_fields=True):
    """left: acts and photos that could not be handed in and go with the rest."""

    left: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


@api.post("/devices/me/wiped", endpoint="wiped")
def say_wiped() -> Response:
    """A stopped phone was told `wipe`, has tried to hand in the rest, and forgets everything now."""
    try:
        house().door.record(wiped(caller(), read_body(Wiped).left))
    except CallRefused:
        raise
    except Refusal as no:
        raise CallRefused(409, no.code, no.text, **no.facts) from no
    return answer({})


def _keys() -> dict[str, Any]:
    """What the phone checks heads with from now on, and the root's fingerprint to compare by eye."""
    keys = house().keys
    return {"head_key": {**keys.head.jwk, "key_id": keys.head.key_id}, "root_sha256": keys.root_fingerprint}


def _by_password(asked: Enrolment) -> Enrolled:
    if asked.store is None or asked.login is None or asked.password is None:
        raise CallRefused(422, "body.bad_field", N_("请求内容的字段不对：%(at)s。请更新应用后再试"), at="$.password",
                          why="store, login and password, or fork_of")
    actor = house().sign_in.check(asked.store, asked.login, asked.password, request.remote_addr or "")
    if asked.device:
        return house().door.record(enrol_again(actor, asked.device, asked.public_key))
    return house().door.record(enrol(actor, asked.device_name, asked.public_key))


def _fork(asked: Enrolment) -> Enrolled:
    known_caller()
    enrolled = house().door.record(fork(bearer() or "", asked.fork_of or "", asked.public_key))
    if enrolled is None:
        raise CallRefused(401, "token.unknown", N_("登录已失效，请重新登录；没发出的内容都在手机上"))
    return enrolled
