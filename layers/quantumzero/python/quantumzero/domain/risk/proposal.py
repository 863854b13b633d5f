"""What every control looks at: one proposed order and the account at that moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.duplicate_order import fingerprint_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from quantumzero.domain.decisions import Decision
    from quantumzero.domain.orders import OrderTerms, Side
    from quantumzero.domain.risk.account_risk import AccountRisk

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ModelVerdict:
    """The answer of the inference step: score in [0, 1], None when no model answered; model names it."""

    score: Decimal | None
    model: str


NO_MODEL = ModelVerdict(None, "no model")


@dataclass(frozen=True, slots=True)
class Quote:
    """The best prices of a symbol at a moment of market time."""

    bid: Decimal
    ask: Decimal
    at: datetime

    @property
    def sound(self) -> bool:
        """Whether it is a market at all: above zero and not crossed."""
        return self.bid.is_finite() and self.ask.is_finite() and 0 < self.bid <= self.ask


@dataclass(frozen=True, slots=True)
class Proposal:
    """An order that could be written. Money and prices are Decimal in the account's currency; times are UTC.

    price values the order; priced_at is when it was made, at the close of a bar of timeframe, and newer_bars how many
    bars have closed since. newest_price is the newest close at market_time and earlier_price the earliest of the few
    newest. machine_time is the machine's, which rates at the broker and comparisons are measured in. available is
    what may be sold: held less what working sells may still sell.

    At the newest closes: gross_at_market is all that is held, net_at_market the same with shorts negative,
    symbol_at_market this symbol and strategy_at_market this strategy's part; held_at_market has every held symbol.
    held_by_others is how much of the symbol other strategies hold, negative when they are short; opening_against
    how much the strategy's working orders of the other side may open. equity is None where it was not valued.
    last_order is the fingerprint of the strategy's newest order of the symbol; working are the symbol's open
    orders. decision is None when a person ordered. quote_missing says why there is no quote where one was asked
    for. enabled says whether the decision's strategy still is; orders how many orders the proposal becomes, two
    where it turns a position.
    """

    terms: OrderTerms
    price: Decimal
    newest_price: Decimal
    newer_bars: int
    priced_at: datetime
    timeframe: str
    market_time: datetime
    machine_time: datetime
    cash: Decimal
    gross_at_market: Decimal
    symbol_at_market: Decimal
    available: Decimal
    account: AccountRisk
    inference: ModelVerdict
    decision: Decision | None = None
    equity: Decimal | None = None
    net_at_market: Decimal = _ZERO
    strategy_at_market: Decimal = _ZERO
    held_at_market: Mapping[str, Decimal] = field(default_factory=dict)
    held_by_others: Decimal = _ZERO
    opening_against: Decimal = _ZERO
    earlier_price: Decimal | None = None
    quote: Quote | None = None
    quote_missing: str | None = None
    last_order: str | None = None
    last_order_at: datetime | None = None
    working: Sequence[OrderTerms] = ()
    cash_version: int | None = None
    strategy_version: int | None = None
    enabled: bool = True
    orders: int = 1

    @property
    def side(self) -> Side:
        return self.terms.side

    @property
    def quantity(self) -> Decimal:
        return self.terms.quantity

    @property
    def symbol(self) -> str:
        return self.terms.symbol

    @property
    def strategy(self) -> str:
        return self.terms.strategy

    @property
    def value(self) -> Decimal:
        """Return the order's value in money."""
        return self.quantity * self.price

    @property
    def reducing(self) -> bool:
        """Whether the order only makes a position smaller."""
        return self.terms.reducing

    @property
    def fingerprint(self) -> str:
        """Return what the same order again would share with this one."""
        price = self.terms.limit_price or self.terms.stop_price or self.price
        return fingerprint_of(self.side, self.quantity, price, self.terms.order_type)

    @property
    def symbol_used(self) -> Decimal:
        """Return what the symbol uses already: the greater of what its orders reserved and what it is worth."""
        return max(self.account.symbol_used.get(self.symbol, _ZERO), self.symbol_at_market)
