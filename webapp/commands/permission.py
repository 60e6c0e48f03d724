"""Who may do what: the one table. Commands take their roles from the registry; desk pages from PAGES; calls of the API from
CALLS.

A person with several roles may do what any of them may. Nothing is open unless it is named here or in OPEN.
"""

from webapp.commands.registry import Entry
from webapp.foundation.actor import Actor
from webapp.foundation.refusal import N_, Refusal

ROLES = {
    "advisor": N_("服务顾问"),
    "workshop_supervisor": N_("车间主管"),
    "team_leader": N_("班组长"),
    "technician": N_("技师"),
    "qc_inspector": N_("质检员"),
    "parts_clerk": N_("配件员"),
    "cashier": N_("收银"),
    "car_washer": N_("洗车工"),
    "gate_guard": N_("门卫"),
    "crm_clerk": N_("客服"),
    "service_manager": N_("服务经理"),
    "owner": N_("店主/系统管理员"),
}
ANY = frozenset(ROLES)
SERVER = "server"
SEES_LEDGER = frozenset({"advisor", "workshop_supervisor", "qc_inspector", "crm_clerk", "service_manager", "owner"})
CALLS = {
    "api.me": ANY,
    "api.push": ANY,
    "api.changes": ANY,
    "api.vehicles": ANY,
    "api.catalogue": ANY,
    "api.check_photos": ANY,
    "api.put_photo": ANY,
    "api.get_photo": ANY,
    "api.visit": ANY,
    "api.manifest": ANY,
    "api.ledger": SEES_LEDGER,
    "api.heads": ANY,
    "api.wiped": ANY,
}

SEES_VISITS = frozenset({"advisor", "workshop_supervisor", "qc_inspector", "crm_clerk", "cashier", "service_manager", "owner"})
MANAGES = frozenset({"service_manager", "owner"})
PAGES = {
    "desk.today": ANY,
    "desk.changes": ANY,
    "desk.password": ANY,
    "desk.sign_out": ANY,
    "desk.visit": SEES_VISITS,
    "desk.entries": SEES_VISITS,
    "desk.act": SEES_VISITS,
    "desk.photo": SEES_VISITS,
    "desk.picture": SEES_VISITS,
    "desk.document": SEES_VISITS,
    "desk.document_pdf": SEES_VISITS,
    "desk.erase": MANAGES,
    "desk.export": MANAGES,
    "desk.phones": MANAGES,
    "desk.revoke": MANAGES,
    "desk.wipe": MANAGES,
    "desk.set_aside": MANAGES,
    "desk.lane_qr": ANY,
    "desk.staff": MANAGES,
    "desk.backups": MANAGES,
    "desk.add_staff": MANAGES,
    "desk.person": MANAGES,
    "desk.checklists": ANY,
    "desk.checklist": ANY,
}
OPEN = frozenset({
    "desk.sign_in", "status.enter", "status.show", "status.photo", "status.document", "status.sealed",
    "verify.show", "verify.known",
    "lane.shell", "lane.worker", "lane.rescue", "lane.manifest", "lane.hello",
})


def check_role(actor: Actor, entry: Entry) -> None:
    """Raises Refusal `role.not_yours` when none of the actor's roles may do this."""
    if not actor.roles & entry.roles:
        wanted = sorted(entry.roles)
        raise Refusal("role.not_yours", N_("这一步要由%(who)s来做，您的记录没有丢"),
                      who="、".join(ROLES.get(r, r) for r in wanted), roles=wanted)
