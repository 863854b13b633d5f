"""The paper broker beyond the suite: cover, replacement, splits, writers at once, and the whole order path on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.domain.bars import Split
from quantumzero.domain.errors import ConflictError, UnavailableError, UnknownOutcomeError
from quantumzero.domain.orders import OrderState, OrderType, Side, TimeInForce
from quantumzero.ports.brokers import Rejection
from tests.contract.brokers.conftest import CASH
from tests.contract.brokers.test_broker import accepted, terms
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from tests.contract.brokers.conftest import PaperMarket

CHEAP: dict[str, Any] = {
    "order_type": OrderType.LIMIT,
    "limit_price": Decimal(10),
    "time_in_force": TimeInForce.GOOD_TIL_CANCELED,
}


def holding(paper: PaperMarket, quantity: str = "10") -> None:
    accepted(paper.broker.submit(terms("first", quantity=quantity)))
    paper.trade()


def test_what_the_account_cannot_bear_is_refused(paper: PaperMarket) -> None:
    dear = paper.broker.submit(terms(quantity="6000"))
    short = paper.broker.submit(terms("b", side=Side.SELL))
    odd = paper.broker.submit(replace(terms("c"), time_in_force=TimeInForce.AT_OPEN))
    assert [isinstance(each, Rejection) and each.code for each in (dear, short, odd)] == [
        "NO_CASH",
        "NOT_HELD",
        "NOT_OFFERED",
    ]
    assert paper.broker.orders(since=None, open_only=False) == []


def test_open_orders_hold_cash_and_shares(paper: PaperMarket) -> None:
    holding(paper)
    sale = accepted(
        paper.broker.submit(
            replace(terms("s", Side.SELL, "8"), **{**CHEAP, "limit_price": Decimal(90)})
        )
    )
    assert isinstance(paper.broker.submit(terms("t", Side.SELL, "3")), Rejection)
    paper.broker.cancel(sale.broker_order_id)
    accepted(paper.broker.submit(terms("u", Side.SELL, "3")))
    accepted(paper.broker.submit(terms("v", quantity="3000")))
    assert isinstance(paper.broker.submit(terms("w", quantity="3000")), Rejection)
    account, _ = paper.broker.holdings()
    assert account.buying_power == CASH - 10 * 20 - 3000 * 20
    assert account.equity == CASH


def test_a_working_order_is_replaced_once(paper: PaperMarket) -> None:
    old = accepted(paper.broker.submit(replace(terms("old"), **CHEAP)))
    wanted = replace(terms("new", quantity="5"), **CHEAP)
    new = accepted(paper.broker.replace(old.broker_order_id, wanted))
    assert paper.broker.replace(old.broker_order_id, wanted) == new
    found = {
        each.client_order_id: each.status
        for each in paper.broker.orders(since=None, open_only=False)
    }
    assert found == {old.client_order_id: "replaced", new.client_order_id: "new"}
    again = paper.broker.replace(old.broker_order_id, replace(terms("newer"), **CHEAP))
    assert isinstance(again, Rejection)


def test_all_open_orders_are_cancelled_at_once(paper: PaperMarket) -> None:
    for name in "abc":
        paper.broker.submit(replace(terms(name), **CHEAP))
    paper.broker.cancel_open()
    assert paper.broker.orders(since=None, open_only=True) == []


def test_a_split_multiplies_the_holding_once_and_cancels_older_orders(paper: PaperMarket) -> None:
    holding(paper)
    paper.broker.submit(replace(terms("open"), **CHEAP))
    paper.bars.put_splits([Split("AAPL", "2005-03-03", 2, 1), Split("AAPL", "2005-02-28", 2, 1)])
    _, before = paper.broker.holdings()
    paper.clock.advance(timedelta(days=1).total_seconds())
    for _ in range(2):
        _, after = paper.broker.holdings()
        assert [each.quantity for each in before] == [10]
        assert [(each.quantity, each.average_entry_price) for each in after] == [(20, 10)]
    assert paper.broker.orders(since=None, open_only=True) == []


def test_a_short_sale_must_say_so_and_is_bought_back(paper: PaperMarket) -> None:
    accepted(paper.broker.submit(replace(terms("s", Side.SELL), opens_short=True)))
    paper.trade()
    account, positions = paper.broker.holdings()
    assert ([each.quantity for each in positions], account.cash) == ([-3], CASH + 60)
    accepted(paper.broker.submit(terms("cover")))
    paper.trade()
    assert paper.broker.holdings()[0].cash == CASH
    assert list(paper.broker.holdings()[1]) == []


def test_a_writer_that_was_overtaken_decides_again(
    paper: PaperMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = type(paper.broker.table)
    saved, meddled = table.save, []

    def meddle(self: Any, account: Any, **parts: Any) -> None:
        if not meddled:
            meddled.append(True)
            saved(self, account)
        saved(self, account, **parts)

    monkeypatch.setattr(table, "save", meddle)
    accepted(paper.broker.submit(terms()))
    paper.trade()
    assert paper.broker.holdings()[0].cash == CASH - 60


def test_writers_that_keep_winning_leave_the_outcome_open(
    paper: PaperMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(paper.broker.submit(terms()))

    def lose(*_: Any, **__: Any) -> None:
        raise ConflictError("another writer was first")

    monkeypatch.setattr(type(paper.broker.table), "save", lose)
    with pytest.raises(UnknownOutcomeError):
        paper.broker.submit(terms("b"))
    paper.trade()
    with pytest.raises(UnavailableError):
        paper.broker.holdings()


def test_the_order_path_trades_on_it_and_the_books_agree_to_the_cent(paper: PaperMarket) -> None:
    desk = OrderDesk(broker=paper.broker)
    desk.bars.put_bars(paper.bars.bars("AAPL", "1d", until=paper.clock.now(), limit=1))
    name = desk.buy("AAPL")
    paper.trade()
    desk.market.advance((paper.clock.now() - desk.market.now()).total_seconds())
    desk.bars.put_bars(paper.bars.bars("AAPL", "1d", until=paper.clock.now(), limit=1))
    desk.sweep.sweep(request="s1")
    record = desk.ledger.records[name]
    assert (record.state, record.filled_quantity) == (OrderState.FILLED, record.terms.quantity)
    account, positions = paper.broker.holdings()
    assert desk.ledger.cash() == account.cash == CASH - record.terms.quantity * 20
    assert [each.quantity for each in positions] == [desk.ledger.position("AAPL").quantity]
    assert desk.reconcile.reconcile().clean
