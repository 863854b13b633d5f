"""Fixed notional: what an amount of money buys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.sizing.rounding import WHOLE, Size, bought, positive

if TYPE_CHECKING:
    from decimal import Decimal


def fixed_notional(money: Decimal, price: Decimal, *, lot: Decimal = WHOLE) -> Size:
    """Return floor(money / price) in lots."""
    return bought(positive("money", money), price, lot, f"{money}")
