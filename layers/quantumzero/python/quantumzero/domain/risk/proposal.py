"""What every control looks at: one proposed order and the account at that moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.orders import Side

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from quantumzero.domain.decisions import Decision
    from quantumzero.domain.risk.account_risk import AccountRisk


@dataclass(frozen=True, slots=True)
class ModelVerdict:
    """The answer of the inference step: score in [0, 1], None when no model answered; model names it."""

    score: Decimal | None
    model: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """An order that could follow a decision. Money and prices are Decimal in the account's currency; times are UTC.

    price values the order (the decision's close); newest_price is the newest close of the symbol at market_time and
    newer_bars how many bars have closed after the decision's. gross_at_market and symbol_at_market value what is held
    at the newest closes. available is what may be sold: held less what working sells may still sell.
    """

    decision: Decision
    side: Side
    quantity: Decimal
    price: Decimal
    newest_price: Decimal
    newer_bars: int
    market_time: datetime
    cash: Decimal
    gross_at_market: Decimal
    symbol_at_market: Decimal
    available: Decimal
    account: AccountRisk
    inference: ModelVerdict

    @property
    def value(self) -> Decimal:
        """Return the order's value in money."""
        return self.quantity * self.price

    @property
    def reducing(self) -> bool:
        """Whether the order only makes a position smaller."""
        return self.side is Side.SELL
