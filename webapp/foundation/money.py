"""Money is whole fen, tax included. Nothing here knows what is paid for."""

from decimal import ROUND_HALF_UP, Decimal


def fen(yuan: object) -> int:
    """Yuan as people write them (number or text) in fen; half a fen goes up."""
    return int((Decimal(str(yuan)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def times_milli(unit_fen: int, quantity_milli: int) -> int:
    """Price of a quantity in thousandths; half a fen goes up. Same sum as `timesMilli` on the phone."""
    return (unit_fen * quantity_milli + 500) // 1000


def yuan(amount_fen: int) -> str:
    """`¥1,234.50`; whole yuan lose the zeros: `¥300`."""
    sign, whole, part = "-" if amount_fen < 0 else "", abs(amount_fen) // 100, abs(amount_fen) % 100
    return f"{sign}¥{whole:,}" + (f".{part:02d}" if part else "")
