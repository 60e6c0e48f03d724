"""One answer to one checklist item: is it allowed, and how bad is it (decisions.md 4, 5). Pure; no rows, no clock."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from webapp.domain.conflict import RANK
from webapp.domain.vin import blocks, vin_problem
from webapp.foundation.refusal import N_, Refusal

Item = Mapping[str, Any]
OptionSets = Mapping[str, Sequence[Mapping[str, Any]]]


class Given(NamedTuple):
    """What the person said, in an answer's columns; exactly one of them is filled (na stands in `status`)."""

    status: str | None = None
    number: int | None = None
    choice: str | None = None
    choices: tuple[str, ...] | None = None
    text: str | None = None
    reason: str | None = None


class Weighed(NamedTuple):
    severity: str | None
    warnings: tuple[str, ...] = ()


def weigh(item: Item, given: Given, powertrain: str, sets: OptionSets, placard: int | None) -> Weighed:
    """Checks the answer against its item and says how severe it is. Raises Refusal naming what to do instead."""
    if powertrain not in item["applies"]:
        raise Refusal("answer.not_for_this_car", N_("“%(item)s”不适用于这辆车，不用答"), item=item["id"])
    filled = [name for name in ("status", "number", "choice", "choices", "text") if getattr(given, name) is not None]
    if len(filled) != 1:
        raise Refusal("answer.one_value", N_("一项只能有一个答案，请重新选择"), item=item["id"])
    if given.status == "na":
        if not given.reason:
            raise Refusal("answer.na_needs_reason", N_("选“不适用”请写明原因"), item=item["id"])
        return Weighed("na")
    kind = kind_of(item)
    if kind == "status":
        return _status(item, given)
    if kind == "number":
        return _number(item, given, placard)
    if kind == "text":
        return _text(item, given)
    return _choice(item, given, sets) if kind == "choice" else _choices(item, given, sets)


def kind_of(item: Item) -> str:
    """The word conflict.py knows the item's answers by."""
    answer = item["answer"]
    return "choices" if answer["type"] == "choice" and answer.get("multiple") else str(answer["type"])


def number_status(answer: Mapping[str, Any], number: int, placard: int | None) -> str | None:
    """ok, attention or fail by the item's limits; None when it has none, or when the car's own value is unknown.

    placard comes scaled like the number.
    """
    known = False
    for severity in ("fail", "attention"):
        for side, beyond in _SIDES.items():
            limit = answer.get(f"{severity}_{side}")
            if limit is None or (side == "dev" and placard is None):
                continue
            known = True
            if beyond(number, limit, placard or 0):
                return severity
    return "ok" if known else None


def _status(item: Item, given: Given) -> Weighed:
    if given.status is None:
        raise _wrong_type(item)
    return Weighed(given.status)


def _number(item: Item, given: Given, placard: int | None) -> Weighed:
    answer = item["answer"]
    if given.number is None:
        raise _wrong_type(item)
    if not answer["min"] <= given.number <= answer["max"]:
        raise Refusal("answer.out_of_range", N_("这个数超出可填范围，请核对后重填"), item=item["id"], min=answer["min"],
                      max=answer["max"], decimals=answer.get("decimals", 0))
    return Weighed(number_status(answer, given.number, placard))


def _choice(item: Item, given: Given, sets: OptionSets) -> Weighed:
    if given.choice is None:
        raise _wrong_type(item)
    return Weighed(_options(item, (given.choice,), sets))


def _choices(item: Item, given: Given, sets: OptionSets) -> Weighed:
    if given.choices is None:
        raise _wrong_type(item)
    if not given.choices or len(set(given.choices)) != len(given.choices) or ("none" in given.choices and len(given.choices) > 1):
        raise Refusal("answer.choices", N_("请至少选一项，不重复；选了“无”就不能再选别的"), item=item["id"])
    return Weighed(_options(item, given.choices, sets))


def _text(item: Item, given: Given) -> Weighed:
    answer = item["answer"]
    if given.text is None:
        raise _wrong_type(item)
    if len(given.text) > answer.get("max_length", 1000):
        raise Refusal("answer.too_long", N_("文字太长，最多 %(most)s 字"), item=item["id"], most=answer.get("max_length", 1000))
    if answer.get("validate") != "vin":
        return Weighed(None)
    problem = vin_problem(given.text)
    if blocks(given.text, problem):
        raise Refusal("vehicle.bad_vin", N_("车架号不对，请对照行驶证再看一遍"), vin=given.text, problem=problem)
    return Weighed(None, (f"vin.{problem}",) if problem else ())


def _options(item: Item, values: tuple[str, ...], sets: OptionSets) -> str | None:
    known = {option["value"]: option.get("severity") for option in sets.get(item["answer"]["options"], ())}
    for value in values:
        if value not in known:
            raise Refusal("answer.unknown_option", N_("没有这个选项，请先更新检查表"), item=item["id"], option=value)
    return max((known[value] for value in values), key=lambda severity: RANK.get(severity or "", 0))


def _wrong_type(item: Item) -> Refusal:
    return Refusal("answer.wrong_type", N_("这一项要填的不是这种答案，请先更新检查表"), item=item["id"], type=kind_of(item))


_SIDES: dict[str, Callable[[int, int, int], bool]] = {
    "lt": lambda number, limit, _placard: number < limit,
    "gt": lambda number, limit, _placard: number > limit,
    "dev": lambda number, limit, placard: abs(number - placard) > limit,
}
