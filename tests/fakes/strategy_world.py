"""The evaluation of strategies on fakes, and the bars that it is given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.bars import Bar
from quantumzero.ports.decisions import EnabledStrategy
from quantumzero.ports.ledger import StrategyHolding
from quantumzero.usecases.evaluate_strategies import EvaluateStrategies
from tests.fakes.held_bars import HeldBars
from tests.fakes.held_cycles import HeldCycles
from tests.fakes.held_decisions import HeldDecisions

if TYPE_CHECKING:
    from quantumzero.domain.decisions import Action, Decision

START = datetime(2005, 2, 1, 21, tzinfo=UTC)
DOCUMENT = """
strategy: cross
version: 1
universe: [AAPL, IBM]
timeframe: 1d
entry: {long: "cross_above(close, sma(close, 2))"}
exit: {long: "cross_below(close, sma(close, 2))"}
sizing: {percent_of_equity: 20}
"""


class World:
    """Everything the use case talks to, in memory."""

    def __init__(self, *documents: str) -> None:
        self.trading = [
            EnabledStrategy(text.split("strategy: ")[1].split()[0], 1, text)
            for text in documents or (DOCUMENT,)
        ]
        self.store = HeldDecisions()
        self.bars = HeldBars()
        self.cycles = HeldCycles()
        self.held: dict[str, StrategyHolding] = {}
        self.orders_follow = True
        self.new_process()

    def new_process(self) -> None:
        self.evaluate = EvaluateStrategies(
            strategies=self,
            decisions=self.store,
            bars=self.bars,
            holdings=self,
            cycles=self.cycles,
        )

    def enabled(self) -> list[EnabledStrategy]:
        return self.trading

    def strategy_holdings(self, strategy: str) -> list[StrategyHolding]:
        return list(self.held.values())

    def has_order_of(self, decision: Decision) -> bool:
        return self.orders_follow

    def hold(self, symbol: str, quantity: int, *, buying: int = 0, selling: int = 0) -> None:
        amounts = (Decimal(quantity), Decimal(buying), Decimal(selling))
        self.held[symbol] = StrategyHolding("cross", symbol, *amounts)

    def close(self, *bars: Bar) -> list[tuple[Action, str]]:
        """Project and evaluate the bars; return what was decided."""
        self.bars.put_bars(bars)
        outcome = self.evaluate(bars)
        return [(decision.action, decision.reason) for decision in outcome.decisions]


def bar(day: int, close: float, symbol: str = "AAPL") -> Bar:
    closes_at = START + timedelta(days=day)
    price = round(close * 10_000)
    return Bar(
        symbol, "1d", closes_at - timedelta(hours=6, minutes=30), closes_at,
        price, price, price, price, 100, 4,
    )  # fmt: skip
