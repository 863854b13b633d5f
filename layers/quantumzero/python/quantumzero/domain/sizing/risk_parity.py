"""Risk parity: members weighted by the inverse of their volatility, so that each carries the same risk alone.

Origin: S. Maillard, T. Roncalli, J. Teiletche, "The Properties of Equally Weighted Risk Contribution Portfolios", 2010;
with equal correlations, which is what is assumed here, it is the inverse volatility.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.sizing.rounding import DOWN, UP, WHOLE, Size, bought, positive, share_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def risk_parity(
    equity: Decimal,
    prices: Mapping[str, Decimal],
    volatilities: Mapping[str, Decimal],
    *,
    percent: Decimal = Decimal(100),
    lot: Decimal = WHOLE,
) -> Mapping[str, Size]:
    """Return each member's size in lots; together they are worth at most that percent of the equity."""
    if prices.keys() != volatilities.keys() or not prices:
        raise InvalidInputError("prices and volatilities were of other members; give both for each")
    inverse = {
        name: DOWN.divide(Decimal(1), positive(f"volatility of {name}", each))
        for name, each in volatilities.items()
    }
    total = Decimal(0)
    for each in inverse.values():
        total = UP.add(total, each)
    money = DOWN.multiply(equity, share_of("percent", percent))
    return {
        name: _bought(DOWN.divide(DOWN.multiply(money, part), total), prices[name], lot)
        for name, part in inverse.items()
    }


def _bought(money: Decimal, price: Decimal, lot: Decimal) -> Size:
    return bought(money, price, lot, f"{money:.2f}")
