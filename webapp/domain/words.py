"""The words commands are made of: lengths, ranges and the values of documents.md and checklists.yaml."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Plain frozen data in glossary words; the same on phone, wire, form and in the ledger."""


IdText = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
HashText = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Meta(min_length=1, max_length=40)]
Short = Annotated[str, Meta(min_length=1, max_length=120)]
Line = Annotated[str, Meta(min_length=1, max_length=80)]
Note = Annotated[str, Meta(min_length=1, max_length=300)]
Words = Annotated[str, Meta(min_length=1, max_length=1000)]
Aware = Annotated[datetime, Meta(tz=True)]
Fen = Annotated[int, Meta(ge=0, le=10_000_000_00)]
OnDrawing = Annotated[int, Meta(ge=0, le=10_000)]
Photos = Annotated[tuple[IdText, ...], Meta(max_length=40)]

Powertrain = Literal["fuel", "bev", "phev"]
Sender = Literal["owner", "family", "driver", "company", "other"]
DamageKind = Literal[
    "scratch", "dent", "paint_loss", "broken", "crack", "stone_chip", "rust", "deformed", "missing", "curb_rash",
    "stain", "color_diff", "loose", "repaired",
]
DamageSize = Literal["small", "medium", "large"]
Region = Literal[
    "windscreen", "hood", "front_bumper", "grille", "headlamp_l", "headlamp_r", "fender_lf", "wheel_lf", "fender_rf",
    "wheel_rf", "door_rf", "door_rr", "mirror_r", "sill_r", "quarter_rr", "wheel_rr", "rear_bumper", "trunk_lid",
    "rear_window", "tail_l", "tail_r", "quarter_lr", "wheel_lr", "charge_port", "door_lr", "sill_l", "roof", "sunroof",
    "door_lf", "mirror_l", "interior_front", "interior_rear", "underbody", "battery_pack",
]
DocumentKind = Literal["pre_inspection", "work_order", "refusal_statement", "add_on", "handover", "settlement"]
DocumentReason = Literal["refused", "absent", "unable", "paper", "disputed"]
Status = Literal["ok", "attention", "fail", "na"]
ItemText = Annotated[str, Meta(min_length=1, max_length=20)]
ZoneText = Annotated[str, Meta(pattern=r"^[a-z_]{1,40}$")]
ArrivalMode = Literal["booked", "walk_in", "tow", "home_pickup"]
Booklet = Literal["handed_over", "not_present", "electronic"]
WaitingMode = Literal["lounge", "leaves", "loaner"]
BusinessType = Literal["maintenance", "general_repair", "warranty", "recall", "accident", "rework", "accessory"]
RepairCategory = Literal[
    "vehicle_repair", "assembly_repair", "secondary_maintenance", "primary_maintenance", "minor_repair", "special_repair",
]
WarrantyJudgement = Literal["covered", "not_covered", "after_diagnosis", "ask_maker"]
Payer = Literal["customer", "warranty", "insurer", "store", "recall"]
PartClass = Literal["original", "equivalent", "refurbished", "customer_supplied"]
AddonAgreement = Literal["sign_in_store", "phone_then_sign", "online"]
OldParts = Literal["take", "dispose", "warranty", "insurer", "none"]
Wash = Literal["accept", "decline", "no_engine_bay"]
RoadTest = Literal["agree", "with_customer", "refuse"]
Payment = Literal["cash", "card", "wechat", "alipay", "transfer", "account", "insurance", "warranty"]
