"""List what the account holds, instrument by instrument."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from quantumzero.contracts.api import Position, PositionList
from quantumzero.contracts.formats import decimal_text
from quantumzero.domain.prices import PRICE_DECIMALS, to_cents
from quantumzero.domain.traded_time import older_than_two_bars

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from quantumzero.usecases.value_holdings import ValuedHolding


def list_positions(
    *, holdings: Sequence[ValuedHolding], market_time: datetime | None
) -> PositionList:
    """Return the holdings by symbol at their newest closes, money to the cent, prices to four decimals."""
    ordered = sorted(holdings, key=lambda valued: valued.holding.symbol)
    return PositionList(positions=[_position(valued, market_time) for valued in ordered])


def _position(valued: ValuedHolding, market_time: datetime | None) -> Position:
    holding = valued.holding
    return Position(
        symbol=holding.symbol,
        quantity=decimal_text(holding.quantity),
        average_price=_price(holding.cost / holding.quantity),
        price=_price(valued.price),
        market_value=decimal_text(to_cents(valued.market_value)),
        unrealised_profit=decimal_text(to_cents(valued.market_value - holding.cost)),
        stale=_stale(valued, market_time),
    )


def _stale(valued: ValuedHolding, market_time: datetime | None) -> bool:
    if valued.priced_at is None or market_time is None:
        return True
    return older_than_two_bars(valued.priced_at, valued.timeframe, market_time)


def _price(price: Decimal) -> str:
    return decimal_text(price.quantize(Decimal(1).scaleb(-PRICE_DECIMALS), ROUND_HALF_EVEN))
