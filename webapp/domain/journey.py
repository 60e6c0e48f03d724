"""The journey of a visit (process.md section 3): its states, and the steps that lead from one to the next.

Read this file first. The journey is derived from facts where it can be (decisions.md 2): nobody sends "finish the
walkaround"; signing the sheet does it. With the workshop elsewhere (decisions.md 3) the way from 已委托 to 待交车 is
one step. Facts (answers, marks, photos, …) are never refused for the state: they may come late from a phone that was
offline. Only the steps below are.
"""

from dataclasses import dataclass

from webapp.foundation.refusal import N_, Refusal
from webapp.models import Visit

STATES = {
    "arrived": N_("已到店"),
    "inspecting": N_("环检中"),
    "estimating": N_("开单中"),
    "awaiting_signature": N_("待签字"),
    "authorised": N_("已委托"),
    "internal_rework": N_("内部返工"),
    "ready": N_("待交车"),
    "handover": N_("验车中"),
    "settling": N_("结算中"),
    "released": N_("已出厂"),
    "cancelled": N_("已取消"),
}
ENDED = frozenset({"released", "cancelled"})


@dataclass(frozen=True)
class Step:
    """One allowed way: from any of `before`, by `event` (a command, or command:kind), to `after`."""

    event: str
    before: tuple[str, ...]
    after: str
    zh: str


STEPS = (
    Step("walkaround.start", ("arrived",), "inspecting", N_("开始环检")),
    Step("document.sign:pre_inspection", ("inspecting",), "estimating", N_("预检表签字")),
    Step("document.refuse:pre_inspection", ("inspecting",), "estimating", N_("预检表未签")),
    Step("document.sign:work_order", ("estimating", "awaiting_signature"), "authorised", N_("工单签字")),
    Step("document.refuse:work_order:refused", ("estimating", "awaiting_signature"), "cancelled", N_("客户拒签工单")),
    Step("document.refuse:work_order:paper", ("estimating", "awaiting_signature"), "authorised", N_("工单改签纸质")),
    Step("document.refuse:work_order", ("estimating", "awaiting_signature"), "awaiting_signature", N_("工单待签")),
    Step("visit.mark_ready", ("authorised", "internal_rework"), "ready", N_("维修完成")),
    Step("handover.start", ("ready",), "handover", N_("开始验车")),
    Step("handover.find_defect", ("handover",), "internal_rework", N_("客户发现问题")),
    Step("document.sign:handover", ("handover",), "settling", N_("交车签字")),
    Step("document.refuse:handover", ("handover",), "settling", N_("交车未签")),
    Step("visit.release", ("settling",), "released", N_("出厂放行")),
    Step("visit.cancel", ("arrived", "inspecting", "estimating", "awaiting_signature"), "cancelled", N_("取消来店")),
)


def step_for(visit: Visit, event: str) -> Step | None:
    """The step that `event` takes from where the visit stands, or None."""
    return next((s for s in STEPS if s.event == event and visit.state in s.before), None)


def take_step(visit: Visit, event: str) -> Step:
    """Moves the visit on. Raises Refusal `visit.not_now` when the journey has no such step from here."""
    step = step_for(visit, event)
    if step is None:
        raise Refusal("visit.not_now", N_("这辆车现在是“%(state)s”，不能做这一步。您的记录没有丢。"),
                      state=STATES[visit.state], event=event)
    visit.state = step.after
    return step


def take_step_or_later(visit: Visit, event: str, kind: str) -> Step | None:
    """As `take_step` for the first ending of a document of this kind; None once the journey is past it, for what is signed
    again after a change moves nothing. A cancelled visit still takes its sheet, not an order."""
    step = step_for(visit, event)
    if step is None and _is_past(visit, kind):
        return None
    return take_step(visit, event)


def revise(visit: Visit, kind: str) -> dict[str, object]:
    """Notes that today's facts of this document changed; after a signature that opens the next, unsigned revision.

    Returns facts for the receipt: {"revision": n} when the change came after a signature, else {}.
    """
    current = visit.revisions.get(kind, 1)
    if visit.signed.get(kind) == current:
        visit.revisions = {**visit.revisions, kind: current + 1}
    return {"revision": visit.revisions[kind]} if kind in visit.signed else {}


def _is_past(visit: Visit, kind: str) -> bool:
    after = _SETTLED_AT.get(kind)
    if after is None or visit.state == "cancelled":
        return kind not in ("work_order", "handover")
    order = list(STATES)
    return order.index(visit.state) >= order.index(after)


_SETTLED_AT = {"pre_inspection": "estimating", "work_order": "authorised", "handover": "settling"}
