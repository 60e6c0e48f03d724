"""Taps of a quick walkaround of a clean, booked car: from the car's line in the list to both signatures."""

import tempfile
from pathlib import Path

from bench.lane_house import at_work
from bench.table import show
from tests.e2e.people.advisor import Advisor
from tests.e2e.people.customer import Customer

MOST = 40


def run() -> None:
    with tempfile.TemporaryDirectory() as folder, at_work(Path(folder)) as (_, __, handset):
        advisor = Advisor(handset)
        advisor.signs_in()
        advisor.taps.clear()
        advisor.receives()
        advisor.walks_round()
        advisor.skips_the_other_shots()
        advisor.shows_the_customer()
        customer = Customer(advisor)
        customer.signs("接车预检表")
        customer.signs("任务委托书")
        taps = advisor.taps
    total = sum(taps.values())
    rows: list[tuple[str, str, str, bool | None]] = [(place, str(count), "", None) for place, count in taps.items()]
    show("Taps, quick walkaround of a clean booked car, arrival to both signatures", [
        *rows, ("all", str(total), f"≤ {MOST}", total <= MOST), ("what 30 would need", f"{max(0, total - 30)} fewer", "", None)])
