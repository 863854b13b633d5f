"""Comparisons: every one leaves a report, any single mismatch is found at once, a clean account never differs.

The account is traded at random, by us and by somebody else; then one thing is made wrong at the broker.
"""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.domain import order_lifecycle
from quantumzero.domain.errors import NotFoundError, RefusedError, UnavailableError
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.orders import OrderState, OrderTerms, Origin, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.reconciliation import DifferenceKind, Verdict
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.usecases.accept_reconciliation import AcceptReconciliation
from tests.fakes.order_desk import OrderDesk

SYMBOLS = ("AAPL", "IBM", "MSFT")
step = st.tuples(
    st.sampled_from(("buy", "theirs", "fill", "cancel", "compare", "wait")),
    st.sampled_from(SYMBOLS),
    st.integers(1, 9),
)


class Account:
    """An account that we and somebody else trade, over the use cases as they are wired everywhere."""

    def __init__(self) -> None:
        self.desk = OrderDesk()
        self.desk.reconcile.begin(at=self.desk.market.now())
        for symbol in SYMBOLS:
            self.desk.price(symbol, "40")
        self._count = 0

    def take(self, word: str, symbol: str, size: int) -> None:
        self.desk.market.advance(60)
        self.desk.machine.advance(60)
        if word == "buy":
            self.buy(symbol, Decimal(size))
        elif word == "theirs":
            self.theirs(symbol, Decimal(size))
        elif word == "compare":
            assert self.desk.reconcile.reconcile().clean
        elif word == "wait":
            self.desk.market.advance(7200)
        else:
            self._close(word, Decimal(size))

    def buy(self, symbol: str, quantity: Decimal) -> str:
        """Approve an order as check_risk does, and place it."""
        self._count += 1
        now = self.desk.market.now()
        terms = OrderTerms(f"qz1-{self._count}", "d", "s", symbol, Side.BUY, quantity)
        made = order_lifecycle.intend(terms, at=now, recorded_at=now, reference_price=Decimal(40))
        self.desk.ledger.commit(change_of(made, Position(symbol), at=now))
        self.desk.place.place(terms.client_order_id, request="r")
        return terms.client_order_id

    def theirs(self, symbol: str, quantity: Decimal, side: Side = Side.BUY) -> str:
        """Let somebody else make an order at the broker."""
        self._count += 1
        name = f"web-{self._count}"
        self.desk.broker.submit(OrderTerms(name, "-", "-", symbol, side, quantity))
        return name

    def _close(self, word: str, size: Decimal) -> None:
        open_ = [each for each in self.desk.broker.accepted.values() if each.status in OPEN]
        if not open_:
            return
        order = open_[int(size) % len(open_)]
        if word == "cancel":
            self.desk.broker.close(order.client_order_id, "canceled")
            return
        left = order.quantity - order.filled_quantity
        self.desk.broker.fill(order.client_order_id, min(size, left), Decimal("39.5"))


OPEN = ("new", "partially_filled")


@settings(max_examples=150, deadline=None)
@given(st.lists(step, max_size=25), st.sampled_from(("quantity", "cash", "order")), st.data())
def test_any_single_mismatch_is_found_in_one_comparison_and_a_clean_account_never_differs(
    steps: list[tuple[str, str, int]], wrong: str, data: st.DataObject
) -> None:
    account = Account()
    for each in steps:
        account.take(*each)
    desk = account.desk
    assert desk.reconcile.reconcile().clean
    amount = Decimal(data.draw(st.sampled_from(("-3", "-1", "0.02", "1", "250"))))
    symbol = data.draw(st.sampled_from(SYMBOLS))
    if wrong == "order":
        name = account.theirs(symbol, Decimal(2))
        found = desk.reconcile.reconcile()
        assert desk.ledger.records[name].terms.origin is Origin.EXTERNAL
        assert any(alert.id.startswith("external-") for alert in desk.ledger.alerts(limit=99))
        assert found.external >= 1
        return
    held = desk.broker.quantities
    if wrong == "cash":
        desk.broker.cash += amount
    else:
        held[symbol] = held.get(symbol, Decimal(0)) + amount
    found = desk.reconcile.reconcile()
    report = desk.ledger.reconciliation(found.id)
    assert report is not None
    assert (report.verdict, report.difference_count) == (Verdict.DIFFERS, 1)
    [difference] = report.differences
    assert difference.subject == ("cash" if wrong == "cash" else symbol)
    assert (difference.broker or 0) - (difference.ledger or 0) == amount
    assert desk.ledger.risk().state is TradingState.REDUCING


def test_ten_thousand_clean_comparisons_find_nothing() -> None:
    compared = 0
    for seed in range(250):
        chosen = random.Random(seed)  # noqa: S311 - repeatable on purpose
        account = Account()
        for _ in range(40):
            for _ in range(2):
                word = chosen.choice(("buy", "theirs", "fill", "fill", "cancel", "wait"))
                account.take(word, chosen.choice(SYMBOLS), chosen.randint(1, 9))
            account.take("compare", "AAPL", 1)
            compared += 1
        states = {each.verdict for each in account.desk.ledger.compared.values()}
        assert states == {Verdict.CLEAN}
    assert compared == 10_000


@pytest.fixture
def account() -> Account:
    return Account()


def accepting(desk: OrderDesk) -> AcceptReconciliation:
    return AcceptReconciliation(reports=desk.ledger, books=desk.ledger, machine=desk.machine)


def test_every_comparison_leaves_a_report_newest_first(account: Account) -> None:
    desk = account.desk
    for _ in range(3):
        account.take("compare", "AAPL", 1)
    desk.broker.read_faults = [True]
    desk.machine.advance(1)
    with pytest.raises(UnavailableError):
        desk.reconcile.reconcile()
    page, cursor = desk.ledger.reconciliations(limit=2, cursor=None)
    assert [each.verdict for each in page] == [Verdict.NO_VERDICT, Verdict.CLEAN]
    assert page[0].reason == "the broker does not answer"
    rest, end = desk.ledger.reconciliations(limit=2, cursor=cursor)
    assert ([each.verdict for each in rest], end) == ([Verdict.CLEAN] * 2, None)


def test_an_order_of_somebody_else_moves_the_books_and_is_never_cancelled(account: Account) -> None:
    desk = account.desk
    bought, resting = account.theirs("IBM", Decimal(5)), account.theirs("AAPL", Decimal(7))
    desk.broker.fill(bought, Decimal(5), Decimal(39))
    assert desk.reconcile.reconcile().clean
    [held, waiting] = desk.ledger.strategy_holdings("external")
    assert (held.symbol, waiting.quantity, waiting.pending_buy) == ("AAPL", 5, 0) or (
        held.pending_buy,
        waiting.quantity,
    ) == (7, 5)
    assert desk.ledger.position("IBM").quantity == 5
    assert desk.ledger.risk().gross_used == 5 * 39 + 7 * 40
    desk.halt.halt(reason="test", by="operator")
    desk.sweep.sweep(request="s")
    assert desk.broker.accepted[resting].status == "new"
    desk.broker.fill(resting, Decimal(7), Decimal(41))
    desk.sweep.sweep(request="s2")
    assert desk.ledger.records[resting].state is OrderState.FILLED
    assert desk.reconcile.reconcile().clean


def test_what_somebody_else_sells_leaves_the_shares_adding_up(account: Account) -> None:
    desk = account.desk
    desk.broker.fill(account.buy("IBM", Decimal(5)), Decimal(5), Decimal(39))
    desk.broker.fill(account.theirs("IBM", Decimal(2), Side.SELL), Decimal(2), Decimal(41))
    assert desk.reconcile.reconcile().clean
    parts = [each.quantity for key, each in desk.ledger.strategies.items() if key[1] == "IBM"]
    assert (sum(parts), desk.ledger.position("IBM").quantity) == (3, 3)


def test_accepting_makes_the_broker_the_truth_once(account: Account) -> None:
    desk = account.desk
    desk.broker.fill(account.buy("IBM", Decimal(5)), Decimal(5), Decimal(39))
    desk.broker.quantities |= {"IBM": Decimal(8), "MSFT": Decimal(-2)}
    desk.broker.cash += Decimal("12.34")
    identifier = desk.reconcile.reconcile().id
    accepted = accepting(desk).accept(identifier, by="admin", reason="a dividend in shares")
    assert accepted.accepted is not None
    assert (accepted.accepted.by, accepted.accepted.reason) == ("admin", "a dividend in shares")
    corrections = list(desk.ledger.corrections)
    assert len(corrections) == 3
    assert accepting(desk).accept(identifier, by="other", reason="again") == accepted
    assert desk.ledger.corrections == corrections
    assert desk.ledger.risk().state is TradingState.REDUCING
    assert desk.reconcile.reconcile().clean
    assert desk.ledger.cash() == desk.broker.cash
    [part] = [each for each in desk.ledger.strategy_holdings("external") if each.symbol == "IBM"]
    assert part.quantity == 3
    desk.halt.resume(by="admin")
    assert desk.ledger.risk().state is TradingState.ACTIVE


def test_what_moved_since_the_comparison_is_not_accepted(account: Account) -> None:
    desk = account.desk
    early, late = account.buy("IBM", Decimal(5)), account.buy("IBM", Decimal(1))
    desk.broker.cash += 5
    first = desk.reconcile.reconcile().id
    desk.broker.fill(early, Decimal(5), Decimal(39))
    desk.sweep.sweep(request="s")
    with pytest.raises(RefusedError, match="the books have moved since"):
        accepting(desk).accept(first, by="admin", reason="late")
    desk.broker.quantities["IBM"] = Decimal(6)
    desk.machine.advance(1)
    second = desk.reconcile.reconcile().id
    desk.broker.fill(late, Decimal(1), Decimal(39))
    desk.sweep.sweep(request="s2")
    with pytest.raises(RefusedError, match="IBM has moved since"):
        accepting(desk).accept(second, by="admin", reason="late")


def test_only_a_difference_in_figures_can_be_accepted(account: Account) -> None:
    desk = account.desk
    clean = desk.reconcile.reconcile().id
    with pytest.raises(RefusedError, match="was clean; only one that differs"):
        accepting(desk).accept(clean, by="admin", reason="-")
    with pytest.raises(NotFoundError, match="there is no reconciliation never"):
        accepting(desk).accept("never", by="admin", reason="-")
    name = account.buy("IBM", Decimal(5))
    desk.broker.accepted[name] = replace(desk.broker.accepted[name], side=Side.SELL)
    desk.machine.advance(1)
    found = desk.reconcile.reconcile()
    report = desk.ledger.reconciliation(found.id)
    assert report is not None
    assert report.differences[0].kind is DifferenceKind.ORDER
    with pytest.raises(RefusedError, match=f"differs in the orders {name}"):
        accepting(desk).accept(found.id, by="admin", reason="-")
