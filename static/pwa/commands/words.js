// What an act is called when somebody reads the outbox: a few words, no codes.

import { t } from "../lib/words.js";

const WORDS = {
  "visit.open": () => t("来店登记"), "visit.describe": () => t("来店情况"), "visit.correct": () => t("资料更正"), "visit.merge": () => t("合并来店"),
  "visit.mark_ready": () => t("维修完成"), "visit.release": () => t("出厂放行"), "visit.cancel": () => t("取消来店"), "consent.record": () => t("客户的同意"),
  "walkaround.start": () => t("开始环检"), "walkaround.answer": () => t("环检答案"), "walkaround.answer_zone": () => t("本区全部正常"),
  "walkaround.clear_answer": () => t("撤销答案"), "walkaround.resolve": () => t("当面核对"), "walkaround.skip_zone": () => t("略过一区"),
  "walkaround.skip_photo": () => t("略过照片"), "walkaround.record_damage": () => t("损伤"), "walkaround.retract_damage": () => t("撤回损伤"),
  "walkaround.compare_mark": () => t("旧伤比对"), "walkaround.record_belonging": () => t("随车物品"), "walkaround.retract_belonging": () => t("撤回物品"),
  "photo.add": () => t("照片记录"), "photo.annotate": () => t("照片标注"), "photo.retract": () => t("撤回照片"), "photo.restore": () => t("恢复照片"),
  "concern.add": () => t("客户主诉"), "concern.retract": () => t("撤回主诉"), "work_order.open": () => t("开工单"), "work_order.add_job": () => t("维修项目"),
  "work_order.add_part": () => t("配件"), "work_order.discount": () => t("优惠"), "work_order.remove_line": () => t("删去一行"), "work_order.decline": () => t("客户不做的项目"),
  "work_order.promise": () => t("预计交车时间"), "work_order.choose": () => t("旧件、洗车等选择"), "document.sign": () => t("签字"), "document.refuse": () => t("未签说明"),
  "document.void": () => t("作废单据"), "status.issue_link": () => t("客户进度码"), "status.revoke_link": () => t("停用进度码"),
  "internal_delivery.start": () => t("内部交车"), "internal_delivery.answer": () => t("内部交车答案"), "internal_delivery.answer_zone": () => t("内部交车答案"), "internal_delivery.clear_answer": () => t("撤销答案"),
  "handover.start": () => t("验车"), "handover.answer": () => t("验车答案"), "handover.answer_zone": () => t("验车答案"), "handover.clear_answer": () => t("撤销答案"),
  "handover.return_belonging": () => t("归还物品"), "handover.compare_mark": () => t("损伤比对"), "handover.find_defect": () => t("客户发现的问题"), "device.lost_seq": () => t("存储损坏报告"),
};

export function commandWords({ command }) {
  return (WORDS[command] ?? (() => t("一条记录")))();
}
