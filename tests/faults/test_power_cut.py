"""A power cut at moments of real work (T3): synchronous=FULL keeps all that was acknowledged; with NORMAL the same look finds
losses. A share of `python -m bench power`."""

from pathlib import Path

from tests.faults.power_cut import cut_at, traced

SEED, POINTS = 3, 120


def test_full_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    before, events = traced(tmp_path)

    assert {event.call for event in events} >= {"write", "sync", "rename", "ack"}
    assert cut_at(before, events, POINTS, SEED, tmp_path / "left") == {}, f"seed {SEED}"


def test_control_normal_loses(tmp_path: Path) -> None:
    before, events = traced(tmp_path, "NORMAL")

    assert cut_at(before, events, POINTS, SEED, tmp_path / "left") != {}
