"""What an order comes to, in fen."""

from typing import NamedTuple

from webapp.domain.pricing import line_fen, totals


class Row(NamedTuple):
    kind: str
    price_fen: int
    payer: str = "customer"
    quantity_milli: int | None = None
    removed: bool = False


def test_labour_and_parts_are_summed_apart_and_by_payer() -> None:
    rows = [Row("job", 9600), Row("part", 6800, quantity_milli=4500), Row("job", 12000, "warranty"),
            Row("job", 500, removed=True)]

    sums = totals(rows, discount_fen=600)

    assert (sums.labour_fen, sums.parts_fen, sums.discount_fen, sums.total_fen) == (21600, 30600, 600, 51600)
    assert sums.by_payer == {"customer": 39600, "warranty": 12000}
    assert sum(sums.by_payer.values()) == sums.total_fen


def test_half_a_fen_goes_up() -> None:
    assert line_fen(Row("part", 333, quantity_milli=1500)) == 500


def test_a_discount_never_takes_more_than_the_customers_share() -> None:
    sums = totals([Row("job", 1000), Row("job", 5000, "insurer")], discount_fen=9000)

    assert (sums.discount_fen, sums.total_fen, sums.by_payer) == (1000, 5000, {"customer": 0, "insurer": 5000})


def test_an_empty_order_costs_nothing() -> None:
    assert totals([], discount_fen=500) == (0, 0, 0, 0, {})
