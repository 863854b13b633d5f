"""One document over the same real bars twice: as the order path trades it on fakes, and as a backtest computes it.

The broker fills every order whole at the next open, and the bars have volume enough that the backtest's orders do too.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
from bokeh_sampledata import stocks

from quantumzero.domain.bars import Bar
from quantumzero.domain.calendars import from_us, session_bounds_us
from quantumzero.domain.orders import OrderRecord, OrderState
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.domain.strategy.split_adjustment import exchange_date
from quantumzero.research import backtest
from quantumzero.research.frames import history_from
from quantumzero.research.result import SIDES
from quantumzero.usecases.evaluate_strategies import EvaluateStrategies
from tests.fakes.held_cycles import HeldCycles
from tests.fakes.held_strategies import HeldStrategies
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from quantumzero.domain.decisions import Decision
    from quantumzero.research.history import MarketHistory
    from quantumzero.research.result import BacktestResult

FIRST = "2004-08-19"
SYMBOLS = ("AAPL", "GOOG", "IBM", "MSFT")
VOLUME = 1_000_000_000
_NAMES = ("open", "high", "low", "close")

Order = tuple[str, str, str, Decimal]
"""Date, symbol, side, quantity."""


class BothWays:
    """The same document traded and backtested over the first sessions of real bars."""

    def __init__(self, document: str, *, sessions: int = 120, short_selling: bool = False) -> None:
        self.document, self.sessions = document, sessions
        self._limits = {"limits": {"short_selling": True}} if short_selling else {}
        self.desk = OrderDesk()
        risk = self.desk.ledger.risk()
        limits = replace(risk.limits, short_selling=short_selling)
        self.desk.ledger._risk = replace(risk, limits=limits)
        self.days = [_bars_of(row) for row in range(sessions)]
        began = self.days[0][0].opens_at
        self.strategies = HeldStrategies()
        name = document.split("strategy: ")[1].split()[0]
        self.strategies.create(name, document, now=began)
        self.strategies.set_enabled(name, 1, now=began)
        self._evaluate = EvaluateStrategies(
            strategies=self.strategies,
            decisions=self.desk.decisions,
            bars=self.desk.bars,
            holdings=self.desk.ledger,
            cycles=HeldCycles(),
        )
        self.decided: list[Decision] = []

    def trade(self) -> BothWays:
        """Live every session: orders fill at the open, and the close is decided."""
        for bars in self.days:
            self._turn(bars[0].opens_at)
            self.open(bars)
            self._turn(bars[0].closes_at)
            self.close(bars)
        return self

    def open(self, bars: list[Bar]) -> None:
        """Fill what waits for the open; exits first, so that a turn's second half can be sent and filled as well."""
        opens = {bar.symbol: Decimal(bar.open) / 10_000 for bar in bars}
        for _ in range(2):
            for record in list(self.desk.ledger.records.values()):
                if record.state is OrderState.INTENT and not record.held:
                    self.desk.place.place(record.terms.client_order_id, request="open")
            for name, order in list(self.desk.broker.accepted.items()):
                if order.status == "new":
                    filled = self.desk.broker.fill(name, order.quantity, opens[order.symbol])
                    self.desk.apply.apply(filled)

    def close(self, bars: list[Bar]) -> None:
        self.desk.bars.put_bars(bars)
        for decision in self._evaluate(bars).decisions:
            self.decided.append(decision)
            if decision.actionable:
                verdict = self.desk.decide.decide(decision, NO_MODEL)
                if verdict.approved:
                    self.desk.place.place(verdict.client_order_id, request="close")

    def _turn(self, now: datetime) -> None:
        for clock in (self.desk.market, self.desk.machine):
            clock.advance((now - clock.now()).total_seconds())

    def history(self) -> MarketHistory:
        return history_from({symbol: _frame(symbol, self.sessions) for symbol in SYMBOLS})

    def row_of(self, decision: Decision) -> int:
        """Return which of the sessions the decision was made in."""
        return [bars[0].closes_at for bars in self.days].index(decision.closes_at)

    def backtest(self, **options: Any) -> BacktestResult:
        """Return the backtest as `make up` compares itself with."""
        settings = {"cash": 100_000, "preset": "replay", "decisions": True} | self._limits | options
        return backtest(self.document, self.history(), **settings)

    def actions(self) -> dict[tuple[str, str], str]:
        return {
            (exchange_date(each.closes_at), each.symbol): each.action.value for each in self.decided
        }

    def orders(self) -> set[Order]:
        """Return what was sent by decisions: neither refused nor a protective leg."""
        return {
            _order(each)
            for each in self.desk.ledger.records.values()
            if each.state is not OrderState.DENIED and each.terms.origin.value == "strategy"
        }

    def refusals(self) -> set[tuple[str, str, str | None]]:
        return {
            (exchange_date(each.created_at), each.terms.symbol, each.code)
            for each in self.desk.ledger.records.values()
            if each.state is OrderState.DENIED
        }


def backtested_actions(result: BacktestResult) -> dict[tuple[str, str], str]:
    return {(_date(each["time"]), each["symbol"]): each["action"] for each in result.decisions}


def backtested_orders(result: BacktestResult) -> set[Order]:
    orders = result.orders
    return {
        (
            _date(orders.decided_at[row]),
            result.symbols[orders.symbol[row]],
            SIDES[orders.side[row]],
            _shares(Decimal(repr(float(orders.quantity[row])))),
        )
        for row in range(len(orders))
    }


def backtested_refusals(result: BacktestResult) -> set[tuple[str, str, str | None]]:
    return {(_date(each.time), each.symbol, each.code) for each in result.refusals}


def _order(record: OrderRecord) -> Order:
    terms = record.terms
    quantity = _shares(terms.quantity)
    return exchange_date(record.created_at), terms.symbol, terms.side.value, quantity


def _shares(quantity: Decimal) -> Decimal:
    """Return the quantity to a ten thousandth: parts of a share are rounded down live, and doubles in a backtest."""
    return quantity.quantize(Decimal("0.0001")).normalize()


def _date(time_us: int) -> str:
    return exchange_date(from_us(int(time_us)))


def _bars_of(row: int) -> list[Bar]:
    """Return the bars of every symbol in the session of that row."""
    bars = []
    for symbol in SYMBOLS:
        table = getattr(stocks, symbol)
        place = table["date"].index(FIRST) + row
        day = date.fromisoformat(table["date"][place])
        opens_at, closes_at = (
            datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=each)
            for each in session_bounds_us((day - date(1970, 1, 1)).days)
        )
        prices = [round(table[name][place] * 10_000) for name in _NAMES]
        bars.append(Bar(symbol, "1d", opens_at, closes_at, *prices, VOLUME, 4))
    return bars


def _frame(symbol: str, sessions: int) -> pd.DataFrame:
    table = getattr(stocks, symbol)
    first = table["date"].index(FIRST)
    part = {name: table[name][first : first + sessions] for name in ("date", *_NAMES)}
    return pd.DataFrame({**part, "volume": VOLUME})
