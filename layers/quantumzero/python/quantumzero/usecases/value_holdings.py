"""Value what the account holds at the newest closes that are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.calendars import EXCHANGE_ZONE
from quantumzero.domain.errors import StoppedError
from quantumzero.domain.prices import price_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from quantumzero.domain.bars import Bar, Split
    from quantumzero.ports.ledger import Holding, LedgerReader
    from quantumzero.ports.market_data import BarStore

NEWEST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ValuedHolding:
    """A holding at its newest close; priced_at is None when no bar is known: then the price is what it cost."""

    holding: Holding
    timeframe: str
    price: Decimal
    priced_at: datetime | None

    @property
    def market_value(self) -> Decimal:
        return self.holding.quantity * self.price


def exchange_date(time: datetime) -> date:
    """Return the exchange's calendar date at an instant."""
    return time.astimezone(EXCHANGE_ZONE).date()


def split_adjusted(
    price: Decimal, priced_on: date, splits: Iterable[Split], today: date | None
) -> Decimal:
    """Return what the price of an earlier date means for a share held now.

    The ledger multiplies quantities before the open of the ex-date, while the newest close is still of the day before.
    today bounds the ex-dates that have come; None takes every known one.
    """
    for split in splits:
        ex_date = date.fromisoformat(split.ex_date)
        if ex_date > priced_on and (today is None or ex_date <= today):
            price = price * split.old / split.new
    return price


def value_holdings(
    *,
    ledger: LedgerReader,
    bars: BarStore,
    timeframes: Sequence[str],
    today: date | None,
) -> list[ValuedHolding]:
    """Return every holding with its newest close over the timeframes, in the ledger's order.

    An account that has no ledger yet holds nothing.
    """
    valued = []
    for holding in _held(ledger):
        bar = _newest_bar(holding.symbol, bars, timeframes)
        if bar is None:
            cost = holding.cost / holding.quantity if holding.quantity else Decimal(0)
            valued.append(ValuedHolding(holding, timeframes[0], cost, None))
            continue
        price = split_adjusted(
            price_decimal(bar.close),
            exchange_date(bar.opens_at),
            bars.splits(holding.symbol),
            today,
        )
        valued.append(ValuedHolding(holding, bar.timeframe, price, bar.closes_at))
    return valued


def _held(ledger: LedgerReader) -> Sequence[Holding]:
    try:
        return ledger.holdings()
    except StoppedError:
        return []


def _newest_bar(symbol: str, bars: BarStore, timeframes: Sequence[str]) -> Bar | None:
    newest: Bar | None = None
    for timeframe in timeframes:
        for bar in bars.bars(symbol, timeframe, until=NEWEST, limit=1):
            if newest is None or bar.closes_at > newest.closes_at:
                newest = bar
    return newest
