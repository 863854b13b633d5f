"""Fixed fractional risk: so many shares that the stop loses a set percent of the equity.

Origin: R. Vince, "Portfolio Management Formulas"; V. Tharp's percent risk model. A gap through the stop loses more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.sizing.rounding import DOWN, WHOLE, Size, positive, share_of, sized

if TYPE_CHECKING:
    from decimal import Decimal


def fixed_risk(
    equity: Decimal, percent: Decimal, price: Decimal, stop: Decimal, *, lot: Decimal = WHOLE
) -> Size:
    """Return floor(equity x percent / 100 / |price - stop|) in lots, and never more than the equity buys."""
    distance = positive("distance of the stop", abs(price - stop))
    risked = DOWN.multiply(equity, share_of("percent at risk", percent))
    shares = DOWN.divide(risked, distance)
    most = DOWN.divide(equity, positive("price", price))
    reason = f"{percent} % of {equity} at risk does not carry {lot} with the stop {distance} away"
    return sized(min(shares, most), lot, reason)
