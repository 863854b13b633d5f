"""What every sizing method ends with: rounding down, never up, and the reason when nothing is left."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from quantumzero.domain.errors import InvalidInputError

WHOLE = Decimal(1)
_ZERO = Decimal(0)
# What doubles compute reaches a whole number from below: so near to a lot is that lot, here as in a backtest.
_NEAR = Decimal("1e-9")
# Every division rounds down and keeps more digits than money and shares have.
DOWN = Context(prec=34, rounding=ROUND_FLOOR)
# What something costs is rounded up, so that nothing is bought beyond its budget.
UP = Context(prec=34, rounding=ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Size:
    """quantity is a whole number of lots, at least 0; reason says why it is 0."""

    quantity: Decimal
    reason: str | None = None


def sized(exact: Decimal, lot: Decimal, reason: str) -> Size:
    """Return the quantity rounded down to lots, within a billionth of a lot to that lot; reason is what to say when
    that is none.
    """
    positive("lot", lot)
    lots = DOWN.add(DOWN.divide(exact, lot), _NEAR) if exact > 0 else _ZERO
    quantity = lots.to_integral_value(ROUND_FLOOR) * lot
    return Size(quantity) if quantity > 0 else Size(_ZERO, reason)


def bought(money: Decimal, price: Decimal, lot: Decimal, what: str) -> Size:
    """Return what that much money buys at the price, in lots; what names the money where that is none."""
    least = "one share" if lot == 1 else f"a lot of {lot.normalize():f}"
    shares = DOWN.divide(money, positive("price", price))
    return sized(shares, lot, f"{what} does not buy {least} at {price}")


def to_tick(price: Decimal, tick: Decimal) -> Decimal:
    """Return the price rounded down to whole ticks."""
    positive("tick", tick)
    return DOWN.divide(price, tick).to_integral_value(ROUND_FLOOR) * tick


def positive(name: str, number: Decimal) -> Decimal:
    """Return the number. Raises InvalidInputError unless it is finite and above 0."""
    if not number.is_finite() or number <= 0:
        raise InvalidInputError(f"{name} was {number}; it must be a number above 0")
    return number


def share_of(name: str, percent: Decimal, *, most: Decimal = Decimal(100)) -> Decimal:
    """Return the percent as a fraction. Raises InvalidInputError unless it is above 0 and at most `most`."""
    if not percent.is_finite() or not 0 < percent <= most:
        raise InvalidInputError(f"{name} was {percent}; it must be above 0 and at most {most}")
    return percent / 100
