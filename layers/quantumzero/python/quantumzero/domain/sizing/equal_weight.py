"""Equal weight: the equity in as many equal parts as there are members."""

from __future__ import annotations

from decimal import Decimal

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.sizing.rounding import DOWN, WHOLE, Size, bought


def equal_weight(equity: Decimal, members: int, price: Decimal, *, lot: Decimal = WHOLE) -> Size:
    """Return floor(equity / members / price) in lots."""
    if members < 1:
        raise InvalidInputError(f"members were {members}; equity is divided among at least 1")
    part = DOWN.divide(equity, Decimal(members))
    return bought(part, price, lot, f"one part of {members} of {equity}")
