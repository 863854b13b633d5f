"""The exchange's own books: cash, positions, last prices.

Exact Decimals; pure, no I/O and no clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from local.exchange.orders import SHARE_UNIT, round_price
from quantumzero.domain.orders import Side

if TYPE_CHECKING:
    from local.market_data.values import StockSplit

_COST_UNIT = Decimal("1e-9")


@dataclass(slots=True)
class Holding:
    """A position.

    Signed shares (negative is short) and the signed money they cost, without commissions.
    """

    quantity: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)

    @property
    def average_price(self) -> Decimal:
        """Return the mean entry price."""
        return self.cost / self.quantity if self.quantity else Decimal(0)


@dataclass(slots=True)
class Books:
    """Money and shares of the one account.

    day_start_cash and day_start_quantities are those of the last session open, for the intraday
    figures; previous_closes holds the last price of the session before.
    """

    start_cash: Decimal
    cash: Decimal
    commissions: Decimal = Decimal(0)
    holdings: dict[str, Holding] = field(default_factory=dict)
    last_prices: dict[str, Decimal] = field(default_factory=dict)
    previous_closes: dict[str, Decimal] = field(default_factory=dict)
    previous_equity: Decimal = Decimal(0)

    def quantity(self, symbol: str) -> Decimal:
        """Return the signed shares held."""
        holding = self.holdings.get(symbol)
        return holding.quantity if holding else Decimal(0)

    def market_value(self, symbol: str) -> Decimal:
        """Return the signed value of the holding at the last price."""
        return self.quantity(symbol) * self.last_prices.get(symbol, Decimal(0))

    @property
    def long_value(self) -> Decimal:
        """Return the value of all long holdings."""
        return sum(
            (max(self.market_value(symbol), Decimal(0)) for symbol in self.holdings), Decimal(0)
        )

    @property
    def short_value(self) -> Decimal:
        """Return the value of all short holdings, zero or negative."""
        return sum(
            (min(self.market_value(symbol), Decimal(0)) for symbol in self.holdings), Decimal(0)
        )

    @property
    def equity(self) -> Decimal:
        """Return cash plus the value of all holdings at their last prices."""
        return self.cash + self.long_value + self.short_value

    def trade(
        self, symbol: str, side: Side, quantity: Decimal, price: Decimal, commission: Decimal
    ) -> None:
        """Book one execution.

        Closing shares leave at their mean cost, a flip opens at the price.
        """
        signed = quantity if side is Side.BUY else -quantity
        self.cash -= signed * price + commission
        self.commissions += commission
        holding = self.holdings.setdefault(symbol, Holding())
        before = holding.quantity
        holding.quantity = before + signed
        if before * signed >= 0:
            holding.cost += signed * price
        elif before * holding.quantity > 0:
            holding.cost = (holding.cost * holding.quantity / before).quantize(
                _COST_UNIT, ROUND_HALF_EVEN
            )
        else:
            holding.cost = holding.quantity * price
        if not holding.quantity:
            del self.holdings[symbol]

    def split(self, split: StockSplit) -> None:
        """Multiply the shares held by new / old and divide the known prices.

        Money stays as it is.
        """
        holding = self.holdings.get(split.symbol)
        if holding is not None:
            shares = holding.quantity * split.new / split.old
            holding.quantity = shares.quantize(SHARE_UNIT, ROUND_HALF_EVEN)
        for prices in (self.last_prices, self.previous_closes):
            if split.symbol in prices:
                prices[split.symbol] = round_price(prices[split.symbol] * split.old / split.new)

    def start_day(self) -> None:
        """Remember the figures that day profits are measured from."""
        self.previous_closes = dict(self.last_prices)
        self.previous_equity = self.equity
