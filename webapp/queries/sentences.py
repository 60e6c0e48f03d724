"""What each act says, in workshop words: one function per command, a name that is not here keeps the registry's title.

Arguments come from the ledger as they were sent, also refused and unreadable ones: nothing here may trust their shape.
"""

from collections.abc import Callable, Mapping
from typing import Any

from webapp.foundation.money import yuan
from webapp.foundation.refusal import N_
from webapp.queries.words import Lexicon, Say

Args = Mapping[str, Any]
STATUS = {"ok": N_("正常"), "attention": N_("需关注"), "fail": N_("不合格"), "na": N_("不适用")}
DOCUMENTS = {"pre_inspection": N_("接车预检表"), "work_order": N_("任务委托书"), "refusal_statement": N_("拒修声明"),
             "add_on": N_("增项单"), "handover": N_("交车确认单"), "settlement": N_("结算单")}
RUNS = {"walkaround": N_("环检"), "internal_delivery": N_("内部交车"), "handover": N_("验车")}
FIELDS = {"plate": N_("车牌"), "vin": N_("车架号"), "model": N_("车型"), "customer_name": N_("客户"), "mobile": N_("手机"),
          "sender": N_("送修人"), "sender_name": N_("送修人姓名"), "arrival_mode": N_("到店方式"),
          "licence_checked": N_("行驶证"), "booklet": N_("保养手册"), "waiting_mode": N_("等候方式"),
          "business_type": N_("业务类型"),
          "repair_category": N_("维修类别"), "rework_of": N_("返修原单"), "warranty_judgement": N_("三包判断")}
REFUSED = {"refused": N_("拒签"), "absent": N_("客户不在场"), "unable": N_("无法签字"), "paper": N_("改签纸质"),
           "disputed": N_("有异议")}
CHECKS = {"same": N_("与上次一样"), "worse": N_("比上次严重"), "gone": N_("已经没有了"), "not_same": N_("与接车时不一样")}


def sentence(command: str, args: Args, lexicon: Lexicon) -> Say:
    """What this act says."""
    tell = SENTENCES.get(command)
    fallback = Say(lexicon.commands.get(command, command))
    if tell is None:
        return fallback
    try:
        return tell(args, lexicon)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError):
        return fallback  # a quarantined act may hold anything


def answer_text(row: Args, lexicon: Lexicon) -> Any:
    """What was answered: a status, a number with its unit, choices, text, or not applicable with its reason."""
    item = str(row.get("item", ""))
    if row.get("number") is not None:
        return lexicon.number(item, int(row["number"]))
    if row.get("choice"):
        return lexicon.option(item, row["choice"])
    if row.get("choices") is not None:
        return [lexicon.option(item, value) for value in row["choices"]] or Say(N_("没有"))
    if row.get("text"):
        return f"“{row['text']}”"
    status = Say(STATUS.get(str(row.get("status")), str(row.get("status") or "")))
    return Say(N_("%(status)s（%(reason)s）"), {"status": status, "reason": row["reason"]}) if row.get("reason") else status


def _because(text: str) -> Callable[[Args, Lexicon], Say]:
    """An act whose whole sentence is its reason."""
    return lambda a, lx: Say(text, {"reason": a["reason"]})


def _opened(a: Args, lx: Lexicon) -> Say:
    return Say(N_("到店，送修人 %(who)s"), {"who": a.get("sender_name") or a["customer_name"]})


def _described(a: Args, lx: Lexicon) -> Say:
    return Say(N_("补充来店信息：%(fields)s"), {"fields": [Say(FIELDS.get(k, k)) for k in a]})


def _corrected(a: Args, lx: Lexicon) -> Say:
    fields = [Say(FIELDS.get(k, k)) for k in a if k != "reason"]
    return Say(N_("更正 %(fields)s：%(reason)s"), {"fields": fields, "reason": a["reason"]})


def _consent(a: Args, lx: Lexicon) -> Say:
    yes, no = Say(N_("同意")), Say(N_("不同意"))
    return Say(N_("个人信息选择：拍照 %(photos)s，手写签名 %(signature)s"),
               {"photos": yes if a["photos"] else no, "signature": yes if a["signature"] else no})


def _started(a: Args, lx: Lexicon) -> Say:
    mode = Say(N_("全项") if a["mode"] == "full" else N_("快检"))
    joined = {"yes": N_("客户全程同行"), "no": N_("客户未同行"), "part": N_("客户部分同行")}[a["customer_joined"]]
    return Say(N_("开始环检（%(mode)s），%(joined)s"), {"mode": mode, "joined": Say(joined)})


def _answered(a: Args, lx: Lexicon) -> Say:
    return Say(N_("%(item)s：%(answer)s"), {"item": lx.items.get(a["item"], a["item"]), "answer": answer_text(a, lx)})


def _zone(a: Args, lx: Lexicon) -> Say:
    return Say(N_("%(zone)s 全部正常，记 %(n)s 项"), {"zone": lx.zones.get(a["zone"], a["zone"]), "n": len(a["items"])})


def _cleared(a: Args, lx: Lexicon) -> Say:
    return Say(N_("撤回 %(n)s 项答案：%(items)s"), {"n": len(a["items"]), "items": [lx.items.get(i, i) for i in a["items"][:3]]})


def _resolved(a: Args, lx: Lexicon) -> Say:
    return Say(N_("当面核对 %(item)s：%(answer)s"), {"item": lx.items.get(a["item"], a["item"]), "answer": answer_text(a, lx)})


def _skipped_zone(a: Args, lx: Lexicon) -> Say:
    return Say(N_("略过 %(zone)s：%(reason)s"), {"zone": lx.zones.get(a["zone"], a["zone"]), "reason": a["reason"]})


def _skipped_photo(a: Args, lx: Lexicon) -> Say:
    return Say(N_("略过照片 %(item)s：%(reason)s"), {"item": place(a.get("item") or a.get("shot"), lx), "reason": a["reason"]})


def _damage(a: Args, lx: Lexicon) -> Say:
    return Say(N_("损伤 %(region)s %(kind)s %(size)s"), {"region": lx.regions.get(a["region"], a["region"]),
                                                        "kind": lx.kinds.get(a["kind"], a["kind"]),
                                                        "size": lx.sizes.get(a["size"], a["size"])})


def _compared(a: Args, lx: Lexicon) -> Say:
    return Say(N_("上次的损伤：%(now)s"), {"now": Say(CHECKS[a["now"]])})


def _belonging(a: Args, lx: Lexicon) -> Say:
    return Say(N_("随车物品 %(text)s，留在车上") if a["kept_in_car"] else N_("随车物品 %(text)s，客户带走"), {"text": a["text"]})


def _photo(a: Args, lx: Lexicon) -> Say:
    return Say(N_("拍照 %(place)s"), {"place": subject(a["subject"]["kind"], a["subject"].get("id"), lx)})


def _drew(a: Args, lx: Lexicon) -> Say:
    return Say(N_("在照片上标注 %(n)s 处"), {"n": len(a["shapes"])})


def _concern(a: Args, lx: Lexicon) -> Say:
    return Say(N_("客户说“%(text)s”"), {"text": a["text"]})


def _order(a: Args, lx: Lexicon) -> Say:
    if a.get("ceiling_fen"):
        return Say(N_("开维修工单，授权上限 %(sum)s"), {"sum": yuan(a["ceiling_fen"])})
    return Say(N_("开维修工单"))


def _job(a: Args, lx: Lexicon) -> Say:
    return Say(N_("加项目 %(text)s %(sum)s"), {"text": a["text"], "sum": yuan(a["price_fen"])})


def _part(a: Args, lx: Lexicon) -> Say:
    n = f"{a['quantity_milli'] / 1000:g}"
    return Say(N_("加配件 %(text)s × %(n)s，单价 %(sum)s"), {"text": a["text"], "n": n, "sum": yuan(a["price_fen"])})


def _discount(a: Args, lx: Lexicon) -> Say:
    return Say(N_("优惠 %(sum)s：%(reason)s"), {"sum": yuan(a["amount_fen"]), "reason": a["reason"]})


def _declined(a: Args, lx: Lexicon) -> Say:
    what = lx.items.get(a.get("item", ""), Say(N_("一项")))
    return Say(N_("客户这次不做%(what)s（安全项）：%(reason)s") if a.get("safety") else N_("客户这次不做%(what)s：%(reason)s"),
               {"what": what, "reason": a["reason"]})


def _promised(a: Args, lx: Lexicon) -> Say:
    return Say(N_("预计交车 %(at)s"), {"at": Moment(a["promised_at"])})


def _chose(a: Args, lx: Lexicon) -> Say:
    return Say(N_("记下客户的选择：旧件、洗车、路试、付款"))


def _signed(a: Args, lx: Lexicon) -> Say:
    facts = {"kind": Say(DOCUMENTS[a["kind"]]), "n": a["revision"]}
    total = a["doc"].get("totals", {}).get("total_fen") if isinstance(a.get("doc"), dict) else None
    if total is None:
        return Say(N_("客户签字 %(kind)s 第 %(n)s 版"), facts)
    return Say(N_("客户签字 %(kind)s 第 %(n)s 版 %(sum)s"), facts | {"sum": yuan(total)})


def _unsigned(a: Args, lx: Lexicon) -> Say:
    return Say(N_("%(kind)s 第 %(n)s 版未签：%(why)s"),
               {"kind": Say(DOCUMENTS[a["kind"]]), "n": a["revision"], "why": Say(REFUSED[a["reason"]])})


def _sealed(a: Args, lx: Lexicon) -> Say:
    missing = len(a.get("photos_missing", ()))
    if a.get("earlier"):
        return Say(N_("封存补上照片的一份单据，文件 %(code)s"), {"code": a["pdf_sha256"][:8]})
    return Say(N_("封存一份单据，文件 %(code)s，%(n)s 张照片未到") if missing else N_("封存一份单据，文件 %(code)s"),
               {"code": a["pdf_sha256"][:8], "n": missing})


def _altered(a: Args, lx: Lexicon) -> Say:
    return Say(N_("存下的一份单据与签字时的校验码不符，没有封存"))


def _linked(a: Args, lx: Lexicon) -> Say:
    return Say(N_("给客户看进度的二维码"))


def _ready(a: Args, lx: Lexicon) -> Say:
    return Say(N_("维修完成，%(who)s检验"), {"who": a["checked_by"]})


def _delivery(a: Args, lx: Lexicon) -> Say:
    return Say(N_("开始内部交车检查"))


def _handover(a: Args, lx: Lexicon) -> Say:
    return Say(N_("开始验车，接车人 %(who)s"), {"who": a["person"]})


def _returned(a: Args, lx: Lexicon) -> Say:
    return Say(N_("一件随车物品已交还") if a["returned"] else N_("一件随车物品没有交还"))


def _mark_now(a: Args, lx: Lexicon) -> Say:
    return Say(N_("一处损伤与接车时一样") if a["same"] else N_("一处损伤与接车时不一样"))


def _defect(a: Args, lx: Lexicon) -> Say:
    return Say(N_("客户发现问题“%(text)s”，退回车间"), {"text": a["text"]})


def _released(a: Args, lx: Lexicon) -> Say:
    return Say(N_("出厂放行"))


class Moment(str):
    """A moment on the wire; pages write it in the store's time."""


def place(code: str | None, lx: Lexicon) -> Any:
    """What a guided shot, an item or a zone is called."""
    return lx.items.get(code or "") or lx.zones.get(code or "") or lx.regions.get(code or "") or code or Say(N_("其他"))


def subject(kind: str, id: str | None, lx: Lexicon) -> Any:
    """What a photo shows."""
    words = {"mark": Say(N_("损伤")), "belonging": Say(N_("随车物品")), "handover": Say(N_("交车")), "other": Say(N_("其他"))}
    return words.get(kind) or place(id, lx)


# Acts whose whole sentence is their reason.
BECAUSE = {
    "visit.merge": N_("并入同一辆车的另一次来店：%(reason)s"),
    "visit.hold": N_("冻结，不得删除：%(reason)s"),
    "visit.release_hold": N_("解除冻结：%(reason)s"),
    "visit.export": N_("导出全部资料：%(reason)s"),
    "visit.erase": N_("删除个人信息：%(reason)s"),
    "walkaround.retract_damage": N_("撤销一处损伤：%(reason)s"),
    "walkaround.retract_belonging": N_("撤销一件随车物品：%(reason)s"),
    "photo.retract": N_("撤下一张照片：%(reason)s"),
    "photo.restore": N_("恢复一张照片：%(reason)s"),
    "concern.retract": N_("撤销一条客户主诉：%(reason)s"),
    "work_order.remove_line": N_("删去一行：%(reason)s"),
    "document.void": N_("作废一份单据：%(reason)s"),
    "status.revoke_link": N_("收回二维码：%(reason)s"),
    "visit.cancel": N_("取消来店：%(reason)s"),
}
SENTENCES: dict[str, Callable[[Args, Lexicon], Say]] = {
    **{command: _because(text) for command, text in BECAUSE.items()},
    "visit.open": _opened, "visit.describe": _described, "visit.correct": _corrected,
    "consent.record": _consent, "walkaround.start": _started, "walkaround.resolve": _resolved,
    **{f"{run}.answer": _answered for run in RUNS}, **{f"{run}.answer_zone": _zone for run in RUNS},
    **{f"{run}.clear_answer": _cleared for run in RUNS},
    "walkaround.skip_zone": _skipped_zone, "walkaround.skip_photo": _skipped_photo, "walkaround.record_damage": _damage,
    "walkaround.compare_mark": _compared, "walkaround.record_belonging": _belonging, "photo.add": _photo,
    "photo.annotate": _drew, "concern.add": _concern, "work_order.open": _order,
    "work_order.add_job": _job, "work_order.add_part": _part, "work_order.discount": _discount,
    "work_order.decline": _declined, "work_order.promise": _promised,
    "work_order.choose": _chose, "document.sign": _signed, "document.refuse": _unsigned,
    "document.seal": _sealed, "document.report_altered": _altered,
    "status.issue_link": _linked, "visit.mark_ready": _ready,
    "internal_delivery.start": _delivery, "handover.start": _handover, "handover.return_belonging": _returned,
    "handover.compare_mark": _mark_now, "handover.find_defect": _defect, "visit.release": _released,
}
