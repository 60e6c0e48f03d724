"""Enrolment: a password makes a phone known; its token slides, dies, and is never guessed."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests.api.conftest import Wire, house_of, is_error
from tests.visits import arrival
from webapp.adapters.keys import head_bytes
from webapp.commands.sign_in import LONGEST, PER_ACCOUNT, PER_ADDRESS, SignInRefused, hash_password
from webapp.foundation.canon import sha256_hex
from webapp.foundation.clock import utc_now
from webapp.foundation.es256 import jwk_id, jwk_of, public_key, verify
from webapp.foundation.ids import new_id
from webapp.models import Device, Incident, Staff

SECRET = hash_password("clockwise")


@pytest.fixture(autouse=True)
def _passwords(app: Flask) -> None:
    with house_of(app).database.write() as db:
        db.execute(update(Staff).values(password_hash=SECRET))
        db.commit()


def asked(**other: object) -> dict[str, object]:
    return {"store": "YF01", "login": "E005", "password": "clockwise", "device_name": "小林的手机", **other}


def test_a_password_makes_a_phone_known(client: FlaskClient) -> None:
    told = client.post("/api/v1/devices", json=asked())

    assert told.status_code == 201
    assert {k: told.json[k] for k in ("sync", "actor", "roles", "store", "epoch", "expect_seq")} == {
        "sync": "ok", "actor": "E005", "roles": ["advisor"], "store": "YF01", "epoch": 1, "expect_seq": 1}
    me = client.get("/api/v1/devices/me", headers={"Authorization": f"Bearer {told.json['token']}"})
    assert (me.status_code, me.json["device"], me.json["expect_seq"]) == (200, told.json["device"], 1)


def test_the_token_is_kept_only_as_its_hash(client: FlaskClient, app: Flask) -> None:
    told = client.post("/api/v1/devices", json=asked()).json

    with house_of(app).database.read() as db:
        row = db.get_one(Device, told["device"])
    assert row.token_sha256 == sha256_hex(told["token"].encode()) and told["token"] not in repr(vars(row))


@pytest.mark.parametrize("wrong", [{"password": "clockwork"}, {"login": "E999"}, {"store": "YF99"}, {"login": "e'--"},
                                   {"password": "p" * 200}])
def test_a_wrong_login_says_the_same_whatever_was_wrong(client: FlaskClient, wrong: dict[str, str]) -> None:
    is_error(client.post("/api/v1/devices", json=asked(**wrong)), 401, "sign_in.wrong")


def test_somebody_who_left_can_sign_in_no_more(client: FlaskClient, app: Flask) -> None:
    token = client.post("/api/v1/devices", json=asked()).json["token"]
    with house_of(app).database.write() as db:
        db.execute(update(Staff).where(Staff.id == "E005").values(active=False))
        db.commit()

    is_error(client.post("/api/v1/devices", json=asked()), 401, "sign_in.wrong")
    is_error(client.get("/api/v1/devices/me", headers={"Authorization": f"Bearer {token}"}), 403, "device_revoked")


def test_wrong_tries_on_one_account_are_throttled_and_others_still_sign_in(client: FlaskClient) -> None:
    for _ in range(PER_ACCOUNT.amount):
        is_error(client.post("/api/v1/devices", json=asked(password="no")), 401, "sign_in.wrong")

    told = client.post("/api/v1/devices", json=asked())

    is_error(told, 429, "sign_in.too_many")
    assert int(told.headers["Retry-After"]) > 0
    assert client.post("/api/v1/devices", json=asked(login="E006")).status_code == 201


def test_control_a_right_password_clears_the_count(client: FlaskClient) -> None:
    for _ in range(PER_ACCOUNT.amount - 1):
        client.post("/api/v1/devices", json=asked(password="no"))
    assert client.post("/api/v1/devices", json=asked()).status_code == 201

    is_error(client.post("/api/v1/devices", json=asked(password="no")), 401, "sign_in.wrong")
    assert client.post("/api/v1/devices", json=asked()).status_code == 201


def test_an_address_that_tries_many_accounts_is_throttled(client: FlaskClient, app: Flask) -> None:
    here, there = {"REMOTE_ADDR": "10.0.0.9"}, {"REMOTE_ADDR": "10.0.0.10"}
    for n in range(PER_ADDRESS.amount):
        with pytest.raises(SignInRefused, match="sign_in.wrong"):
            house_of(app).sign_in.check("YF01", f"X{n}", "p" * (LONGEST + 1), "10.0.0.9")

    is_error(client.post("/api/v1/devices", json=asked(), environ_base=here), 429, "sign_in.too_many")
    assert client.post("/api/v1/devices", json=asked(), environ_base=there).status_code == 201


def test_the_same_phone_signs_in_again_and_its_numbers_go_on(wire: Wire, client: FlaskClient) -> None:
    wire.does("visit.open", arrival(), new_id())
    expire(wire)
    is_error(wire.call("GET", "/devices/me"), 401, "token.unknown")

    told = client.post("/api/v1/devices", json=asked(device=wire.id))

    assert (told.status_code, told.json["device"], told.json["expect_seq"]) == (201, wire.id, 2)
    wire.token = told.json["token"]
    assert wire.hand_in(wire.act("visit.open", arrival(), new_id())).json["receipts"][0]["verdict"] == "applied"


@pytest.mark.parametrize("who", [{"login": "E006"}, {"store": "YF02"}])
def test_nobody_takes_over_another_persons_phone(wire: Wire, client: FlaskClient, who: dict[str, str]) -> None:
    is_error(client.post("/api/v1/devices", json=asked(device=wire.id, **who)), 403, "device.not_yours")
    is_error(client.post("/api/v1/devices", json=asked(device=new_id())), 403, "device.not_yours")


def test_a_revoked_phone_that_was_signed_out_signs_in_to_hand_in_and_for_nothing_else(wire: Wire, client: FlaskClient) -> None:
    revoke(wire)
    expire(wire)
    is_error(wire.call("GET", "/devices/me"), 401, "token.unknown")

    is_error(client.post("/api/v1/devices", json=asked(device=wire.id, password="wrong")), 401, "sign_in.wrong")
    told = client.post("/api/v1/devices", json=asked(device=wire.id))
    wire.token = told.json["token"]

    assert (told.status_code, told.json["device"]) == (201, wire.id)
    receipt = wire.hand_in(wire.act("visit.open", arrival(), new_id())).json["receipts"][0]
    assert (receipt["verdict"], receipt["code"]) == ("quarantined", "device.revoked")
    is_error(wire.call("POST", "/devices", json={"fork_of": wire.id}), 403, "device_revoked")
    for path in ("/devices/me", "/changes", "/catalogue"):
        is_error(wire.call("GET", path), 403, "device_revoked")


def test_a_phone_that_was_stopped_is_told_at_its_very_next_request_and_only_from_then_on(wire: Wire) -> None:
    """T40: 100 of 100, whatever it asks; before and after the stop the same calls."""
    asks = [("GET", "/devices/me"), ("GET", "/changes"), ("GET", "/catalogue"), ("GET", "/vehicles?plate=浙ZA1056")]
    told: list[str] = []
    for n in range(100):
        method, path = asks[n % len(asks)]
        change(wire, revoked_at=None)
        assert wire.call(method, path).status_code == 200  # control
        revoke(wire)
        told.append(wire.call(method, path).json["error"]["code"])

    assert told == ["device_revoked"] * 100


def test_a_phone_is_wiped_only_when_ordered_and_only_once(wire: Wire) -> None:
    is_error(wire.call("POST", "/devices/me/wiped", json={"left": 0}), 409, "device.keep")
    revoke(wire)
    assert "wipe" not in wire.call("GET", "/changes").json["error"]["facts"]
    is_error(wire.call("POST", "/devices/me/wiped", json={"left": 0}), 409, "device.keep")

    change(wire, wipe_at=utc_now())
    assert wire.call("GET", "/changes").json["error"]["facts"]["wipe"] is True
    assert wire.hand_in(wire.act("visit.open", arrival(), new_id())).json["receipts"][0]["verdict"] == "quarantined"
    assert wire.call("POST", "/devices/me/wiped", json={"left": 2}).status_code == 200

    is_error(wire.call("POST", "/devices/me/wiped", json={"left": 2}), 401, "token.unknown")
    with wire.database.read() as db:
        told = db.scalars(select(Incident).where(Incident.kind == "device.wiped")).one()
        assert (told.device_id, told.facts["left"]) == (wire.id, 2)
        assert db.get_one(Device, wire.id).wiped_at


def test_a_copied_identity_gets_a_new_one_by_its_old_token(wire: Wire) -> None:
    twin = wire.call("POST", "/devices", json={"fork_of": wire.id})

    assert twin.status_code == 201 and twin.json["device"] != wire.id and twin.json["expect_seq"] == 1
    assert wire.get("/devices/me")["device"] == wire.id
    with wire.database.read() as db:
        assert db.get_one(Device, twin.json["device"]).fork_of == wire.id


def test_a_fork_needs_the_token_of_that_very_phone(wire: Wire, wire_of, client: FlaskClient) -> None:  # type: ignore[no-untyped-def]
    is_error(client.post("/api/v1/devices", json={"fork_of": wire.id}), 401, "token.unknown")
    is_error(wire_of("E006").call("POST", "/devices", json={"fork_of": wire.id}), 403, "device.not_yours")


def test_the_token_slides_while_the_phone_is_used_and_runs_out_when_not(wire: Wire) -> None:
    later = utc_now() + timedelta(days=2)
    with wire.database.write() as db:
        db.execute(update(Device).where(Device.id == wire.id).values(token_until=later, last_seen_at=None))
        db.commit()

    wire.get("/changes")

    with wire.database.read() as db:
        row = db.get_one(Device, wire.id)
        assert row.token_until > later + timedelta(days=80) and row.last_seen_at is not None
    expire(wire)
    is_error(wire.call("GET", "/changes"), 401, "token.unknown")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic RTAwNTo=", "Bearer é",
                                    "bearer " + "x" * 5000])
def test_a_wrong_token_is_401_everywhere(client: FlaskClient, header: str) -> None:
    for path in ("/devices/me", "/changes", "/catalogue", f"/visits/{new_id()}"):
        told = client.get(f"/api/v1{path}", headers={"Authorization": header} if header else {})
        is_error(told, 401, "token.unknown")
        assert told.headers["WWW-Authenticate"] == "Bearer"


def test_no_cookie_is_read(wire: Wire, client: FlaskClient) -> None:
    for name in ("session", "token", "desk", "__Host-desk"):
        client.set_cookie(name, wire.token)

    is_error(client.get("/api/v1/devices/me"), 401, "token.unknown")


def test_a_public_key_is_a_point_on_the_curve_or_refused(client: FlaskClient, app: Flask) -> None:
    key = jwk()

    told = client.post("/api/v1/devices", json=asked(public_key={**key, "ext": True, "key_ops": ["verify"]}))

    with house_of(app).database.read() as db:
        assert db.get_one(Device, told.json["device"]).public_key == key
    for wrong in ({**key, "x": key["y"]}, {**key, "d": "secret"}, {"kty": "RSA"}, {**key, "x": 5}, {**key, "y": "!" * 43}):
        is_error(client.post("/api/v1/devices", json=asked(public_key=wrong)), 422, "device.bad_key")


def jwk() -> dict[str, str]:
    return jwk_of(ec.generate_private_key(ec.SECP256R1()).public_key())


def expire(wire: Wire) -> None:
    change(wire, token_until=utc_now() - timedelta(seconds=1))


def revoke(wire: Wire) -> None:
    change(wire, revoked_at=utc_now())


def change(wire: Wire, **values: object) -> None:
    with wire.database.write() as db:
        db.execute(update(Device).where(Device.id == wire.id).values(**values))
        db.commit()


def test_a_phone_without_a_key_gets_one_at_its_next_sign_in_and_keeps_it(client: FlaskClient) -> None:
    old, key = client.post("/api/v1/devices", json=asked()).json, jwk()

    same = client.post("/api/v1/devices", json=asked(device=old["device"], public_key=key))
    again = client.post("/api/v1/devices", json=asked(device=old["device"], public_key=key))
    silent = client.post("/api/v1/devices", json=asked(device=old["device"]))

    assert old["key_id"] is None
    assert {told.json["key_id"] for told in (same, again, silent)} == {jwk_id(key)}
    is_error(client.post("/api/v1/devices", json=asked(device=old["device"], public_key=jwk())), 403, "device.other_key")
    me = client.get("/api/v1/devices/me", headers={"Authorization": f"Bearer {silent.json['token']}"}).json
    assert me["key_id"] == jwk_id(key)


def test_a_fork_brings_a_key_of_its_own(client: FlaskClient) -> None:
    old, key = client.post("/api/v1/devices", json=asked(public_key=jwk())).json, jwk()

    told = client.post("/api/v1/devices", json={"fork_of": old["device"], "public_key": key},
                       headers={"Authorization": f"Bearer {old['token']}"})

    assert (told.status_code, told.json["key_id"]) == (201, jwk_id(key))


def test_a_phone_learns_what_heads_are_checked_with(client: FlaskClient, app: Flask, wire: Wire) -> None:
    keys = house_of(app).keys

    for told in (client.post("/api/v1/devices", json=asked()).json, wire.get("/devices/me")):
        assert told["head_key"] == {**keys.head.jwk, "key_id": keys.head.key_id}
        assert told["root_sha256"] == keys.root_fingerprint


def test_every_answer_that_speaks_of_the_ledger_brings_a_signed_head(wire: Wire, app: Flask, visit: str) -> None:
    key = public_key(house_of(app).keys.head.jwk)
    pushed = wire.hand_in(wire.act("walkaround.record_damage", {
        "mark": new_id(), "region": "roof", "kind": "dent", "size": "small", "x": 1, "y": 2}, visit)).json

    heads = [pushed["head"], wire.get("/changes")["head"], wire.get(f"/visits/{visit}")["head"],
             wire.get(f"/visits/{visit}/manifest")["head"]]

    assert {head["index"] for head in heads} == {pushed["receipts"][0]["change_no"]}
    for head in heads:
        assert verify(key, head["sig"], head_bytes(head["store"], head["index"], head["hash"]))
        assert not verify(key, head["sig"], head_bytes(head["store"], head["index"] + 1, head["hash"]))
