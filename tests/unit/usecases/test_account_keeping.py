"""Opening the books, comparing them with the broker, preparing and closing sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.bars import Split
from quantumzero.domain.errors import UnavailableError
from quantumzero.domain.orders import BrokerOrder, OrderState, Side
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.usecases.close_session import CloseSession
from quantumzero.usecases.initialise_account import InitialiseAccount
from quantumzero.usecases.prepare_session import PrepareSession
from tests.fakes.manual_clock import ManualClock, NoBackoff
from tests.fakes.memory_ledger import MemoryLedger
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from collections.abc import Sequence


class KnownSplits:
    """Implements CorporateActions."""

    def __init__(self, *splits: Split) -> None:
        self.known = splits
        self.asked: list[tuple[date, date]] = []

    def splits(self, symbols: Sequence[str], *, since: date, until: date) -> Sequence[Split]:
        self.asked.append((since, until))
        return [
            each
            for each in self.known
            if each.symbol in symbols and since <= date.fromisoformat(each.ex_date) <= until
        ]


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    return desk


def preparing(desk: OrderDesk, clock: ManualClock, *splits: Split) -> PrepareSession:
    return PrepareSession(
        symbols=["AAPL"],
        broker_clock=clock,
        actions=KnownSplits(*splits),
        bars=desk.bars,
        sessions=desk.ledger,
        initialise=InitialiseAccount(books=desk.ledger, broker=desk.broker),
        sweep=desk.sweep,
        reconcile=desk.reconcile,
        heartbeats=desk.heartbeats,
        backoff=NoBackoff(),
    )


def at(day: int) -> ManualClock:
    return ManualClock(datetime(2005, 3, day, 14, 30, tzinfo=UTC))


def test_a_split_is_applied_once_to_bars_and_books(desk: OrderDesk) -> None:
    desk.apply.apply(desk.broker.fill(desk.buy("AAPL"), Decimal(500), Decimal(40)))
    desk.broker.quantities["AAPL"] *= 2
    split = Split("AAPL", "2005-03-02", 2, 1)
    session = preparing(desk, at(2), split)
    report = session.prepare(request="r1")
    assert report is not None
    assert (report.session, list(report.splits), report.clean) == (date(2005, 3, 2), [split], True)
    again = session.prepare(request="r2")
    assert again is not None
    assert again.clean
    assert desk.ledger.position("AAPL").quantity == 1000
    assert desk.bars.splits("AAPL") == [split]


def test_what_filled_before_a_split_is_counted_before_it(desk: OrderDesk) -> None:
    name = desk.buy("AAPL")
    desk.broker.fill(name, Decimal(500), Decimal(40))
    desk.broker.quantities["AAPL"] *= 2
    report = preparing(desk, at(2), Split("AAPL", "2005-03-02", 2, 1)).prepare(request="r1")
    assert report is not None
    assert report.clean
    assert desk.ledger.position("AAPL").quantity == 1000


def test_days_that_were_missed_are_asked_for(desk: OrderDesk) -> None:
    session = preparing(desk, at(7))
    session.prepare(request="r1")
    session.prepare(request="r2")
    assert session.actions.asked == [
        (date(2005, 3, 2), date(2005, 3, 7)),
        (date(2005, 3, 7), date(2005, 3, 7)),
    ]


def test_a_split_that_the_books_were_opened_with_is_not_applied_again(desk: OrderDesk) -> None:
    desk.apply.apply(desk.broker.fill(desk.buy("AAPL"), Decimal(500), Decimal(40)))
    preparing(desk, at(1), Split("AAPL", "2005-03-01", 2, 1)).prepare(request="r1")
    assert desk.ledger.position("AAPL").quantity == 500


def test_a_day_without_a_session_prepares_nothing(desk: OrderDesk) -> None:
    assert preparing(desk, at(5)).prepare(request="r1") is None
    assert desk.heartbeats.beats == {}


def test_books_open_with_the_brokers_cash_and_holdings(desk: OrderDesk) -> None:
    ledger = MemoryLedger()
    desk.broker.quantities["IBM"] = Decimal(7)
    opening = InitialiseAccount(books=ledger, broker=desk.broker)
    assert opening.ensure(session=date(2005, 3, 1))
    assert not opening.ensure(session=date(2005, 3, 1))
    assert ledger.cash() == 100000
    assert ledger.position("IBM").quantity == 7
    assert ledger.risk().gross_used == 7
    assert ledger.risk().limits.gross_exposure == 100000


def test_a_clean_comparison_is_noted(desk: OrderDesk) -> None:
    report = desk.reconcile.reconcile()
    assert (report.clean, report.differences) == (True, [])
    assert desk.ledger.risk().reconcile_clean
    assert "reconcile_account" in desk.heartbeats.beats


@pytest.mark.parametrize("cents", ["0.01", "-0.01", "0"])
def test_a_cent_is_no_difference(desk: OrderDesk, cents: str) -> None:
    desk.broker.cash += Decimal(cents)
    assert desk.reconcile.reconcile().clean


def test_a_fill_of_an_order_older_than_the_last_comparison_is_no_difference() -> None:
    desk = OrderDesk()
    desk.price("IBM", "40")
    name = desk.buy("IBM")
    assert desk.reconcile.reconcile().clean
    desk.market.advance(2 * 86400)
    assert desk.reconcile.reconcile().clean
    # The fill comes two days after the order, and nobody was told of it.
    desk.broker.fill(name, Decimal(100), Decimal(40))
    assert desk.reconcile.reconcile().clean
    assert desk.ledger.position("IBM").quantity == 100


def test_a_difference_stops_entries_raises_an_alert_and_trades_nothing(desk: OrderDesk) -> None:
    desk.broker.quantities["IBM"] = Decimal(3)
    desk.broker.cash -= Decimal("0.02")
    report = desk.reconcile.reconcile()
    assert report.differences == [
        "IBM: the ledger holds 0, the broker 3",
        "cash: the ledger has 100000, the broker 99999.98",
    ]
    desk.reconcile.reconcile()
    risk = desk.ledger.risk()
    assert (risk.state, risk.changed_by) == (TradingState.REDUCING, "reconcile")
    assert len(desk.ledger.alerts(limit=5)) == 1
    assert desk.broker.submits == 0
    assert desk.heartbeats.beats == {}


def test_a_halt_is_not_softened_by_a_difference(desk: OrderDesk) -> None:
    desk.halt.halt(reason="test", by="operator")
    desk.broker.cash -= 1
    desk.reconcile.reconcile()
    assert desk.ledger.risk().state is TradingState.HALTED


def test_a_broker_that_cannot_be_read_gives_no_verdict(desk: OrderDesk) -> None:
    desk.broker.read_faults = [False, True]
    with pytest.raises(UnavailableError):
        desk.reconcile.reconcile()
    risk = desk.ledger.risk()
    assert (risk.state, risk.reconcile_clean) == (TradingState.ACTIVE, None)


def test_orders_that_the_ledger_lost_are_adopted_with_their_fills(desk: OrderDesk) -> None:
    lost = BrokerOrder(
        "b-9",
        "qz1-lost",
        "AAPL",
        Side.BUY,
        Decimal(10),
        Decimal(4),
        Decimal(39),
        "partially_filled",
        desk.market.now(),
        created_at=desk.market.now(),
    )
    resting = replace(
        lost,
        broker_order_id="b-10",
        client_order_id="qz1-resting",
        filled_quantity=Decimal(0),
        average_fill_price=None,
        status="new",
    )
    desk.broker.accepted |= {"qz1-lost": lost, "qz1-resting": resting}
    desk.broker.cash -= 156
    desk.broker.quantities["AAPL"] = Decimal(4)
    assert desk.reconcile.reconcile().clean
    assert desk.ledger.records["qz1-lost"].state is OrderState.PARTIAL
    assert desk.ledger.risk().gross_used == 10 * 39 + 10 * 40
    assert len(desk.ledger.alerts(limit=5)) == 2


def by_hand(created_at: datetime) -> BrokerOrder:
    return BrokerOrder(
        "b-7", "by-hand", "IBM", Side.BUY, Decimal(1), Decimal(0), None, "canceled", created_at,
        created_at=created_at,
    )  # fmt: skip


def test_what_others_traded_before_the_books_were_opened_is_no_difference(desk: OrderDesk) -> None:
    desk.broker.accepted["by-hand"] = by_hand(desk.market.now() - timedelta(days=400))
    desk.reconcile.begin(at=desk.market.now())
    assert desk.reconcile.reconcile().clean


def test_what_others_trade_later_is_followed_but_opens_no_older_history(desk: OrderDesk) -> None:
    desk.broker.accepted["by-hand"] = by_hand(desk.market.now() - timedelta(days=400))
    desk.reconcile.begin(at=desk.market.now())
    desk.market.advance(7200)
    late = replace(by_hand(desk.market.now()), broker_order_id="b-8", client_order_id="later")
    desk.broker.accepted["later"] = late
    for _ in range(2):
        report = desk.reconcile.reconcile()
        assert (report.clean, report.external) == (True, 1)
    assert "by-hand" not in desk.ledger.records
    assert desk.ledger.records["later"].state is OrderState.CANCELED


def test_the_close_writes_down_equity_at_the_newest_closes(desk: OrderDesk) -> None:
    desk.apply.apply(desk.broker.fill(desk.buy("AAPL"), Decimal(500), Decimal(40)))
    desk.market.advance(86400)
    desk.price("AAPL", "44")
    closing = CloseSession(
        books=desk.ledger,
        sessions=desk.ledger,
        bars=desk.bars,
        timeframes=["1m", "1d"],
        market=desk.market,
        heartbeats=desk.heartbeats,
        stops=desk.stops,
    )
    snapshot = closing.close()
    assert (snapshot.equity, snapshot.cash) == (102000, 80000)
    assert desk.ledger.equity_snapshots(limit=5) == [snapshot]
    early = closing.close(datetime(2005, 2, 1, 21, tzinfo=UTC))
    assert early.equity == 100000
