"""ATR: so many shares that a move of some average true ranges is a set percent of the equity.

Origin: the unit of the Turtles (C. Faith, "Way of the Turtle"): 1 % of equity for one ATR.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.sizing.rounding import DOWN, UP, WHOLE, Size, positive, share_of, sized

if TYPE_CHECKING:
    from decimal import Decimal


def average_range(
    equity: Decimal,
    percent: Decimal,
    price: Decimal,
    *,
    atr: Decimal,
    multiple: Decimal = WHOLE,
    lot: Decimal = WHOLE,
) -> Size:
    """Return floor(equity x percent / 100 / (atr x multiple)) in lots, and never more than the equity buys."""
    move = UP.multiply(positive("atr", atr), positive("multiple", multiple))
    shares = DOWN.divide(DOWN.multiply(equity, share_of("percent at risk", percent)), move)
    most = DOWN.divide(equity, positive("price", price))
    return sized(
        min(shares, most), lot, f"{percent} % of {equity} does not carry {lot} moving by {move}"
    )
