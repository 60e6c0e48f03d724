"""车架号 VIN (documents.md 1.1): shape, check digit, placeholders. Pure; twin on the phone."""

import re

_SHAPE = re.compile(r"^[A-HJ-NPR-Z0-9]{17}$")
_VALUES = {c: int(v) for c, v in zip("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", "123456781234579234567890123456789", strict=True)}
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def read_vin(written: str) -> str:
    """As stored: upper case, without blanks and hyphens."""
    return re.sub(r"[\s\-]", "", written).upper()


def vin_problem(vin: str) -> str | None:
    """`shape`, `placeholder`, `check_digit` (a wrong one blocks only for cars built in China, L…), `year`, `serial`, None."""
    if not _SHAPE.match(vin):
        return "shape"
    if len(set(vin)) == 1:
        return "placeholder"
    if check_digit(vin) != vin[8]:
        return "check_digit"
    if vin[9] in "UZ0":
        return "year"
    return None if vin[13:].isdigit() else "serial"


def blocks(vin: str, problem: str | None) -> bool:
    """Whether the problem stops saving; the others are shown as a warning."""
    return problem in ("shape", "placeholder") or (problem == "check_digit" and vin.startswith("L"))


def check_digit(vin: str) -> str:
    """What position 9 must be, from the other sixteen."""
    rest = sum(_VALUES[c] * w for c, w in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)
