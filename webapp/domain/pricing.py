"""What an order comes to: labour, parts, discount, and who pays (RC-14). Pure sums in fen, tax included; twin on the phone."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from webapp.foundation.money import times_milli


class Priced(Protocol):
    """An order line, whatever it is kept in."""

    @property
    def kind(self) -> str: ...
    @property
    def price_fen(self) -> int: ...
    @property
    def quantity_milli(self) -> int | None: ...
    @property
    def payer(self) -> str: ...
    @property
    def removed(self) -> bool: ...


class Totals(NamedTuple):
    """discount_fen is what really comes off: never more than the customer's own share. by_payer adds up to total_fen."""

    labour_fen: int
    parts_fen: int
    discount_fen: int
    total_fen: int
    by_payer: dict[str, int]


def totals(lines: Iterable[Priced], discount_fen: int = 0) -> Totals:
    """Sums the lines that stand; removed and declined ones do not count."""
    labour = parts = 0
    by_payer: dict[str, int] = {}
    for line in lines:
        if line.removed:
            continue
        amount = line_fen(line)
        if line.kind == "job":
            labour += amount
        else:
            parts += amount
        by_payer[line.payer] = by_payer.get(line.payer, 0) + amount
    discount = min(discount_fen, by_payer.get("customer", 0))
    if discount:
        by_payer["customer"] -= discount
    return Totals(labour, parts, discount, labour + parts - discount, by_payer)


def line_fen(line: Priced) -> int:
    """A job's price is of the line; a part's is of one unit."""
    return line.price_fen if line.kind == "job" else times_milli(line.price_fen, line.quantity_milli or 0)
