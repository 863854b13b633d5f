"""Fixed fractional risk: so many shares that the stop loses a set percent of the equity.

Origin: R. Vince, "Portfolio Management Formulas"; V. Tharp's percent risk model. A gap through the stop loses more.
"""

from __future__ import annotations

from decimal import Decimal

from quantumzero.domain.sizing.rounding import DOWN, WHOLE, Size, positive, share_of, sized


def fixed_risk(
    equity: Decimal,
    percent: Decimal,
    price: Decimal,
    stop: Decimal,
    *,
    most_percent: Decimal | None = Decimal(100),
    lot: Decimal = WHOLE,
) -> Size:
    """Return floor(equity x percent / 100 / |price - stop|) in lots.

    It is worth at most most_percent of the equity; None leaves that to whoever asks.
    """
    distance = positive("distance of the stop", abs(price - stop))
    risked = DOWN.multiply(equity, share_of("percent at risk", percent))
    shares = DOWN.divide(risked, distance)
    if most_percent is not None:
        money = DOWN.multiply(equity, share_of("most_percent", most_percent))
        shares = min(shares, DOWN.divide(money, positive("price", price)))
    reason = f"{percent} % of {equity} at risk does not carry {lot} with the stop {distance} away"
    return sized(shares, lot, reason)
