"""Documents made at random, sound by their schema and as odd as people's words are; the same seed, the same documents."""

import base64
import random
from collections.abc import Callable
from typing import Any

Doc = dict[str, Any]
WORDS = [
    "前保险杠",
    "右前门",
    "划痕",
    "A/C",
    "机油 5W-30",
    "{n}",
    "%(x)s",
    "“引号”",
    "全角，标点。",
    "<b>&",
    "e\u0301",
    "漢字𠮷",
    "🚗",
    " ",
    "\n",
    "$&",
    "0",
    "__proto__",
    "{text}",
    "1,000",
    "\u200b",
    "ß",
    "ﾊﾝｶｸ",
    "\\",
    "'",
    '"',
]
ZONES = ["test-alarm", "左前", "车头", "constructor", "右侧", "车尾", "确认"]


def a_document(seed: int, kind: str | None = None) -> Doc:
    """One sound document; every optional part is there or not by the seed."""
    dice = random.Random(seed)
    kind = kind or dice.choice(sorted(BODIES))
    return _head(dice, kind) | BODIES[kind](dice)


def _head(dice: random.Random, kind: str) -> Doc:
    doc = {
        "schema": 1,
        "salt": base64.urlsafe_b64encode(dice.randbytes(16)).decode()[:22],
        "document": _id(dice),
        "kind": kind,
        "revision": dice.randint(1, 30),
        "visit": _id(dice),
        "store": {"id": "YF01", "name": _words(dice)}
        | _some(
            dice,
            {
                "uscc": _words,
                "address": _words,
                "service_phone": _words,
                "rescue_phone": _words,
                "complaint_phone": _words,
                "filing_no": _words,
            },
        ),
        "customer": {
            "name": _words(dice),
            "mobile": "164****2002",
            "sender": dice.choice(["owner", "family", "driver", "company", "other"]),
        }
        | _some(dice, {"sender_name": _words}),
        "vehicle": {
            "plate": dice.choice(["", "浙Z8K520", "浙ZDA0571", "123456使", "TEMP-1", "京A12345", "𠮷A12345"]),
            "powertrain": dice.choice(["fuel", "bev", "phev"]),
        }
        | _some(
            dice,
            {
                "vin": lambda d: "L00VB20C6NA204418",
                "model": _words,
                "colour": _words,
                "energy": _words,
                "odometer_km": lambda d: d.choice([0, 7, 999, 1000, 61240, 1234567]),
            },
        ),
        "legal": {"id": "terms", "version": "2026-11", "sha256": _hash(dice), "text": _words(dice) * 3},
        "locale": dice.choice(["zh-CN", "zh-CN", "en"]),
        "time_zone": dice.choice(["Asia/Shanghai", "Asia/Urumqi", "Europe/London", "UTC", "Not/AZone"]),
        "prepared_by": {"staff": "E005", "name": _words(dice)},
        "prepared_at": _moment(dice),
        "app": "2026.11.1",
    }
    return doc | _some(
        dice, {"differs": lambda d: {"document": _id(d), "revision": d.randint(1, 9), "lines": _several(d, _words)}}
    )


def _pre_inspection(dice: random.Random) -> Doc:
    return {
        "arrived_at": _moment(dice),
        "mode": dice.choice(["full", "quick"]),
        "customer_joined": dice.choice(["yes", "no", "part"]),
        "template": _template(dice),
        "rows": _several(dice, _row, 12),
        "marks": _several(dice, _mark),
        "belongings": _several(dice, _belonging),
        "concerns": _several(dice, _words),
        "photos": _several(dice, _photo),
        "skips": _several(dice, lambda d: {"text": _words(d), "reason": _words(d)}),
        "notice_version": "2026-11-01",
    }


def _work_order(dice: random.Random) -> Doc:
    payers = dice.sample(["customer", "warranty", "insurer", "store", "recall"], dice.randint(0, 3))
    return {
        "concerns": _several(dice, _words),
        "lines": [_line(dice), *_several(dice, _line)],
        "totals": {
            "labour_fen": _fen(dice),
            "parts_fen": _fen(dice),
            "discount_fen": dice.choice([0, _fen(dice)]),
            "total_fen": _fen(dice),
            "payers": [{"payer": payer, "amount_fen": _fen(dice)} for payer in payers],
        },
        "choices": [
            {"choice": choice, "value": "x", "text": _words(dice)}
            for choice in dice.sample(["old_parts", "wash", "road_test", "payment", "addon_agreement"], dice.randint(0, 5))
        ],
        "declined": _several(dice, _declined),
    } | _some(
        dice,
        {
            "pre_inspection": _id,
            "repair_category": lambda d: {"value": "minor_repair", "text": _words(d)},
            "discount_reason": _words,
            "ceiling_fen": _fen,
            "promised_at": _moment,
            "warranty": lambda d: {"km": d.choice([5000, 20000]), "days": d.choice([30, 100])},
        },
    )


def _refusal(dice: random.Random) -> Doc:
    return {"declined": [_declined(dice), *_several(dice, _declined)]}


def _handover(dice: random.Random) -> Doc:
    service = _some(dice, {"km": lambda d: d.randint(0, 300000), "on": lambda d: "2027-05-23"})
    return (
        {
            "jobs": _several(dice, _line),
            "rows": _several(dice, _row, 8),
            "marks": _several(dice, _mark),
            "belongings": _several(dice, _belonging),
            "declined": _several(dice, _declined),
            "photos": _several(dice, _photo),
            "template": _template(dice),
        }
        | _some(
            dice,
            {
                "work_order": _id,
                "pre_inspection": _id,
                "received_by": _words,
                "checked_by": _words,
                "ready_note": _words,
                "total_fen": _fen,
                "old_parts": _words,
            },
        )
        | ({"next_service": service} if service else {})
    )


BODIES: dict[str, Callable[[random.Random], Doc]] = {
    "pre_inspection": _pre_inspection,
    "work_order": _work_order,
    "refusal_statement": _refusal,
    "handover": _handover,
}


def _row(dice: random.Random) -> Doc:
    return {
        "zone": dice.choice(ZONES),
        "item": "WA-E2-03",
        "text": _words(dice),
        "answer": dice.choice(["", _words(dice)]),
        "status": dice.choice(["ok", "ok", "attention", "fail", "na", "told", "unseen"]),
    } | _some(dice, {"note": _words}, 0.2)


def _mark(dice: random.Random) -> Doc:
    return {
        "mark": _id(dice),
        "region": "door_lf",
        "region_text": _words(dice),
        "kind": "scratch",
        "kind_text": _words(dice),
        "symbol": "S",
        "size": "medium",
        "size_text": "3–10 cm",
        "x": dice.randint(0, 10000),
        "y": dice.randint(0, 10000),
        "photos": _several(dice, _photo, 2),
    } | _some(
        dice,
        {
            "known": lambda d: d.choice(["same", "worse", "gone"]),
            "now": lambda d: d.choice(["same", "not_same", "unseen"]),
            "note": _words,
        },
    )


def _belonging(dice: random.Random) -> Doc:
    return {"belonging": _id(dice), "text": _words(dice), "kept_in_car": dice.random() < 0.5} | _some(
        dice, {"returned": lambda d: d.random() < 0.5, "note": _words}
    )


def _line(dice: random.Random) -> Doc:
    size = dice.choice(
        [
            {"hours_centi": dice.choice([0, 5, 80, 100, 150, 12345])},
            {"quantity_milli": dice.choice([1, 500, 1000, 2000, 12345])},
            {},
        ]
    )
    return (
        {
            "line": _id(dice),
            "kind": dice.choice(["job", "part"]),
            "text": _words(dice),
            "price_fen": _fen(dice),
            "amount_fen": _fen(dice),
            "payer": dice.choice(["customer", "customer", "warranty", "insurer", "store", "recall"]),
        }
        | size
        | _some(
            dice,
            {
                "code": lambda d: "L001",
                "unit": lambda d: d.choice(["kg", "套"]),
                "safety": lambda d: d.random() < 0.5,
                "high_voltage": lambda d: d.random() < 0.5,
                "part_class": lambda d: d.choice(["original", "equivalent", "refurbished", "customer_supplied"]),
            },
        )
    )


def _declined(dice: random.Random) -> Doc:
    return {"declined": _id(dice), "text": _words(dice), "reason": _words(dice), "safety": dice.random() < 0.5}


def _photo(dice: random.Random) -> Doc:
    return {"photo": _id(dice), "sha256": _hash(dice)} | _some(dice, {"text": _words})


def _template(dice: random.Random) -> Doc:
    return {"id": "walkaround_quick", "version": dice.randint(1, 9), "sha256": _hash(dice)}


def _several(dice: random.Random, make: Callable[[random.Random], Any], most: int = 3) -> list[Any]:
    return [make(dice) for _ in range(dice.randint(0, most))]


def _some(dice: random.Random, makers: dict[str, Callable[[random.Random], Any]], share: float = 0.5) -> Doc:
    return {key: make(dice) for key, make in makers.items() if dice.random() < share}


def _words(dice: random.Random) -> str:
    return "".join(dice.choice(WORDS) for _ in range(dice.randint(1, 4)))


def _fen(dice: random.Random) -> int:
    return dice.choice([0, 1, 9, 99, 100, 12300, 141900, 99999999, dice.randint(0, 10**9)])


def _moment(dice: random.Random) -> str:
    return (
        f"20{dice.randint(20, 40)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
        f"T{dice.randint(0, 23):02d}:{dice.randint(0, 59):02d}:{dice.randint(0, 59):02d}.{dice.randint(0, 999):03d}Z"
    )


def _id(dice: random.Random) -> str:
    text = f"{dice.getrandbits(128):032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _hash(dice: random.Random) -> str:
    return f"{dice.getrandbits(256):064x}"
