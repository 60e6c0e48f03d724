"""Another advisor at work: the server hears their phone, and nobody has to watch its screen."""

import json
import secrets
import urllib.request
from typing import Any

from tests.e2e.conftest import HouseAtWork
from webapp.foundation.clock import to_wire, utc_now
from webapp.foundation.ids import new_id

CONSENT = {"notice_version": "2026-11-01", "photos": True, "signature": True, "marketing": False}


class Colleague:
    """Another advisor's phone, as the server hears it."""

    def __init__(self, house: HouseAtWork) -> None:
        self.url, self.seq, self.token = house.url, 0, ""
        made = self._call("/api/v1/devices", {"store": "YF01", "login": "E006", "password": "clockwise", "device_name": "另一部"})
        self.device, self.epoch, self.token = made["device"], made["epoch"], made["token"]

    def does(self, visit: str, *commands: tuple[str, dict[str, Any]]) -> None:
        answer = self._call("/api/v1/acts", {"protocol": 1, "device": self.device, "epoch": self.epoch,
                                             "acts": [self._act(visit, *command) for command in commands]})
        assert [receipt for receipt in answer["receipts"] if receipt["verdict"] != "applied"] == []

    def walked(self, plate: str = "浙Z77777") -> str:
        """A car that was walked round, with one mark and one job: two documents wait for its owner."""
        visit = new_id()
        quick = next(one for one in self._call("/api/v1/catalogue")["checklists"] if one["id"] == "walkaround_quick")
        opened = {"plate": plate, "powertrain": "fuel", "customer_name": "钱演示", "mobile": "16400002002",
                  "sender": "owner", "arrived_at": to_wire(utc_now()), "notice_version": "2026-11-01"}
        walk = {"mode": "quick", "template_sha256": quick["sha256"], "customer_joined": "yes"}
        job = {"line": new_id(), "text": "四轮定位", "hours_centi": 120, "price_fen": 14400, "payer": "customer"}
        self.does(visit, ("visit.open", opened), ("consent.record", CONSENT), ("walkaround.start", walk),
                  ("walkaround.record_damage", self.damage("door_rf")), ("work_order.open", {}), ("work_order.add_job", job))
        return visit

    def damage(self, region: str) -> dict[str, Any]:
        return {"mark": new_id(), "region": region, "kind": "dent", "size": "large", "x": 5000, "y": 3000}

    def _act(self, visit: str, command: str, args: dict[str, Any]) -> dict[str, Any]:
        self.seq += 1
        return {"v": 1, "id": new_id(), "device": self.device, "seq": self.seq, "actor": "E006", "visit": visit,
                "command": command, "args": args, "base": None, "acted_at": to_wire(utc_now()), "offset_ms": 0,
                "app": "2026.11.1", "salt": secrets.token_urlsafe(16)[:22]}

    def _call(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode() if body else None, headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())  # type: ignore[no-any-return]
