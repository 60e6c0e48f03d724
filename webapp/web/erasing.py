"""`/visits/…/erase` and `/export`: the customer's right to have it deleted, and to take it along. Managers only."""

from typing import Any

from flask import Response
from flask_babel import lazy_gettext as L_
from werkzeug.exceptions import NotFound
from wtforms import BooleanField
from wtforms.validators import InputRequired

from webapp.commands.erase import erase_visit
from webapp.domain.journey import ENDED
from webapp.foundation.ids import is_id
from webapp.foundation.refusal import N_
from webapp.queries.erasure import Certificate, certificate
from webapp.queries.visit_page import VisitPage, visit_page
from webapp.web.desk import desk
from webapp.web.filters import say
from webapp.web.forms import ReasonForm
from webapp.web.here import actor, house
from webapp.web.lexicon import lexicon
from webapp.web.responses import go, page

RULES = {"customer_request": N_("客户要求删除"), "retention": N_("保存期满"), "draft": N_("没有签字，满期"),
         "restored": N_("恢复备份后再次删除")}
COUNTED = {"acts": N_("操作记录"), "documents": N_("单据"), "photos": N_("照片"), "links": N_("进度二维码")}


class EraseForm(ReasonForm):
    sure = BooleanField(L_("我知道删除以后谁也找不回来"), [InputRequired(L_("请先看清会删掉什么，再勾选这一行"))])

    def args(self) -> dict[str, Any]:
        return {"reason": self.reason.data}


@desk.route("/visits/<visit>/erase", methods=["GET", "POST"], endpoint="erase")
def erase(visit: str) -> Any:
    """What will be gone for ever, in plain words, and then it is."""
    found, form = _found(visit), EraseForm()
    if not form.is_submitted():
        return _page(found, form)
    if not form.validate():
        return _page(found, form, 422)
    receipt = erase_visit(house(), actor(), visit, "customer_request", form.reason.data, form.act_id())
    if receipt.facts.get("first", receipt.verdict) != "applied":
        form.fresh()
        return _page(found, form, 422, say(receipt.text, receipt.facts))
    return go("desk.visit", visit=visit)


@desk.route("/visits/<visit>/export", methods=["GET", "POST"], endpoint="export")
def export(visit: str) -> Any:
    """The ZIP, once it stands in the ledger who took it and for whom. Sent twice it is one export."""
    found, form = _found(visit), ReasonForm()
    if not form.validate_on_submit():
        return page("visit/export.html", 422 if form.is_submitted() else 200, visit=found.visit, form=form)
    from webapp.commands.export import ZipName, export_visit, note_export  # bundles are heavy, and rarely wanted

    receipt = note_export(house(), actor(), visit, form.reason.data, form.act_id())
    if receipt.facts.get("first", receipt.verdict) != "applied":
        form.fresh()
        return page("visit/export.html", 422, visit=found.visit, form=form, problem=say(receipt.text, receipt.facts))
    response = Response(export_visit(house(), actor().store, visit), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{ZipName(found.visit.number, visit).text}"'
    return response


def erased(visit: str) -> Response | None:
    """The certificate in place of the car's page; None while its words are here."""
    with house().database.read() as db:
        found: Certificate | None = certificate(db, actor().store, visit)
    return page("visit/erased.html", c=found, rules=RULES, counted=COUNTED) if found else None


def _page(found: VisitPage, form: EraseForm, status: int = 200, problem: str = "") -> Response:
    return page("visit/erase.html", status, v=found, visit=found.visit, form=form, problem=problem,
                here=found.visit.state not in ENDED)


def _found(visit: str) -> VisitPage:
    with house().database.read() as db:
        found = visit_page(db, actor().store, visit, lexicon(db, actor().store)) if is_id(visit) else None
    if found is None or found.visit.erased_at is not None:
        raise NotFound()
    return found
