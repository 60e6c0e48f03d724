"""All that can be done, on one page: name -> command class, act, what the timeline calls it, who may, since which version."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from webapp.domain import belonging, concern, consent, damage, photo, photo_bytes, visit, walkaround
from webapp.domain.checklist import AnswerItem, AnswerZone, ClearAnswer
from webapp.domain.words import Command
from webapp.foundation.actor import Done
from webapp.foundation.refusal import N_

ADVISOR = frozenset({"advisor"})
MANAGER = frozenset({"service_manager"})
STAFF = frozenset({"advisor", "workshop_supervisor", "team_leader", "technician", "qc_inspector", "parts_clerk", "cashier",
                   "car_washer", "gate_guard", "crm_clerk", "service_manager", "owner"})
SERVER = frozenset({"server"})  # the server itself; no member of staff has this role


@dataclass(frozen=True)
class Entry:
    """visit: "opens" makes one, "needs" works on one, "none" is about no visit. zh: the act as the timeline tells it.

    evidence: also taken for a visit that was merged into another, since what was signed or photographed is never lost.
    """

    command: type[Command]
    act: Callable[..., Done | None]
    zh: str
    roles: frozenset[str] = ADVISOR
    visit: Literal["opens", "needs", "none"] = "needs"
    since: str = "2026.11.1"
    evidence: bool = False

    def run(self, *args: Any) -> Done | None:
        return self.act(*args)


COMMANDS: dict[str, Entry] = {
    "visit.open": Entry(visit.OpenVisit, visit.open_visit, N_("登记到店"), ADVISOR, "opens"),
    "visit.describe": Entry(visit.DescribeVisit, visit.describe, N_("补充来店信息")),
    "visit.correct": Entry(visit.CorrectVisit, visit.correct, N_("更正来店信息"), ADVISOR | MANAGER),
    "consent.record": Entry(consent.RecordConsent, consent.record, N_("记录个人信息选择")),

    "walkaround.start": Entry(walkaround.StartWalkaround, walkaround.start, N_("开始环检")),
    "walkaround.answer": Entry(AnswerItem, walkaround.answer, N_("填写环检项目")),
    "walkaround.answer_zone": Entry(AnswerZone, walkaround.answer_zone, N_("本区全部正常")),
    "walkaround.clear_answer": Entry(ClearAnswer, walkaround.clear_answer, N_("撤回环检答案")),
    "walkaround.resolve": Entry(AnswerItem, walkaround.resolve, N_("当面核对")),
    "walkaround.skip_zone": Entry(walkaround.SkipZone, walkaround.skip_zone, N_("跳过区域")),
    "walkaround.skip_photo": Entry(walkaround.SkipPhoto, walkaround.skip_photo, N_("跳过照片")),
    "walkaround.record_damage": Entry(damage.RecordDamage, damage.record_damage, N_("记录损伤")),
    "walkaround.retract_damage": Entry(damage.RetractDamage, damage.retract_damage, N_("撤销损伤")),
    "walkaround.compare_mark": Entry(damage.CompareMark, damage.compare_mark, N_("对照上次损伤")),
    "walkaround.record_belonging": Entry(belonging.RecordBelonging, belonging.record, N_("登记随车物品")),
    "walkaround.retract_belonging": Entry(belonging.RetractBelonging, belonging.retract, N_("撤销随车物品")),

    "photo.add": Entry(photo.AddPhoto, photo.add, N_("拍照"), STAFF, evidence=True),
    "photo.annotate": Entry(photo.AnnotatePhoto, photo.annotate, N_("标注照片"), STAFF, evidence=True),
    "photo.retract": Entry(photo.RetractPhoto, photo.retract, N_("撤下照片"), STAFF, evidence=True),
    "photo.restore": Entry(photo.RetractPhoto, photo.restore, N_("恢复照片"), STAFF, evidence=True),
    "photo.receive": Entry(photo_bytes.ReceivePhoto, photo_bytes.receive, N_("照片已到齐"), SERVER, evidence=True),

    "concern.add": Entry(concern.AddConcern, concern.add, N_("记录客户主诉")),
    "concern.retract": Entry(concern.RetractConcern, concern.retract, N_("撤销客户主诉")),
}
