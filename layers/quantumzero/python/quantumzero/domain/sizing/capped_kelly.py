"""Capped Kelly: a fraction of the bet that grows money fastest, with a cap.

Origin: J. L. Kelly, "A New Interpretation of Information Rate", 1956; E. Thorp on fractional Kelly. An edge that is not
positive is no bet.
"""

from __future__ import annotations

from decimal import Decimal

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.sizing.rounding import DOWN, UP, WHOLE, Size, bought, positive, share_of


def capped_kelly(
    equity: Decimal,
    price: Decimal,
    *,
    win_rate: Decimal,
    payoff: Decimal,
    fraction: Decimal = Decimal("0.5"),
    most_percent: Decimal = Decimal(20),
    lot: Decimal = WHOLE,
) -> Size:
    """Return floor(equity x kelly_weight / price) in lots."""
    weight = kelly_weight(
        win_rate=win_rate, payoff=payoff, fraction=fraction, most_percent=most_percent
    )
    if weight <= 0:
        return Size(Decimal(0), f"winning {win_rate} of the time at {payoff} to 1 has no edge")
    return bought(
        DOWN.multiply(equity, weight), price, lot, f"a weight of {weight:.4f} of {equity}"
    )


def kelly_weight(
    *, win_rate: Decimal, payoff: Decimal, fraction: Decimal, most_percent: Decimal
) -> Decimal:
    """Return min(fraction x edge, cap) as a part of the equity, where edge is w - (1 - w) / payoff; 0 without an edge.

    win_rate is between 0 and 1; payoff is the average win over the average loss; fraction is in (0, 1].
    """
    if not win_rate.is_finite() or not 0 <= win_rate <= 1:
        raise InvalidInputError(f"win_rate was {win_rate}; it must be between 0 and 1")
    if not fraction.is_finite() or not 0 < fraction <= 1:
        raise InvalidInputError(f"fraction was {fraction}; it must be above 0 and at most 1")
    edge = win_rate - UP.divide(1 - win_rate, positive("payoff", payoff))
    if edge <= 0:
        return Decimal(0)
    return min(DOWN.multiply(edge, fraction), share_of("most_percent", most_percent))
