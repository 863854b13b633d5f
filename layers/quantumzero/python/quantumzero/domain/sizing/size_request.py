"""The size of an entry as a decision carries it: the document's method, and what it reads on the decision's bar.

The arithmetic is that of a backtest (research/simulation/reference_sizes.py): equity at the newest closes, the price of
the decision's close, rounded down to lots. Nothing is cut to what the account can pay for: the controls refuse it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from quantumzero.domain.sizing.fixed_notional import fixed_notional
from quantumzero.domain.sizing.fixed_quantity import fixed_quantity
from quantumzero.domain.sizing.fixed_risk import fixed_risk
from quantumzero.domain.sizing.percent_of_equity import percent_of_equity
from quantumzero.domain.sizing.rounding import DOWN, Size
from quantumzero.domain.sizing.volatility_target import volatility_target
from quantumzero.domain.strategy.document import SizingMethod

_ZERO = Decimal(0)
_CENT = Decimal("0.01")
# Parts of a share as brokers count them.
SMALLEST_PART = Decimal("1e-9")
_BY_MONEY = (
    SizingMethod.PERCENT_OF_EQUITY,
    SizingMethod.FIXED_NOTIONAL,
    SizingMethod.VOLATILITY_TARGET,
)


@dataclass(frozen=True, slots=True)
class SizeRequest:
    """How large an entry is to be.

    amount is percent, shares or money, as the method says. lot is the least step in shares, None for parts of a share.
    stop_distance (RISK_PERCENT) is money a share between the close and the stop; volatility_percent
    (VOLATILITY_TARGET) is the yearly volatility, most_percent the greatest share of the equity. They are None where
    the bar does not tell.
    """

    method: SizingMethod
    amount: Decimal
    lot: int | None = 1
    stop_distance: Decimal | None = None
    volatility_percent: Decimal | None = None
    most_percent: Decimal = Decimal(100)

    @property
    def by_money(self) -> bool:
        """Whether parts of a share are bought for an amount of money, fees and all, rather than counted."""
        return self.lot is None and self.method in _BY_MONEY


def entry_size(request: SizeRequest, equity: Decimal, price: Decimal) -> Size:
    """Return the shares of an entry at that price; equity and price are in the account's currency."""
    if request.by_money:
        return _bought_for(entry_money(request, equity), request, price)
    lot = SMALLEST_PART if request.lot is None else Decimal(request.lot)
    return _size(request, equity, price, lot)


def entry_money(request: SizeRequest, equity: Decimal) -> Decimal:
    """Return what an entry by money costs, in whole cents: at a price of one, shares are money."""
    return _size(request, equity, Decimal(1), _CENT).quantity


def _bought_for(money: Decimal, request: SizeRequest, price: Decimal) -> Size:
    shares = DOWN.divide(money, price).quantize(SMALLEST_PART, ROUND_FLOOR)
    if shares > 0:
        return Size(shares)
    return Size(_ZERO, f"{request.method} of {request.amount} does not buy a part of a share")


def _size(request: SizeRequest, equity: Decimal, price: Decimal, lot: Decimal) -> Size:
    if request.method is SizingMethod.FIXED_QUANTITY:
        return fixed_quantity(request.amount, lot=lot)
    if request.method is SizingMethod.FIXED_NOTIONAL:
        return fixed_notional(request.amount, price, lot=lot)
    if request.method is SizingMethod.RISK_PERCENT:
        return _by_risk(request, equity, price, lot)
    if request.method is SizingMethod.VOLATILITY_TARGET:
        return _by_volatility(request, equity, price, lot)
    return percent_of_equity(equity, request.amount, price, lot=lot)


def _by_risk(request: SizeRequest, equity: Decimal, price: Decimal, lot: Decimal) -> Size:
    distance = request.stop_distance
    if distance is None or distance <= 0:
        known = "not known" if distance is None else distance
        return Size(_ZERO, f"the stop's distance is {known}, and risk_percent sizes by it")
    stop = price - distance
    return fixed_risk(equity, request.amount, price, stop, most_percent=None, lot=lot)


def _by_volatility(request: SizeRequest, equity: Decimal, price: Decimal, lot: Decimal) -> Size:
    volatility = request.volatility_percent
    if volatility is None or volatility <= 0:
        known = "not known" if volatility is None else volatility
        return Size(_ZERO, f"the volatility is {known}, and volatility_target sizes by it")
    return volatility_target(
        equity,
        request.amount,
        price,
        volatility_percent=volatility,
        most_percent=request.most_percent,
        lot=lot,
    )
