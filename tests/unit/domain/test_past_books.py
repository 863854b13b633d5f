"""Whatever was booked since a moment, undoing it gives the books of that moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from quantumzero.domain.lots.events import (
    AccountEvent,
    Corrected,
    Income,
    IncomeKind,
    SplitApplied,
    Trade,
)
from quantumzero.domain.past_books import CashMove, PastBooks, books_at

START = datetime(2005, 3, 1, 14, 30, tzinfo=UTC)
SYMBOLS = ("AAPL", "IBM")
happening = st.tuples(
    st.sampled_from(("trade", "split", "corrected", "income")),
    st.sampled_from(SYMBOLS),
    st.sampled_from(("a", "b")),
    st.integers(-50, 50).filter(bool),
)


def booked(
    history: list[tuple[str, str, str, int]],
) -> tuple[list[AccountEvent], list[PastBooks]]:
    """Book what happened, one minute each; return it and the books after each minute."""
    cash, quantities = Decimal(1000), dict.fromkeys(SYMBOLS, Decimal(0))
    shares: dict[tuple[str, str], Decimal] = {}
    versions = dict.fromkeys(SYMBOLS, 0)
    events: list[AccountEvent] = []
    states = [PastBooks(cash, dict(quantities), dict(shares))]
    for minute, (kind, symbol, strategy, size) in enumerate(history, 1):
        at, amount = START + timedelta(minutes=minute), Decimal(size)
        name, key = f"e{minute}", (strategy, symbol)
        versions[symbol] += kind != "income"
        version = versions[symbol]
        if kind == "income":
            events.append(Income(name, IncomeKind.DIVIDEND, amount, at, symbol))
            cash += amount
        elif kind == "split":
            events.append(SplitApplied(name, symbol, 2, 1, at, version))
            quantities[symbol] *= 2
            shares = {each: held * (2 if each[1] == symbol else 1) for each, held in shares.items()}
        else:
            cost = abs(amount) * 40
            trade = Trade(name, symbol, strategy, amount, cost, at, version)
            moved = Corrected(name, symbol, strategy, amount, Decimal(40), at, version)
            events.append(trade if kind == "trade" else moved)
            cash += trade.cash if kind == "trade" else 0
            quantities[symbol] += amount
            shares[key] = shares.get(key, Decimal(0)) + amount
        states.append(PastBooks(cash, dict(quantities), dict(shares)))
    return events, states


@given(st.lists(happening, max_size=30), st.data())
def test_undoing_what_came_since_gives_the_books_of_then(
    history: list[tuple[str, str, str, int]], data: st.DataObject
) -> None:
    events, states = booked(history)
    minute = data.draw(st.integers(0, len(history)))
    now, then = states[-1], states[minute]
    found = books_at(
        START + timedelta(minutes=minute),
        cash=now.cash,
        quantities=now.quantities,
        shares=now.shares,
        events=data.draw(st.permutations(events)),
    )
    assert (found.cash, found.quantities) == (then.cash, then.quantities)
    held = {key: quantity for key, quantity in found.shares.items() if quantity}
    assert held == {key: quantity for key, quantity in then.shares.items() if quantity}


def test_cash_that_was_accepted_later_is_not_there_yet() -> None:
    moves = [CashMove(Decimal("12.5"), START + timedelta(minutes=3))]
    for minute, cash in ((2, Decimal("87.5")), (3, Decimal(100))):
        moment = START + timedelta(minutes=minute)
        found = books_at(
            moment, cash=Decimal(100), quantities={}, shares={}, events=(), moves=moves
        )
        assert found.cash == cash
