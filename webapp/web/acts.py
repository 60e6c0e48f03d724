"""Commands that the desk sends with a form: what is asked, and where the page goes afterwards.

A form is filled from the visit or the address; the command itself checks (one door). Names are the registry's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L_
from wtforms import DateTimeLocalField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from webapp.commands.registry import COMMANDS
from webapp.domain.journey import STATES
from webapp.foundation.canon import sha256_hex
from webapp.foundation.clock import to_wire
from webapp.foundation.ids import new_id
from webapp.queries.visit_page import Twin, VisitPage
from webapp.web.filters import moment
from webapp.web.forms import NEEDED, ActForm, ReasonForm
from webapp.web.here import zone
from webapp.web.links import new_token, show_link
from webapp.web.responses import go

ID = Regexp(r"^[0-9a-f-]{36}$", message=L_("这个页面不完整，请从这辆车的页面重新打开"))
SENDERS = [("owner", L_("车主本人")), ("family", L_("家属")), ("driver", L_("司机")), ("company", L_("单位经办人")),
           ("other", L_("其他人"))]


class CorrectForm(ReasonForm):
    """Only what differs from what the visit says is sent."""

    plate = StringField(L_("车牌"), [Length(max=12)])
    vin = StringField(L_("车架号"), [Optional(), Length(min=17, max=17, message=L_("车架号是 17 位"))],
                      filters=[lambda t: (t or "").strip().upper()])
    model = StringField(L_("车型"), [Length(max=60)])
    customer_name = StringField(L_("客户"), [Length(max=60)])
    mobile = StringField(L_("手机"), [Optional(), Regexp(r"^[0-9+-]{5,20}$", message=L_("手机号只用数字"))])
    sender = SelectField(L_("送修人"), choices=[SelectChoice(*one) for one in SENDERS])
    sender_name = StringField(L_("送修人姓名"), [Length(max=40)])

    def args(self) -> dict[str, Any]:
        said = super().args()
        return {k: v for k, v in said.items() if k == "reason" or v != (self[k].object_data or "")}


def _one_of(label: Any, *choices: tuple[str, Any]) -> SelectField:
    return SelectField(label, choices=[SelectChoice(*one) for one in (("", L_("没有填")), *choices)])


class DescribeForm(ActForm):
    """Registers of the visit; only what differs from what it says is sent."""

    arrival_mode = _one_of(L_("到店方式"), ("booked", L_("预约到店")), ("walk_in", L_("直接到店")), ("tow", L_("拖车")),
                           ("home_pickup", L_("上门取车")))
    waiting_mode = _one_of(L_("等候方式"), ("lounge", L_("在店等")), ("leaves", L_("离店")), ("loaner", L_("代步车")))
    business_type = _one_of(L_("业务类型"), ("maintenance", L_("保养")), ("general_repair", L_("一般维修")),
                            ("warranty", L_("保修")), ("recall", L_("召回")), ("accident", L_("事故")),
                            ("accessory", L_("精品加装")))
    booklet = _one_of(L_("保养手册"), ("handed_over", L_("已交来")), ("not_present", L_("没带")), ("electronic", L_("电子手册")))

    def args(self) -> dict[str, Any]:
        return {k: v for k, v in super().args().items() if v != (self[k].object_data or "")}


class PromiseForm(ActForm):
    promised_at = DateTimeLocalField(L_("预计交车时间"), [InputRequired(L_("请写日期和时间"))], format="%Y-%m-%dT%H:%M")

    def args(self) -> dict[str, Any]:
        """What people write is the store's time; the wire carries UTC."""
        local: datetime = self.promised_at.data
        return {"promised_at": to_wire(local.replace(tzinfo=zone()).astimezone(UTC))}


class ReadyForm(ActForm):
    checked_by = StringField(L_("检验人"), [NEEDED, Length(max=40)])
    note = TextAreaField(L_("说明（可不写）"), [Length(max=300)])


class ReleaseForm(ActForm):
    gate_pass = StringField(L_("出门证号（可不写）"), [Length(max=40)])
    settled_elsewhere = StringField(L_("结算说明（可不写）"), [Length(max=300)])


class ConcernForm(ActForm):
    concern = HiddenField(default=new_id, validators=[ID])
    text = TextAreaField(L_("客户的原话"), [NEEDED, Length(max=1000)])


class PhotoReasonForm(ReasonForm):
    photo = HiddenField(validators=[ID])


class MarkReasonForm(ReasonForm):
    mark = HiddenField(validators=[ID])


class DocumentReasonForm(ReasonForm):
    document = HiddenField(validators=[ID])


class LinkReasonForm(ReasonForm):
    link = HiddenField(validators=[ID])


class BelongingReasonForm(ReasonForm):
    belonging = HiddenField(validators=[ID])


class MergeForm(ReasonForm):
    """Which one goes on is chosen; whether it may is the command's to say."""

    into = RadioField(L_("并入哪一次来店"), [InputRequired(L_("请选并入哪一次")), ID], validate_choice=False)


class IssueLinkForm(ActForm):
    """The token is made with the form and goes to the ledger only as a hash; the page after it shows it once."""

    link = HiddenField(default=new_id, validators=[ID])
    token = HiddenField(default=new_token, validators=[Regexp(r"^[A-Z2-7]{32}$", message=L_("这个页面不完整，请刷新后再做一次"))])

    def args(self) -> dict[str, Any]:
        return {"link": self.link.data, "token_sha256": sha256_hex(self.token.data.encode()), "scope": "view"}

    def fresh(self) -> None:
        super().fresh()
        self.link.data, self.token.data = new_id(), new_token()


@dataclass(frozen=True)
class ActPage:
    """whole: about the visit as such, offered at its top while `offered`; else about one photo, mark or paper named in the
    address. known: tells the form what only this visit knows.

    danger: cannot be taken back by a button; then the page says so before it is done.
    """

    of: type[ActForm]
    whole: bool = False
    danger: bool = False
    filled: Callable[[VisitPage], dict[str, Any]] = lambda found: {}
    after: Callable[[VisitPage, Any], Any] | None = None
    offered: Callable[[VisitPage], bool] = lambda found: True
    known: Callable[[VisitPage, Any], None] = lambda found, form: None

    def form(self, asked: Any, found: VisitPage) -> Any:
        named = {k: asked[k] for k in ("photo", "mark", "document", "link", "belonging") if k in asked}
        form = self.of(data={**self.filled(found), **named})
        self.known(found, form)
        return form


def _as_it_is(found: VisitPage) -> dict[str, Any]:
    names = ("plate", "vin", "model", "customer_name", "mobile", "sender", "sender_name")
    return {name: getattr(found.visit, name) or "" for name in names}


def _described(found: VisitPage) -> dict[str, Any]:
    return {name: getattr(found.visit, name) or "" for name in ("arrival_mode", "waiting_mode", "business_type", "booklet")}


def _promise(found: VisitPage) -> dict[str, Any]:
    at = found.visit.promised_at
    return {"promised_at": at.astimezone(zone()).replace(tzinfo=None)} if at else {}


def _twins(found: VisitPage, form: Any) -> None:
    form.into.choices = [(twin.id, _twin(twin)) for twin in found.twins]


def _twin(twin: Twin) -> str:
    facts = {"at": moment(twin.arrived_at), "who": twin.advisor, "state": _(STATES[twin.state])}
    return str(_("%(at)s 到店，%(who)s，%(state)s，已签字", **facts) if twin.signed
               else _("%(at)s 到店，%(who)s，%(state)s", **facts))


def _show_token(found: VisitPage, form: Any) -> Any:
    return show_link(found.visit, form.token.data)


_ALL = {
    "work_order.promise": ActPage(PromiseForm, whole=True, filled=_promise),
    "visit.mark_ready": ActPage(ReadyForm, whole=True),
    "visit.release": ActPage(ReleaseForm, whole=True, danger=True),
    "visit.correct": ActPage(CorrectForm, whole=True, filled=_as_it_is),
    "visit.describe": ActPage(DescribeForm, whole=True, filled=_described),
    "concern.add": ActPage(ConcernForm, whole=True),
    "status.issue_link": ActPage(IssueLinkForm, whole=True, after=_show_token),
    "visit.merge": ActPage(MergeForm, whole=True, danger=True, known=_twins, offered=lambda found: bool(found.twins),
                           filled=lambda found: {"into": found.twins[0].id} if len(found.twins) == 1 else {},
                           after=lambda found, form: go("desk.visit", visit=form.into.data, done="act")),
    "visit.hold": ActPage(ReasonForm),
    "visit.release_hold": ActPage(ReasonForm),
    "visit.cancel": ActPage(ReasonForm, whole=True, danger=True),
    "photo.retract": ActPage(PhotoReasonForm),
    "photo.restore": ActPage(PhotoReasonForm),
    "walkaround.retract_damage": ActPage(MarkReasonForm),
    "walkaround.retract_belonging": ActPage(BelongingReasonForm),
    "document.void": ActPage(DocumentReasonForm, danger=True),
    "status.revoke_link": ActPage(LinkReasonForm),
}
ACTS = {name: made for name, made in _ALL.items() if name in COMMANDS}
