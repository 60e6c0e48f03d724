"""All that can be done, on one page: name -> command class, act, what the timeline calls it, who may, since which version."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from webapp.domain import (
    belonging,
    concern,
    consent,
    damage,
    device,
    document,
    erasing,
    handover,
    internal_delivery,
    merge,
    photo,
    photo_bytes,
    release,
    seal,
    staff,
    status_link,
    visit,
    walkaround,
    work_order,
)
from webapp.domain.checklist import AnswerItem, AnswerZone, ClearAnswer
from webapp.domain.words import Command
from webapp.foundation.actor import Done
from webapp.foundation.refusal import N_
from webapp.models import Belonging, Concern, DamageMark, Document, OrderLine, Photo, StatusLink, Synced

ADVISOR = frozenset({"advisor"})
MANAGER = frozenset({"service_manager"})
MANAGERS = frozenset({"service_manager", "owner"})
STAFF = frozenset({"advisor", "workshop_supervisor", "team_leader", "technician", "qc_inspector", "parts_clerk", "cashier",
                   "car_washer", "gate_guard", "crm_clerk", "service_manager", "owner"})
OWNER = frozenset({"owner"})
SERVER = frozenset({"server"})  # the server itself; no member of staff has this role


@dataclass(frozen=True)
class Entry:
    """visit: "opens" makes one, "needs" works on one, "none" is about no visit. zh: the act as the timeline tells it.

    evidence: also taken for a visit that was merged into another, since what was signed or photographed is never lost.
    is_work: False where nobody works on the car, so that its time of rest goes on.
    makes: the table and the argument of the id that this act gives to a new thing.
    """

    command: type[Command]
    act: Callable[..., Done | None]
    zh: str
    roles: frozenset[str] = ADVISOR
    visit: Literal["opens", "needs", "none"] = "needs"
    since: str = "2026.11.1"
    evidence: bool = False
    makes: tuple[type[Synced], str] | None = None
    is_work: bool = True

    def run(self, *args: Any) -> Done | None:
        return self.act(*args)


COMMANDS: dict[str, Entry] = {
    "visit.open": Entry(visit.OpenVisit, visit.open_visit, N_("登记到店"), ADVISOR, "opens"),
    "visit.describe": Entry(visit.DescribeVisit, visit.describe, N_("补充来店信息")),
    "visit.correct": Entry(visit.CorrectVisit, visit.correct, N_("更正来店信息"), ADVISOR | MANAGER),
    "visit.merge": Entry(merge.MergeVisit, merge.merge, N_("合并来店"), ADVISOR | MANAGER),
    "visit.mark_ready": Entry(release.MarkReady, release.mark_ready, N_("维修完成")),
    "visit.release": Entry(release.ReleaseVisit, release.release, N_("出厂放行"), ADVISOR | frozenset({"gate_guard"})),
    "visit.cancel": Entry(release.CancelVisit, release.cancel, N_("取消来店")),
    "visit.hold": Entry(erasing.HoldVisit, erasing.hold, N_("冻结"), OWNER, evidence=True, is_work=False),
    "visit.release_hold": Entry(erasing.ReleaseHold, erasing.release_hold, N_("解除冻结"), OWNER, evidence=True, is_work=False),
    "visit.export": Entry(erasing.ExportVisit, erasing.export, N_("导出全部资料"), MANAGERS | SERVER, evidence=True,
                          is_work=False),
    "visit.erase": Entry(erasing.EraseVisit, erasing.erase, N_("删除个人信息"), MANAGERS | SERVER, "opens", evidence=True,
                         is_work=False),
    "consent.record": Entry(consent.RecordConsent, consent.record, N_("记录个人信息选择")),

    "walkaround.start": Entry(walkaround.StartWalkaround, walkaround.start, N_("开始环检")),
    "walkaround.answer": Entry(AnswerItem, walkaround.answer, N_("填写环检项目")),
    "walkaround.answer_zone": Entry(AnswerZone, walkaround.answer_zone, N_("本区全部正常")),
    "walkaround.clear_answer": Entry(ClearAnswer, walkaround.clear_answer, N_("撤回环检答案")),
    "walkaround.resolve": Entry(AnswerItem, walkaround.resolve, N_("当面核对")),
    "walkaround.skip_zone": Entry(walkaround.SkipZone, walkaround.skip_zone, N_("跳过区域")),
    "walkaround.skip_photo": Entry(walkaround.SkipPhoto, walkaround.skip_photo, N_("跳过照片")),
    "walkaround.record_damage": Entry(damage.RecordDamage, damage.record_damage, N_("记录损伤"), makes=(DamageMark, "mark")),
    "walkaround.retract_damage": Entry(damage.RetractDamage, damage.retract_damage, N_("撤销损伤")),
    "walkaround.compare_mark": Entry(damage.CompareMark, damage.compare_mark, N_("对照上次损伤")),
    "walkaround.record_belonging": Entry(belonging.RecordBelonging, belonging.record, N_("登记随车物品"),
                                         makes=(Belonging, "belonging")),
    "walkaround.retract_belonging": Entry(belonging.RetractBelonging, belonging.retract, N_("撤销随车物品")),

    "photo.add": Entry(photo.AddPhoto, photo.add, N_("拍照"), STAFF, evidence=True, makes=(Photo, "photo")),
    "photo.annotate": Entry(photo.AnnotatePhoto, photo.annotate, N_("标注照片"), STAFF, evidence=True),
    "photo.retract": Entry(photo.RetractPhoto, photo.retract, N_("撤下照片"), STAFF, evidence=True),
    "photo.restore": Entry(photo.RetractPhoto, photo.restore, N_("恢复照片"), STAFF, evidence=True),
    "photo.receive": Entry(photo_bytes.ReceivePhoto, photo_bytes.receive, N_("照片已到齐"), SERVER, evidence=True),

    "concern.add": Entry(concern.AddConcern, concern.add, N_("记录客户主诉"), makes=(Concern, "concern")),
    "concern.retract": Entry(concern.RetractConcern, concern.retract, N_("撤销客户主诉")),

    "work_order.open": Entry(work_order.OpenOrder, work_order.open_order, N_("开工单")),
    "work_order.add_job": Entry(work_order.AddJob, work_order.add_job, N_("添加维修项目"), makes=(OrderLine, "line")),
    "work_order.add_part": Entry(work_order.AddPart, work_order.add_part, N_("添加配件"), makes=(OrderLine, "line")),
    "work_order.discount": Entry(work_order.Discount, work_order.discount, N_("优惠"), ADVISOR | MANAGER),
    "work_order.remove_line": Entry(work_order.RemoveLine, work_order.remove_line, N_("删除工单行")),
    "work_order.decline": Entry(work_order.Decline, work_order.decline, N_("记录未做项目")),
    "work_order.promise": Entry(work_order.Promise, work_order.promise, N_("约定交车时间")),
    "work_order.choose": Entry(work_order.Choose, work_order.choose, N_("记录客户选择")),

    "document.sign": Entry(document.SignDocument, document.sign, N_("客户签字"), makes=(Document, "document")),
    "document.refuse": Entry(document.RefuseDocument, document.refuse, N_("单据未签")),
    "document.void": Entry(document.VoidDocument, document.void, N_("作废单据"), MANAGER),

    "document.seal": Entry(seal.SealDocument, seal.seal, N_("封存单据"), SERVER, evidence=True),
    "document.report_altered": Entry(seal.ReportAltered, seal.report_altered, N_("单据与校验码不符"), SERVER, evidence=True),

    "status.issue_link": Entry(status_link.IssueLink, status_link.issue_link, N_("生成进度二维码"),
                               makes=(StatusLink, "link")),
    "status.revoke_link": Entry(status_link.RevokeLink, status_link.revoke_link, N_("停用进度二维码")),

    "internal_delivery.start": Entry(internal_delivery.StartDelivery, internal_delivery.start, N_("开始内部交车")),
    "internal_delivery.answer": Entry(AnswerItem, internal_delivery.answer, N_("填写内部交车项目")),
    "internal_delivery.answer_zone": Entry(AnswerZone, internal_delivery.answer_zone, N_("内部交车本区全部正常")),
    "internal_delivery.clear_answer": Entry(ClearAnswer, internal_delivery.clear_answer, N_("撤回内部交车答案")),

    "handover.start": Entry(handover.StartHandover, handover.start, N_("开始验车")),
    "handover.answer": Entry(AnswerItem, handover.answer, N_("填写验车项目")),
    "handover.answer_zone": Entry(AnswerZone, handover.answer_zone, N_("验车本区全部正常")),
    "handover.clear_answer": Entry(ClearAnswer, handover.clear_answer, N_("撤回验车答案")),
    "handover.return_belonging": Entry(handover.ReturnBelonging, handover.return_belonging, N_("交还随车物品")),
    "handover.compare_mark": Entry(handover.CompareMark, handover.compare_mark, N_("对照接车损伤")),
    "handover.find_defect": Entry(handover.FindDefect, handover.find_defect, N_("客户发现问题")),

    "device.lost_seq": Entry(device.LostSeq, device.lost_seq, N_("手机缺失记录"), STAFF, "none"),
    "device.revoke": Entry(device.RevokeDevice, device.revoke, N_("停用手机"), MANAGERS, "none"),
    "device.wipe": Entry(device.WipeDevice, device.wipe, N_("清除手机资料"), MANAGERS, "none"),

    "staff.add": Entry(staff.AddStaff, staff.add, N_("添加员工"), MANAGERS, "none"),
    "staff.set_roles": Entry(staff.SetRoles, staff.set_roles, N_("更改姓名和岗位"), MANAGERS, "none"),
    "staff.reset_password": Entry(staff.ResetPassword, staff.reset_password, N_("重设密码"), MANAGERS, "none"),
    "staff.leave": Entry(staff.LeaveStaff, staff.leave, N_("停用员工"), MANAGERS, "none"),
    "staff.come_back": Entry(staff.ReturnStaff, staff.come_back, N_("恢复员工"), MANAGERS, "none"),
}
