"""The demo store as rows, made from data/demo.yaml: a fictional dealer whose first day is always today.

Pure: the day is given. Every date of the file moves by as many days as lie between its first day and that one.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from webapp.domain.catalogue import data_file
from webapp.foundation.ids import new_id
from webapp.foundation.money import fen

FIRST_DAY = date(2026, 11, 23)
ZONE = ZoneInfo("Asia/Shanghai")
TOMORROW = ("YY-20261123-0008", "YY-20261123-0009")  # two of the day's cars are expected on the next
BODIES = {"YF-S15": "saloon", "YF-V20": "suv", "YF-M20": "mpv", "YF-E5": "saloon", "YF-E7": "suv", "YF-EV1": "mpv",
          "YF-D6": "suv"}
ROLES = {  # decisions.md 16: the file's finer titles in the glossary's roles
    "general_manager": "owner", "booking_clerk": "crm_clerk", "technical_director": "qc_inspector",
    "crm_supervisor": "service_manager", "business_manager": "service_manager", "parts_supervisor": "parts_clerk",
    "warranty_clerk": "parts_clerk", "quotation_clerk": "parts_clerk",
}
OLD_MARKS: dict[str, list[tuple[str, str, str, int, int, str]]] = {  # what the last visit found and nobody has mended since
    "V01": [("door_lf", "scratch", "medium", 1333, 3889, "门把手下方，已抛光过一次"),
            ("hood", "stone_chip", "small", 4667, 2222, "")],
    "V02": [("rear_bumper", "paint_loss", "medium", 4000, 8500, "倒车蹭柱"), ("wheel_rf", "curb_rash", "small", 9183, 2278, "")],
    "V05": [("door_rr", "dent", "small", 8833, 5111, "车门磕碰")],
    "V10": [("front_bumper", "scratch", "large", 5500, 1222, "货场剐蹭"), ("quarter_lr", "dent", "medium", 1417, 7000, "")],
}


def store() -> dict[str, Any]:
    """The store's row; its settings are what phones show and documents print."""
    made = data_file("demo")["store"]
    settings = {key: made[key] for key in ("en", "brand", "city", "address", "uscc", "filing_no", "service_phone", "rescue_phone",
                                           "complaint_phone", "authority_hotline", "opening", "slot_minutes", "peak_hours",
                                           "loaner_cars", "warranty_promise")}
    settings |= {"labour_rates_fen": {name: fen(rate) for name, rate in made["labour_rates"].items()},
                 "vat_percent": round(made["vat_rate"] * 100)}
    return {"id": made["id"], "name": made["name"], "short_name": made["short_name"], "time_zone": ZONE.key,
            "workshop": "external", "demo": True, "settings": settings}


def staff() -> list[dict[str, Any]]:
    """Everybody who works there, in the glossary's roles; skills, team and certificates are facts about them."""
    known = ("id", "name", "role", "phone", "discount_limit")
    return [{"id": made["id"], "name": made["name"], "roles": [ROLES.get(made["role"], made["role"])], "phone": made["phone"],
             "discount_limit_fen": fen(made.get("discount_limit", 0)),
             "facts": {key: value for key, value in made.items() if key not in known}} for made in data_file("demo")["staff"]]


def labour_operations() -> list[dict[str, Any]]:
    return [{"code": made["code"], "text": made["zh"], "en": made["en"], "hours_centi": fen(made["hours"]),
             "price_fen": fen(made["price"]), "skill": made["skill"], "safety": made["safety"],
             "high_voltage": made["high_voltage"], "repair_category": made["category"], "default_parts": made["default_parts"]}
            for made in data_file("demo")["labour_operations"]]


def parts(today: date) -> list[dict[str, Any]]:
    return [{"code": made["part_no"], "text": made["zh"], "en": made["en"], "part_class": made["class"], "unit": made["unit"],
             "price_fen": fen(made["price"]), "stock_milli": made["stock"] * 1000,
             "eta_on": _day(made.get("eta"), today, text_out=True)}
            for made in data_file("demo")["parts"]]


def customers() -> list[dict[str, Any]]:
    """Rows with fresh ids; `number` is the file's own name for them."""
    return [{"id": new_id(), "number": made["id"], "name": made["name"], "kind": made["type"], "mobile": made["mobile"],
             "preferred_channel": made["preferred_channel"], "wishes": made["wishes"],
             "special_flag": None if made["special_flag"] == "none" else made["special_flag"],
             "ceiling_fen": fen(made["authorised_ceiling"]) if "authorised_ceiling" in made else None}
            for made in data_file("demo")["customers"]]


def vehicles(customers: list[dict[str, Any]], today: date) -> dict[str, dict[str, Any]]:
    """Cards by the file's own name for the car."""
    owners = {made["number"]: made for made in customers}
    models = {made["code"]: made for made in data_file("demo")["models"]}
    return {made["id"]: _card(made, owners[made["customer"]], models[made["model"]], today)
            for made in data_file("demo")["vehicles"]}


def appointments(vehicles: dict[str, dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """Who is expected today and tomorrow, at the file's times of day."""
    return [_booking(made, vehicles[made["vehicle"]]["id"], today) for made in data_file("demo")["appointments"]
            if made["vehicle"] in vehicles]


def _card(made: dict[str, Any], owner: dict[str, Any], model: dict[str, Any], today: date) -> dict[str, Any]:
    last = made["last_visit"] or {}
    seen_on = _day(last.get("date"), today)
    return {
        "id": new_id(), "customer_id": owner["id"], "customer_name": owner["name"], "mobile": owner["mobile"],
        "customer_kind": owner["kind"], "wishes": owner["wishes"], "special_flag": owner["special_flag"],
        "ceiling_fen": owner["ceiling_fen"], "plate": made["plate"] or "", "plate_kind": made["plate_kind"], "vin": made["vin"],
        "model": model["name"], "body": BODIES[made["model"]], "powertrain": made["powertrain"], "colour": made["color"],
        "registered_on": date.fromisoformat(made["registered_on"]) if made["registered_on"] else None,
        "odometer_km": last.get("km"), "last_visit_on": seen_on, "last_full_walkaround_on": seen_on,
        "placard_kpa": model["placard_pressure_kpa"], "service_km": model["service_km"],
        "service_months": model["service_months"],
        "open_recall": made.get("open_recall"),
        "marks": [_mark(mark, seen_on) for mark in OLD_MARKS.get(made["id"], [])],
        "declined": [{"text": item["item"], "safety": item["safety"], "on": _day(item["date"], today, text_out=True)}
                     for item in made.get("deferred_items", [])],
    }


def _mark(mark: tuple[str, str, str, int, int, str], seen_on: date | None) -> dict[str, Any]:
    region, kind, size, x, y, note = mark
    made = {"id": new_id(), "region": region, "kind": kind, "size": size, "x": x, "y": y, "photos": [], "retracted": False,
            "recorded_by": "E006", "recorded_at": f"{seen_on}T01:30:00.000Z", "revision": 1}
    return made | ({"note": note} if note else {})


def _booking(made: dict[str, Any], vehicle: str, today: date) -> dict[str, Any]:
    later = 1 if made["booking_no"] in TOMORROW else 0
    start = _moment(made["slot_start"], today, later)
    return {"id": new_id(), "number": f"YY-{start.astimezone(ZONE):%Y%m%d}-{made['booking_no'][-4:]}", "vehicle_id": vehicle,
            "advisor": made["advisor"], "slot_start_at": start, "duration_min": made["duration_min"],
            "promised_at": _moment(made["promised_at"], today, later), "customer_words": made["customer_words"],
            "priority_class": made["priority_class"], "payer": made["payer"], "jobs": made["jobs"],
            "parts": [{"part": part["part_no"], "quantity_milli": part["qty"] * 1000} for part in made["parts"]]}


def _moment(text: str, today: date, later: int) -> datetime:
    local = datetime.fromisoformat(text).replace(tzinfo=ZONE) + (today - FIRST_DAY) + timedelta(days=later)
    return local.astimezone(UTC)


def _day(text: str | None, today: date, *, text_out: bool = False) -> Any:
    if text is None:
        return None
    day = date.fromisoformat(text) + (today - FIRST_DAY)
    return day.isoformat() if text_out else day
