"""Days decided again on fakes: equal as long as nothing stored was changed, and each change named."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from quantumzero.domain.bars import Bar, Split
from quantumzero.domain.decisions import Action, Decision
from quantumzero.domain.order_identity import order_id_of
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.usecases.evaluate_strategies import HELD_AS_LATE, EvaluateStrategies
from quantumzero.usecases.replay_day import ReplayDay, ReplayReport
from quantumzero.usecases.size_again import SizeAgain
from tests.fakes.held_cycles import HeldCycles
from tests.fakes.held_strategies import HeldStrategies
from tests.fakes.order_desk import OrderDesk
from tests.fakes.strategy_world import DOCUMENT, bar

DAYS = 12
FIRST = date(2005, 2, 1)


class Days:
    """Some sessions of one strategy: bars close, decisions become orders, orders fill on the next day."""

    def __init__(self, document: str = DOCUMENT) -> None:
        self.desk = OrderDesk()
        self.desk.reconcile.begin(at=bar(0, 1).closes_at)
        self.strategies = HeldStrategies()
        self.strategies.create("cross", document, now=bar(0, 1).closes_at)
        self.strategies.set_enabled("cross", 1, now=bar(0, 1).closes_at)
        self.store = self.desk.decisions
        self.evaluate = EvaluateStrategies(
            strategies=self.strategies,
            decisions=self.store,
            bars=self.desk.bars,
            holdings=self.desk.ledger,
            cycles=HeldCycles(),
        )
        chosen = random.Random(3)  # noqa: S311 - repeatable on purpose
        for day in range(DAYS):
            self.live(day, {name: chosen.uniform(30, 50) for name in ("AAPL", "IBM")})

    def live(self, day: int, closes: dict[str, float]) -> None:
        bars = [bar(day, close, symbol) for symbol, close in closes.items()]
        self._turn(bars[0].opens_at)
        self._fill()
        self._turn(bars[0].closes_at)
        self.desk.bars.put_bars(bars)
        for decision in self.evaluate(bars).decisions:
            if decision.actionable:
                verdict = self.desk.decide.decide(decision, NO_MODEL)
                self.desk.place.place(verdict.client_order_id, request="r")

    def _turn(self, now: datetime) -> None:
        for clock in (self.desk.market, self.desk.machine):
            clock.advance((now - clock.now()).total_seconds())

    def _fill(self) -> None:
        for name, order in list(self.desk.broker.accepted.items()):
            if order.status == "new":
                price = Decimal(40) + Decimal(len(name + order.symbol)) / 100
                self.desk.apply.apply(self.desk.broker.fill(name, order.quantity, price))

    def again(self, day: int) -> ReplayReport:
        ledger, bars = self.desk.ledger, self.desk.bars
        size = SizeAgain(
            account="main",
            ledger=ledger,
            books=ledger,
            strategies=ledger,
            journal=ledger,
            reports=ledger,
            bars=bars,
        )
        replaying = ReplayDay(
            account="main",
            decisions=self.store,
            strategies=self.strategies,
            bars=bars,
            ledger=ledger,
            size=size,
        )
        return replaying.replay(FIRST + timedelta(days=day))

    def acted(self, actions: tuple[Action, ...] = tuple(Action)) -> tuple[int, Decision]:
        """Return a day with an order in the middle of the history, and its decision."""
        found = [
            (day, each)
            for day in range(DAYS)
            for each in self.store.decisions(strategy=None, symbol=None, limit=99, cursor=None)[0]
            if each.actionable
            and each.action in actions
            and each.closes_at.date() == FIRST + timedelta(days=day)
        ]
        return found[len(found) // 2]


@pytest.fixture
def days() -> Days:
    return Days()


def test_every_day_comes_out_equal_whatever_was_booked_since(days: Days) -> None:
    reports = [days.again(day) for day in range(DAYS)]
    assert [each.differences for each in reports] == [[]] * DAYS
    assert sum(each.decisions for each in reports) == 2 * DAYS
    assert sum(each.orders for each in reports) == len(days.desk.ledger.records) > 4
    assert days.again(DAYS + 5) == ReplayReport()


def test_a_changed_bar_a_changed_quantity_and_a_lost_order_are_named(days: Days) -> None:
    day, decision = days.acted()
    name = order_id_of("main", decision)
    steps = days.desk.ledger.steps
    kept = steps[name][0]
    steps[name][0] = replace(kept, quantity=kept.quantity + 1)
    [difference] = days.again(day).differences
    assert (difference.id, difference.what) == (name, "quantity")
    assert (difference.stored, difference.recomputed) == (
        str(kept.quantity + 1),
        str(kept.quantity),
    )
    steps[name][0] = kept
    record = days.desk.ledger.records.pop(name)
    assert [(each.id, each.what) for each in days.again(day).differences] == [(name, "order")]
    days.desk.ledger.records[name] = record
    [changed] = days.desk.bars.bars(decision.symbol, "1d", until=decision.closes_at, limit=1)
    days.desk.bars.put_bars([_revised(changed)])
    found = {each.what for each in days.again(day).differences if each.id == decision.id}
    assert {"bar revision", "values"} <= found


def _revised(old: Bar) -> Bar:
    return replace(old, close=old.close // 2, revision=old.revision + 1)


def test_a_hold_of_the_moment_is_counted_and_an_invented_one_is_found(days: Days) -> None:
    day, decision = days.acted()
    days.store.hold(replace(decision, action=Action.HOLD, reason=HELD_AS_LATE))
    report = days.again(day)
    assert report.held == 1
    days.store.hold(replace(decision, action=Action.HOLD, reason="held: invented"))
    report = days.again(day)
    assert ("action", "hold") in {(each.what, each.stored) for each in report.differences}
    assert any("follows from no decision" in each.recomputed for each in report.differences)


RISKED = """sizing: {risk_percent: 2}
protect: {stop_loss: {atr: 2, multiple: 9}, take_profit: {percent: 900}}"""


def test_a_size_and_a_protection_are_read_off_the_bars_again() -> None:
    days = Days(DOCUMENT.replace("sizing: {percent_of_equity: 20}", RISKED))
    day, decision = days.acted((Action.ENTER_LONG,))
    assert decision.size is not None
    assert decision.size.stop_distance is not None
    reports = [days.again(each) for each in range(DAYS)]
    assert [each.differences for each in reports] == [[]] * DAYS
    assert sum(each.orders for each in reports) > 4
    closer = replace(decision.size, stop_distance=decision.size.stop_distance / 2)
    days.store.hold(replace(decision, size=closer, protection=None))
    found = {each.what: each for each in days.again(day).differences}
    assert found.keys() == {"size", "protection", "quantity"}
    assert found["protection"].stored == "None"


def test_a_split_since_then_changes_nothing_of_what_was_decided(days: Days) -> None:
    split = Split("AAPL", (FIRST + timedelta(days=DAYS)).isoformat(), 2, 1)
    days.desk.bars.put_splits([split])
    days.desk.ledger.apply_split(split, at=bar(DAYS, 1).opens_at)
    assert [days.again(day).differences for day in range(DAYS)] == [[]] * DAYS
