"""How a measurement is printed: what, found, to reach, whether it was."""

from collections.abc import Sequence


def show(title: str, rows: Sequence[tuple[str, str, str, bool | None]]) -> None:
    """Prints rows of (what, measured, to reach, reached or None) under a title, as a Markdown table."""
    print(f"\n### {title}\n\n| what | measured | reach | |\n|---|---|---|---|")
    for what, measured, reach, good in rows:
        print(f"| {what} | {measured} | {reach} | {'' if good is None else 'yes' if good else 'NO'} |")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
