"""One random market traded twice: by the live order path on fakes, and by the simulation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.domain.calendars import next_session, to_us
from quantumzero.domain.decisions import Action
from quantumzero.domain.orders import OrderState, OrderType
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.research.limits import BacktestLimits
from quantumzero.research.refusals import Account, refusals_of
from quantumzero.research.simulation.request import (
    ENTER_LONG,
    ENTER_SHORT,
    EXIT_LONG,
    OrderKind,
    SimulationRequest,
    SimulationSettings,
)
from quantumzero.usecases.close_session import CloseSession
from quantumzero.usecases.decide_order import terms_of
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.domain.decisions import Decision
    from quantumzero.domain.orders import OrderRecord
    from quantumzero.domain.risk.account_risk import RiskLimits
    from quantumzero.research.simulation.request import SimulationOutcome

SYMBOLS = ("AAPL", "GOOG", "IBM", "MSFT")
STRATEGY = "sma-cross"
CASH = Decimal(100_000)
HOURS = (15, 18, 21)
"""Three rows a session, UTC: the last one at the close."""
_ENTRIES = ((ENTER_LONG, Action.ENTER_LONG), (ENTER_SHORT, Action.ENTER_SHORT))
_EXITS = ((EXIT_LONG, Action.EXIT_LONG),)


@dataclass(frozen=True, slots=True)
class Happened:
    """One order: None where no control compared a number; code None for an order that was sent."""

    row: int
    symbol: str
    side: str
    quantity: float
    code: str | None = None
    text: str = ""
    limit: float | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class World:
    """A market whose bars open where the one before closed, so that orders cost what was reserved.

    close and limit are [symbols, rows], in quarters of money: exact in both kinds of number.
    """

    times: tuple[datetime, ...]
    close: Any
    bits: Any
    limit: Any
    percent: float
    limits: RiskLimits
    by_limit: bool

    @property
    def opens(self) -> Any:
        return np.concatenate([self.close[:, :1], self.close[:, :-1]], axis=1)


def session_times(sessions: int) -> tuple[datetime, ...]:
    """Return the rows' closes of so many sessions from March 2005 on."""
    day, times = datetime(2005, 3, 1, tzinfo=UTC).date(), []
    for _ in range(sessions):
        day = next_session(day).day
        times += [datetime(day.year, day.month, day.day, hour, tzinfo=UTC) for hour in HOURS]
    return tuple(times)


class LiveRun:
    """The order path on fakes, row by row."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.desk = OrderDesk(cash=CASH)
        self.happened: list[Happened] = []
        self.pending: list[OrderRecord] = []
        risk = self.desk.ledger.risk()
        self.desk.ledger._risk = replace(risk, limits=world.limits)
        self.closing = CloseSession(
            books=self.desk.ledger,
            sessions=self.desk.ledger,
            bars=self.desk.bars,
            timeframes=("1d",),
            market=self.desk.market,
            heartbeats=self.desk.heartbeats,
            stops=self.desk.stops,
        )

    def run(self) -> list[Happened]:
        """Return everything that happened to every order."""
        for row, time in enumerate(self.world.times):
            self._fill(row)
            elapsed = (time - self.desk.market.now()).total_seconds()
            self.desk.market.advance(elapsed)
            self.desk.machine.advance(elapsed)
            for place, symbol in enumerate(SYMBOLS):
                self.desk.price(symbol, str(self.world.close[place, row]), time)
            for place, symbol in enumerate(SYMBOLS):
                self._decide(place, symbol, row)
            if time.hour == HOURS[-1]:
                self.closing.close()
        return self.happened

    def _fill(self, row: int) -> None:
        for record in self.pending:
            terms = record.terms
            price = Decimal(str(self.world.opens[SYMBOLS.index(terms.symbol), row]))
            order = self.desk.broker.fill(terms.client_order_id, terms.quantity, price)
            self.desk.apply.apply(order)
        self.pending = []

    def _decide(self, place: int, symbol: str, row: int) -> None:
        """Ask as a strategy does: an entry when flat, long before short; an exit when something is held."""
        holdings = self.desk.ledger.strategy_holdings(STRATEGY)
        held = next((each.quantity for each in holdings if each.symbol == symbol), Decimal(0))
        bits = int(self.world.bits[place, row])
        wanted = _EXITS if held else _ENTRIES
        action = next((action for bit, action in wanted if bits & bit), None)
        if action is None:
            return
        percent = Decimal(str(self.world.percent))
        decision = self.desk.decision(symbol, action, percent_of_equity=percent)
        if action is not Action.EXIT_LONG and self.world.by_limit:
            record = self._write_limit(decision, Decimal(str(self.world.limit[place, row])))
        else:
            verdict = self.desk.decide.decide(decision, NO_MODEL)
            record = self.desk.ledger.records[verdict.client_order_id]
        self._note(record, row)

    def _write_limit(self, decision: Decision, limit: Decimal) -> OrderRecord:
        decide = self.desk.decide
        reading = decide.facts.read(
            STRATEGY, decision.symbol, timeframe="1d", until=decision.closes_at
        )
        terms = replace(
            terms_of("main", decision, reading), order_type=OrderType.LIMIT, limit_price=limit
        )
        proposal = decide.facts.propose(
            terms,
            reading,
            price=price_decimal(decision.price),
            priced_at=decision.closes_at,
            timeframe="1d",
            inference=NO_MODEL,
            decision=decision,
        )
        return decide.write(proposal, reading)

    def _note(self, record: OrderRecord, row: int) -> None:
        terms = record.terms
        denied = record.state is OrderState.DENIED
        if not denied:
            self.desk.place.place(terms.client_order_id, request="r1")
            self.pending.append(record)
        self.happened.append(
            Happened(
                row,
                terms.symbol,
                terms.side.value,
                float(terms.quantity),
                record.code if denied else None,
                (record.reason or "") if denied else "",
                None if record.limit is None else float(record.limit),
                None if record.value is None else float(record.value),
            )
        )


def simulated(
    world: World, run: Callable[[SimulationRequest], SimulationOutcome]
) -> list[Happened]:
    """Return everything that happened to every order of the simulation."""
    request = request_of(world)
    outcome = run(request)
    grid: Any = SimpleNamespace(symbols=SYMBOLS, time=request.time, close=request.close)
    account = Account(STRATEGY, world.limits)
    refusals = refusals_of(outcome.refusals, grid, request.settings, account)
    row_of = {time: row for row, time in enumerate(request.time.tolist())}
    happened = [
        Happened(
            row_of[each.time],
            each.symbol,
            each.side,
            each.quantity,
            each.code,
            each.text,
            each.limit,
            each.value,
        )
        for each in refusals
    ]
    orders = outcome.orders
    columns = (orders.decided_at, orders.symbol, orders.side, orders.quantity)
    for time, symbol, side, quantity in zip(*(each.tolist() for each in columns), strict=True):
        word = "buy" if side == 0 else "sell"
        happened.append(Happened(row_of[time], SYMBOLS[symbol], word, quantity))
    return sorted(happened, key=lambda each: (each.row, each.symbol))


def request_of(world: World) -> SimulationRequest:
    """Return the world as the simulation takes it."""
    limits = BacktestLimits(world.limits)
    time = np.array([to_us(each) for each in world.times], dtype=np.int64)
    opens = time - to_us(datetime(1970, 1, 1, 2, tzinfo=UTC))
    shape = world.close.shape
    settings = SimulationSettings(
        cash=float(CASH),
        amount=world.percent / 100,
        allow_short=False,
        order_kind=OrderKind.LIMIT if world.by_limit else OrderKind.MARKET,
    )
    prices = np.ascontiguousarray(world.opens)
    return SimulationRequest(
        time=time,
        opens=opens,
        session=(np.arange(len(time)) // len(HOURS)).astype(np.int32),
        days=np.ones(len(time), dtype=np.int32),
        month=np.zeros(len(time), dtype=np.int32),
        open=prices,
        high=np.maximum(prices, world.close),
        low=np.minimum(prices, world.close),
        close=world.close,
        volume=np.full(shape, 1e9),
        settings=limits.settings(settings),
        signals=world.bits,
        limit=world.limit,
        restricted=limits.restricted(SYMBOLS),
        sector=limits.sectors(SYMBOLS),
        closed=limits.closed(time),
    )
