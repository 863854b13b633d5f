"""Gather what the controls look at, with as few reads as they allow.

Cash is read before what strategies hold: every fill moves its version, so a reservation that names the version knows
that nothing filled since.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.errors import NotFoundError, UnavailableError
from quantumzero.domain.portfolio import Position, equity, gross_value, non_zero
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.risk.proposal import ModelVerdict, Proposal
from quantumzero.ports.ledger import (
    AccountLedger,
    AccountPicture,
    OrderLedger,
    StrategyHolding,
    StrategyHoldings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from quantumzero.domain.bars import Bar
    from quantumzero.domain.decisions import Decision
    from quantumzero.domain.orders import OrderTerms
    from quantumzero.domain.risk.account_risk import AccountRisk
    from quantumzero.domain.risk.proposal import Quote
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.market_data import BarStore, MarketQuotes
    from quantumzero.ports.strategies import StrategyRepository
    from quantumzero.usecases.change_limits import ChangeLimits

_NEWEST_BARS = 3
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read of the ledger for one attempt; prices are the newest closes of what is held."""

    risk: AccountRisk
    picture: AccountPicture
    holdings: Sequence[StrategyHolding]
    own: StrategyHolding
    working: Sequence[OrderTerms]
    prices: Mapping[str, Decimal]

    @property
    def quantities(self) -> Mapping[str, Decimal]:
        return {each.symbol: each.quantity for each in non_zero(self.picture.positions)}

    @property
    def equity(self) -> Decimal:
        """Return what the account is worth at the newest closes."""
        return equity(self.picture.cash, self.quantities, self.prices)

    def position(self, symbol: str) -> Position:
        for each in self.picture.positions:
            if each.symbol == symbol:
                return each
        return Position(symbol)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """Read the account and the market for one order; documents says which strategies are enabled.

    quotes is None where decisions are made on bars alone."""

    ledger: OrderLedger
    books: AccountLedger
    strategies: StrategyHoldings
    bars: BarStore
    market: MarketClock
    machine: MachineClock
    limits: ChangeLimits
    documents: StrategyRepository | None = None
    quotes: MarketQuotes | None = None

    def read(self, strategy: str, symbol: str, *, timeframe: str, until: datetime) -> Reading:
        """Return the account as it is now, valued at the closes of the timeframe up to that time."""
        risk = self.ledger.risk()
        if not self.limits.in_force(risk):
            self.limits.take_effect()
            risk = self.ledger.risk()
        picture = self.books.picture()
        holdings = self.strategies.strategy_holdings(strategy)
        nothing = StrategyHolding(strategy, symbol, _ZERO, _ZERO, _ZERO)
        own = next((each for each in holdings if each.symbol == symbol), nothing)
        prices = {
            each.symbol: self._close(each, timeframe, until) for each in non_zero(picture.positions)
        }
        return Reading(risk, picture, holdings, own, self._working(risk, own), prices)

    def newest_bar(self, symbol: str, timeframes: Sequence[str]) -> Bar | None:
        """Return the symbol's newest bar of any of the timeframes, None when none is stored."""
        now = self.market.now()
        found = [
            bar
            for timeframe in timeframes
            for bar in self.bars.bars(symbol, timeframe, until=now, limit=1)
        ]
        return max(found, key=lambda bar: bar.closes_at, default=None)

    def propose(
        self,
        terms: OrderTerms,
        reading: Reading,
        *,
        price: Decimal,
        priced_at: datetime,
        timeframe: str,
        inference: ModelVerdict,
        decision: Decision | None = None,
    ) -> Proposal:
        """Return what the controls are asked about; price values the order and was made at priced_at."""
        symbol, prices, quantities = terms.symbol, reading.prices, reading.quantities
        now = max(self.market.now(), priced_at)
        newest = self.bars.bars(symbol, timeframe, until=now, limit=_NEWEST_BARS)
        held = quantities.get(symbol, _ZERO)
        at_market = {name: abs(amount) * prices[name] for name, amount in quantities.items()}
        own = reading.own
        quote, missing = (None, None) if terms.reducing else self._quote(symbol)
        return Proposal(
            terms=terms,
            price=price,
            newest_price=_price(newest, -1) or _ZERO,
            newer_bars=sum(1 for bar in newest if bar.closes_at > priced_at),
            priced_at=priced_at,
            timeframe=timeframe,
            market_time=now,
            machine_time=self.machine.now(),
            cash=reading.picture.cash,
            gross_at_market=gross_value(quantities, prices),
            symbol_at_market=abs(held) * prices.get(symbol, price) + own.pending_buy * price,
            available=min(held, own.quantity) - own.pending_sell,
            account=reading.risk,
            inference=inference,
            decision=decision,
            equity=reading.equity,
            net_at_market=reading.equity - reading.picture.cash,
            strategy_at_market=_strategy_value(reading),
            held_at_market=at_market,
            held_by_others=held - own.quantity,
            opening_against=own.opening(terms.side.opposite),
            earlier_price=_price(newest, 0),
            quote=quote,
            quote_missing=missing,
            last_order=own.last_order,
            last_order_at=own.last_order_at,
            working=reading.working,
            cash_version=reading.picture.cash_version,
            strategy_version=own.version,
            enabled=terms.reducing or decision is None or self._enabled(decision.strategy),
        )

    def _quote(self, symbol: str) -> tuple[Quote | None, str | None]:
        """Return the newest quote, else why there is none; neither where none is asked for."""
        if self.quotes is None:
            return None, None
        try:
            quote = self.quotes.quote(symbol)
        except UnavailableError as error:
            return None, f"the quote of {symbol} could not be read, so it is not entered: {error}"
        missing = f"no quote of {symbol} is known, so it is not entered"
        return (quote, None) if quote is not None else (None, missing)

    def _enabled(self, strategy: str) -> bool:
        """Tell whether the strategy trades now: it may have been disabled since it decided."""
        if self.documents is None:
            return True
        try:
            return self.documents.strategy(strategy).enabled
        except NotFoundError:
            return False

    def _working(self, risk: AccountRisk, own: StrategyHolding) -> Sequence[OrderTerms]:
        """Return the symbol's open orders; the index is asked where the account, or the part read later, has any."""
        symbol = own.symbol
        if risk.working.get(symbol, 0) <= 0 and not (own.pending_buy or own.pending_sell):
            return ()
        return tuple(
            each.terms for each in self.ledger.open_orders() if each.terms.symbol == symbol
        )

    def _close(self, position: Position, timeframe: str, until: datetime) -> Decimal:
        """Return the newest close of a holding; cost stands in where no bar is known."""
        bars = self.bars.bars(position.symbol, timeframe, until=until, limit=1)
        return _price(bars, -1) or position.cost / position.quantity


def _price(bars: Sequence[Bar], index: int) -> Decimal | None:
    return price_decimal(bars[index].close) if bars else None


def _strategy_value(reading: Reading) -> Decimal:
    """Return what the strategy holds at the newest closes; a part of nothing that is held counts as nothing."""
    prices = reading.prices
    return sum(
        (abs(each.quantity) * prices.get(each.symbol, _ZERO) for each in reading.holdings), _ZERO
    )
