"""`/visits/…`: one car's page, its timeline, and the forms that send the same commands as a phone."""

import secrets
from datetime import datetime
from typing import Any

from flask import Response, request
from werkzeug.exceptions import NotFound

from webapp.commands.registry import COMMANDS
from webapp.domain.journey import STATES, STEPS
from webapp.foundation.ids import is_id
from webapp.foundation.refusal import N_
from webapp.queries.sentences import CHECKS, DOCUMENTS, FIELDS, REFUSED
from webapp.queries.timeline import timeline
from webapp.queries.today import OPEN
from webapp.queries.visit_page import VisitPage, visit_page
from webapp.web.acts import ACTS, ActPage
from webapp.web.car_map import car_map
from webapp.web.desk import desk
from webapp.web.erasing import erased
from webapp.web.filters import say
from webapp.web.here import actor, house, now, user
from webapp.web.kept import kept
from webapp.web.lexicon import lexicon
from webapp.web.responses import go, page

STAGE_WORDS = (N_("接车环检"), N_("委托"), N_("维修"), N_("待交车"), N_("验车"), N_("结算"), N_("出厂"))
CHOICES = {
    "take": N_("带走"), "dispose": N_("由店处理"), "warranty": N_("交厂家"), "insurer": N_("交保险公司"), "none": N_("没有旧件"),
    "accept": N_("要"), "decline": N_("不要"), "no_engine_bay": N_("要，不冲机舱"),
    "agree": N_("同意"), "with_customer": N_("客户同乘"), "refuse": N_("不同意"),
    "owner": N_("车主本人"), "family": N_("家属"), "driver": N_("司机"), "company": N_("单位经办人"), "other": N_("其他人"),
    "cash": N_("现金"), "card": N_("刷卡"), "wechat": N_("微信"), "alipay": N_("支付宝"), "transfer": N_("转账"),
    "account": N_("挂账"),
}
TEMPLATE = "visit/show.html"


@desk.get("/visits/<visit>", endpoint="visit")
def show(visit: str) -> Response:
    return kept(user().session, user().n, now(), lambda: _draw(visit))


@desk.get("/visits/<visit>/entries")
def entries(visit: str) -> Response:
    """Older lines of the timeline."""
    before = request.args.get("before", "")
    if not (before.isdecimal() and len(before) < 16):
        raise NotFound()
    with house().database.read() as db:
        words = lexicon(db, actor().store)
        found = _found(visit_page(db, actor().store, visit, words) if is_id(visit) else None)
        lines = timeline(db, actor().store, visit, words, int(before))
    return page("visit/entries.html", block="older", v=found, visit=found.visit, lines=lines, **facts())


@desk.route("/visits/<visit>/do/<command>", methods=["GET", "POST"])
def act(visit: str, command: str) -> Any:
    """One command as a form. A refusal comes back as the form, 422, with the sentence; sent twice it is done once."""
    made = ACTS.get(command)
    if made is None or not is_id(visit) or not COMMANDS[command].roles & actor().roles:
        raise NotFound()
    with house().database.read() as db:
        found = _found(visit_page(db, actor().store, visit, lexicon(db, actor().store)))
    form = made.form(request.args, found)
    if not form.is_submitted():
        return _act_page(found, command, made, form)
    if not form.validate():
        return _act_page(found, command, made, form, 422)
    receipt = house().door.execute(actor(), command, form.args(), act_id=form.act_id(), visit=visit,
                                   salt=secrets.token_urlsafe(16), base=form.base_no())
    if receipt.facts.get("first", receipt.verdict) not in ("applied", "conflict"):
        form.fresh()
        return _act_page(found, command, made, form, 422, say(receipt.text, receipt.facts))
    return made.after(found, form) if made.after else go("desk.visit", visit=visit, done="act")


def facts() -> dict[str, Any]:
    """Words that pages of a visit use."""
    return {"states": STATES, "stages": STAGE_WORDS, "documents": DOCUMENTS, "fields": FIELDS, "refused": REFUSED,
            "checks": CHECKS, "choices": CHOICES, "commands": {name: entry.zh for name, entry in COMMANDS.items()}}


def _draw(visit: str) -> Response:
    if is_id(visit) and (certificate := erased(visit)):
        return certificate
    with house().database.read() as db:
        words = lexicon(db, actor().store)
        found = _found(visit_page(db, actor().store, visit, words) if is_id(visit) else None)
        lines = timeline(db, actor().store, visit, words)
    return page(TEMPLATE, v=found, visit=found.visit, lines=lines, car=car_map(found.visit.body), acts=_offered(found),
                passed=_passed(found, now()), **facts())


def _act_page(found: VisitPage, command: str, made: ActPage, form: Any, status: int = 200, problem: str = "") -> Response:
    if not form.base.data:
        form.base.data = str(found.visit.change_no)
    return page("visit/act.html", status, v=found, visit=found.visit, command=command, made=made, form=form, problem=problem,
                title=COMMANDS[command].zh, **facts())


def _offered(found: VisitPage) -> list[tuple[str, str]]:
    """What this person may do with the whole visit now; acts on one photo or paper stand beside it."""
    steps = {step.event: step.before for step in STEPS}
    return [(name, COMMANDS[name].zh) for name, made in ACTS.items()
            if made.whole and made.offered(found) and COMMANDS[name].roles & actor().roles
            and (found.visit.state in steps[name] if name in steps else found.visit.state in OPEN)]


def _passed(found: VisitPage, moment: datetime) -> int:
    """How much of the time between arrival and promise is gone, in per cent."""
    until = found.visit.promised_at
    if until is None or until <= found.visit.arrived_at:
        return 0
    return int(min(max((moment - found.visit.arrived_at) / (until - found.visit.arrived_at), 0), 1) * 100)


def _found(visit: VisitPage | None) -> VisitPage:
    if visit is None:
        raise NotFound()
    return visit
