"""Percent of equity: what that share of the equity buys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.sizing.rounding import DOWN, WHOLE, Size, bought, share_of

if TYPE_CHECKING:
    from decimal import Decimal


def percent_of_equity(
    equity: Decimal, percent: Decimal, price: Decimal, *, lot: Decimal = WHOLE
) -> Size:
    """Return floor(equity x percent / 100 / price) in lots.

    equity and price are in money; percent is in (0, 100]. Raises InvalidInputError on another percent or no price.
    """
    money = DOWN.multiply(equity, share_of("percent of equity", percent))
    return bought(money, price, lot, f"{percent} % of equity")
