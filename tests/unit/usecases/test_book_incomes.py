"""A dividend that the broker tells of is booked, and is no difference; without its word the difference stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.errors import UnavailableError
from quantumzero.domain.lots.events import Income, IncomeKind
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.usecases.book_incomes import BookIncomes
from tests.fakes.manual_clock import NoBackoff
from tests.fakes.memory_ledger import MemoryLedger
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from collections.abc import Sequence

DIVIDEND = Income(
    "d1", IncomeKind.DIVIDEND, Decimal("12.50"), datetime(2005, 3, 9, 5, tzinfo=UTC), "AAPL"
)


class ToldActivities:
    """Implements AccountActivities."""

    def __init__(self, *incomes: Income) -> None:
        self.told = incomes
        self.asked: list[date] = []
        self.away = False

    def incomes(self, *, since: date) -> Sequence[Income]:
        self.asked.append(since)
        if self.away:
            raise UnavailableError("the activities are away")
        return self.told


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    desk.market.advance(timedelta(days=9).total_seconds())
    desk.broker.cash += DIVIDEND.amount
    return desk


def booking(desk: OrderDesk, activities: ToldActivities) -> BookIncomes:
    return BookIncomes(activities=activities, ledger=desk.ledger, backoff=NoBackoff())


def test_a_dividend_that_differs_is_booked_and_the_comparison_is_clean(desk: OrderDesk) -> None:
    activities = ToldActivities(DIVIDEND)
    reconcile = replace(desk.reconcile, incomes=booking(desk, activities))
    assert reconcile.reconcile().clean
    assert desk.ledger.cash() == Decimal("100012.50")
    assert reconcile.reconcile().clean
    assert activities.asked == [date(2005, 3, 2)]
    assert desk.ledger.account_events() == [DIVIDEND]


def test_another_difference_stays_and_stops_entries(desk: OrderDesk) -> None:
    desk.broker.cash += 1
    reconcile = replace(desk.reconcile, incomes=booking(desk, ToldActivities(DIVIDEND)))
    assert not reconcile.reconcile().clean
    assert desk.ledger.risk().state is TradingState.REDUCING
    assert desk.ledger.cash() == Decimal("100012.50")


def test_without_the_brokers_word_the_difference_stays(desk: OrderDesk) -> None:
    activities = ToldActivities()
    activities.away = True
    reconcile = replace(desk.reconcile, incomes=booking(desk, activities))
    assert not reconcile.reconcile().clean
    assert desk.ledger.risk().state is TradingState.REDUCING


def test_only_what_came_after_the_books_were_opened_is_asked_for(desk: OrderDesk) -> None:
    activities = ToldActivities(DIVIDEND)
    book = booking(desk, activities)
    assert [book.book(date(2005, 3, 9)), book.book(date(2005, 5, 1))] == [1, 0]
    assert activities.asked == [date(2005, 3, 2), date(2005, 4, 1)]
    unopened = BookIncomes(activities=activities, ledger=MemoryLedger(), backoff=NoBackoff())
    assert unopened.book(date(2005, 5, 1)) == 0
    assert len(activities.asked) == 2
