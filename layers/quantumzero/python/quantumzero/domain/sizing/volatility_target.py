"""Volatility target: the part of the equity whose expected yearly volatility is the target.

Origin: A. Moreira, T. Muir, "Volatility-Managed Portfolios", Journal of Finance 2017.
"""

from __future__ import annotations

from decimal import Decimal

from quantumzero.domain.sizing.rounding import DOWN, WHOLE, Size, bought, positive, share_of

_MOST_BORROWED = Decimal(1000)


def volatility_target(
    equity: Decimal,
    target_percent: Decimal,
    price: Decimal,
    *,
    volatility_percent: Decimal,
    most_percent: Decimal = Decimal(100),
    lot: Decimal = WHOLE,
) -> Size:
    """Return floor(equity x target / volatility / price) in lots; the weight is at most most_percent of the equity.

    Both volatilities are yearly, in percent.
    """
    target = positive("target_percent", target_percent)
    weight = DOWN.divide(target, positive("volatility_percent", volatility_percent))
    weight = min(weight, share_of("most_percent", most_percent, most=_MOST_BORROWED))
    return bought(
        DOWN.multiply(equity, weight), price, lot, f"a weight of {weight:.4f} of {equity}"
    )
