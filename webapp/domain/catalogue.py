"""The catalogue as phones get it: checklists, options, damage symbols and legal texts, made from the data files beside this.

Pure: a data file goes in, plain values come out. Numbers are whole (decisions.md 4): a limit of 1.6 mm is 16 with decimals 1.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from webapp.foundation.canon import digest, sha256_hex

LIMITS = ("min", "max", "attention_lt", "fail_lt", "attention_gt", "fail_gt", "attention_dev", "fail_dev")
ALWAYS = ("id", "version", "zh", "en", "stage", "signers")
WHERE_SAID = ("direction", "target_minutes")
RED_LAMPS = ("brake", "airbag", "steering", "oil", "coolant", "hv_battery", "insulation", "motor")

# What a choice says about the car (decisions.md 5). What is not named here says nothing: the first answer stays, both are shown.
SEVERITY: dict[str, dict[str, str]] = {
    "recall": {"open": "attention"},
    "fluid": {"leak": "fail", "low": "attention", "high": "attention", "dirty": "attention"},
    "warning_lamp": {lamp: "fail" if lamp in RED_LAMPS else "attention" for lamp in (
        "engine", "abs", "brake", "airbag", "tpms", "steering", "battery12", "oil", "coolant", "hv_battery", "insulation",
        "motor", "adas", "service", "other")},
    "spare": {"missing": "attention", "low": "attention"},
    "hv_history": {"flood": "attention", "crash": "attention", "scrape": "attention"},
    "dtc": {"present": "attention"},
    "calib": {"due": "attention"},
    "roadtest": {"failed": "fail"},
    "final": {"rework": "fail"},
    "symptom": {"remains": "fail", "not_reproduced": "attention"},
    "refusal": {"open": "fail"},
    "accept": {"rejected": "fail", "with_remark": "attention"},
    "emission": {"fail": "fail"},
    "pass_fail": {"fail": "fail"},
    "status": {"attention": "attention", "fail": "fail"},
}


@cache
def checklists() -> list[dict[str, Any]]:
    """Every checklist as served, quick ones expanded, each with the SHA-256 of its RFC 8785 bytes."""
    lists = data_file("checklists")["checklists"]
    items = {made["id"]: {item["id"]: item for item in made["items"]} for made in lists if "items" in made}
    return [_served(made, items, lists) for made in lists]


@cache
def option_sets() -> dict[str, list[dict[str, str]]]:
    """What can be chosen, with what a choice says about the car where it says something."""
    return {name: [_option(name, option) for option in options]
            for name, options in data_file("checklists")["option_sets"].items()}


@cache
def damage() -> dict[str, list[dict[str, str]]]:
    """Kinds with their symbols, sizes, and the 34 regions of the drawing with the zone each belongs to."""
    read = data_file("checklists")
    return {"kinds": read["damage_symbols"], "sizes": read["damage_sizes"], "regions": read["diagram_regions"]}


@cache
def legal_texts() -> list[dict[str, str]]:
    """Notice and terms; a paragraph that begins with ※ is a key term and is shown in bold."""
    return [{"id": name, "version": made["version"], "sha256": sha256_hex(made["text"].strip().encode()),
             "text": made["text"].strip()} for name, made in data_file("legal_texts").items()]


def option_severity(options: str, value: str) -> str | None:
    """attention or fail for a choice that says so, else None."""
    return SEVERITY.get(options, {}).get(value)


def data_file(name: str) -> dict[str, Any]:
    """One of the data files beside this module."""
    text = files("webapp.domain.data").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders
    return read


def _served(made: dict[str, Any], items: dict[str, dict[str, Any]], lists: list[dict[str, Any]]) -> dict[str, Any]:
    if "item_refs" in made:
        whole = items[made["based_on"]]
        rows = [whole[ref] for ref in made["item_refs"]]
        zones = next(other["zones"] for other in lists if other["id"] == made["based_on"])
    else:
        rows, zones = made["items"], made["zones"]
    used = {row["zone"] for row in rows}
    served = {key: made[key] for key in ALWAYS} | {key: made[key] for key in WHERE_SAID if key in made}
    served["zones"] = [zone for zone in zones if zone["id"] in used]
    served["items"] = [_item(row, seq) for seq, row in enumerate(rows, 1)]
    return {**served, "sha256": digest(served)}


def _item(row: dict[str, Any], seq: int) -> dict[str, Any]:
    return {**row, "seq": seq, "answer": _answer(row["answer"])}


def _answer(answer: dict[str, Any]) -> dict[str, Any]:
    if answer["type"] != "number":
        return answer
    decimals = int(any(isinstance(answer.get(name), float) for name in LIMITS))
    return {**answer, "decimals": decimals} | {name: round(answer[name] * 10**decimals) for name in LIMITS if name in answer}


def _option(name: str, option: dict[str, str]) -> dict[str, str]:
    severity = option_severity(name, option["value"])
    return {**option, "severity": severity} if severity else option
