"""Fixed quantity: always the same number of shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.sizing.rounding import WHOLE, Size, positive, sized

if TYPE_CHECKING:
    from decimal import Decimal


def fixed_quantity(quantity: Decimal, *, lot: Decimal = WHOLE) -> Size:
    """Return the quantity in lots."""
    reason = f"{quantity} shares are less than one lot of {lot}"
    return sized(positive("quantity", quantity), lot, reason)
