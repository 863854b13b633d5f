"""Fixed notional: what an amount of money buys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.sizing.rounding import DOWN, WHOLE, Size, lot_words, positive, sized

if TYPE_CHECKING:
    from decimal import Decimal


def fixed_notional(money: Decimal, price: Decimal, *, lot: Decimal = WHOLE) -> Size:
    """Return floor(money / price) in lots."""
    shares = DOWN.divide(positive("money", money), positive("price", price))
    return sized(shares, lot, f"{money} does not buy {lot_words(lot)} at {price}")
