"""`/visits`: a car's stay as the desk sees it, what the server has of it, and its ledger."""

from flask import Response

from webapp.api.guard import caller, house, signed
from webapp.api.wire import CallRefused, answer, api, whole_number
from webapp.commands.ledger import wire_entry
from webapp.foundation.clock import to_wire
from webapp.foundation.ids import is_id
from webapp.foundation.refusal import N_
from webapp.queries.ledger import entries_of
from webapp.queries.manifest import manifest as manifest_of
from webapp.queries.manifest import store_head
from webapp.queries.visit_wire import store_visit, whole_visit


@api.get("/visits/<visit>", endpoint="visit")
def show(visit: str) -> Response:
    """The whole visit."""
    store = caller().actor.store
    with house().database.read() as db:
        head = store_head(db, store)
        found = store_visit(db, store, known_id(visit))
        if found is None:
            raise unknown()
        return answer({**whole_visit(db, found), "head": signed(head)})


@api.get("/visits/<visit>/manifest", endpoint="manifest")
def manifest(visit: str) -> Response:
    """A phone's proof of rest; a visit whose every act was refused or set aside has a manifest too."""
    store = caller().actor.store
    with house().database.read() as db:
        epoch = store_head(db, store).epoch
        told = manifest_of(db, store, known_id(visit))
        if told["head"] is None and store_visit(db, store, visit) is None:
            raise unknown()
    return answer({**told, "head": told["head"] and signed(told["head"]), "epoch": epoch})


@api.get("/visits/<visit>/ledger", endpoint="ledger")
def ledger(visit: str) -> Response:
    """The entries in order; page on with `after`."""
    store, after, limit = caller().actor.store, whole_number("after", 0, 0, 10**9 - 1), whole_number("limit", 500, 1, 1000)
    with house().database.read() as db:
        told = entries_of(db, store, known_id(visit), after, limit)
        if not told and store_visit(db, store, visit) is None:
            raise unknown()
    return answer({"entries": [
        {**wire_entry(one.entry), "hash": one.entry.hash, "command": one.command,
         "acted_at": to_wire(one.acted_at) if one.acted_at else None} for one in told]})


def known_id(visit: str) -> str:
    """Raises CallRefused when the address names no possible visit."""
    if not is_id(visit):
        raise CallRefused(422, "visit.bad_id", N_("来店编号不对，请更新应用后再试"))
    return visit


def unknown() -> CallRefused:
    """The same for a visit that is not and for one of another store."""
    return CallRefused(404, "visit.unknown", N_("本店没有这次来店"))
