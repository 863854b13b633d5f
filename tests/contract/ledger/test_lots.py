"""Every ledger tells what lots follow from: fills with their place, splits, what the books opened with, incomes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.adapters.kept_lot_events import KeptLotEvents
from quantumzero.domain.bars import Split
from quantumzero.domain.lots.account_lots import build_lots
from quantumzero.domain.lots.events import Income, IncomeKind, SplitApplied, Trade
from quantumzero.domain.orders import Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.reconciliation import Difference, DifferenceKind, correction_of
from quantumzero.domain.risk.account_risk import default_limits
from quantumzero.ports.ledger import AccountPicture
from quantumzero.ports.lots import NamedLots
from tests.contract.ledger.test_ledger import NOW, apply, intend
from tests.contract.ledger.test_reconciliations import ACCEPTANCE, differing

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from quantumzero.domain.lots.events import AccountEvent
    from tests.contract.ledger.conftest import Ledger


def test_fills_are_told_one_by_one_with_their_place_and_the_brokers_time(ledger: Ledger) -> None:
    intend(ledger, "qz1-a")
    apply(ledger, "qz1-a", 4, "partially_filled", "10")
    apply(ledger, "qz1-a", 10, "filled", "10.6")
    intend(ledger, "qz1-b", 5, None, side=Side.SELL)
    apply(ledger, "qz1-b", 5, "filled", "12")
    trades = sorted(ledger.account_events(), key=lambda each: each.id)
    assert trades == [
        Trade("qz1-a#2", "AAPL", "sma-cross", Decimal(4), Decimal(40), NOW + timedelta(seconds=4), 1, order="qz1-a"),
        Trade("qz1-a#3", "AAPL", "sma-cross", Decimal(6), Decimal(66), NOW + timedelta(seconds=10), 2, order="qz1-a"),
        Trade("qz1-b#2", "AAPL", "sma-cross", Decimal(-5), Decimal(60), NOW + timedelta(seconds=5), 3, order="qz1-b"),
    ]  # fmt: skip
    book = build_lots(trades).books["AAPL"]
    assert (book.quantity, book.realised) == (Decimal(5), Decimal(9))  # 60 - 40 - 11
    assert ledger.cash() - 1000 + book.basis == book.realised


def test_a_split_has_its_place_among_the_fills_and_strategies_share_its_fractions(
    ledger: Ledger,
) -> None:
    for name, strategy in (("qz1-a", "breakout"), ("qz1-b", "sma-cross")):
        intend(ledger, name, 1, strategy=strategy)
        apply(ledger, name, 1, "filled")
    third = Split("AAPL", "2005-03-02", 1, 3)
    assert ledger.apply_split(third, at=NOW)
    events = ledger.account_events()
    assert [each for each in events if isinstance(each, SplitApplied)] == [
        SplitApplied("AAPL-2005-03-02", "AAPL", 1, 3, NOW, 3)
    ]
    lots = build_lots(events)
    shares = {}
    for strategy in ("breakout", "sma-cross"):
        (holding,) = ledger.strategy_holdings(strategy)
        shares[strategy] = holding.quantity
        assert lots.parts[strategy, "AAPL"].quantity == holding.quantity
    assert shares == {"breakout": Decimal("0.333333333"), "sma-cross": Decimal("0.333333334")}
    assert sum(shares.values()) == ledger.position("AAPL").quantity
    assert lots.books["AAPL"].quantity == ledger.position("AAPL").quantity


def test_what_the_books_were_opened_with_is_a_lot_of_no_strategy(closed: Ledger) -> None:
    held = Position("IBM", Decimal(3), Decimal("270.30"), Decimal("270.30"), 1)
    picture = AccountPicture(Decimal(730), 1, (held,))
    closed.initialise(picture, default_limits(Decimal(1000)), session=date(2005, 3, 1))
    at = datetime(2005, 3, 1, 5, 0, tzinfo=UTC)
    assert closed.account_events() == [
        Trade("opening#IBM", "IBM", None, Decimal(3), Decimal("270.30"), at, 1)
    ]


def test_a_dividend_moves_the_cash_once(ledger: Ledger) -> None:
    dividend = Income("20050301::d1", IncomeKind.DIVIDEND, Decimal("12.34"), NOW, "AAPL")
    assert ledger.book_income(dividend)
    assert not ledger.book_income(dividend)
    assert ledger.cash() == Decimal("1012.34")
    fee = Income("20050301::f1", IncomeKind.FEE, Decimal("-0.02"), NOW)
    assert ledger.book_income(fee)
    assert ledger.cash() == Decimal("1012.32")
    assert sorted(ledger.account_events(), key=lambda each: each.id) == [dividend, fee]


def test_lots_are_named_once_for_an_order(ledger: Ledger) -> None:
    assert ledger.named_lots() == {}
    first = NamedLots("qz1-b", [("qz1-a#2", Decimal("1.5"))], "ada", NOW)
    assert ledger.name_lots(first)
    assert not ledger.name_lots(NamedLots("qz1-b", [], "eve", NOW))
    assert ledger.named_lots() == {"qz1-b": [("qz1-a#2", Decimal("1.5"))]}


def test_a_correction_takes_its_place_and_moves_lots_without_profit(ledger: Ledger) -> None:
    intend(ledger, "qz1-a")
    apply(ledger, "qz1-a", 10, "filled", "10")
    gone = Difference(
        DifferenceKind.POSITION, "AAPL", "", Decimal(10), Decimal(4), 1, Decimal("10.5")
    )
    found = Difference(
        DifferenceKind.POSITION, "IBM", "", Decimal(0), Decimal(3), 0, Decimal("40.5")
    )
    cash = Difference(DifferenceKind.CASH, "cash", "", Decimal(900), Decimal("960.25"), 2)
    stored = differing(gone, found, cash)
    ledger.put_reconciliation(stored)
    ledger.correct(correction_of(stored, ACCEPTANCE, ledger_positions(ledger)))
    lots = build_lots(ledger.account_events())
    aapl, ibm = lots.books["AAPL"], lots.books["IBM"]
    assert (aapl.quantity, aapl.basis, aapl.realised) == (Decimal(4), Decimal(40), Decimal(0))
    assert (ibm.quantity, ibm.basis) == (Decimal(3), Decimal("121.5"))
    assert lots.parts["external", "AAPL"].quantity == -6
    for symbol, book in lots.books.items():
        assert book.quantity == ledger.position(symbol).quantity
    assert [(each.kind, each.amount) for each in lots.incomes] == [
        (IncomeKind.OTHER, Decimal("60.25"))
    ]
    assert ledger.cash() == Decimal("960.25")


def ledger_positions(ledger: Ledger) -> dict[str, Position]:
    return {each.symbol: each for each in ledger.picture().positions}


def test_a_split_before_the_first_fill_comes_before_it(ledger: Ledger) -> None:
    assert ledger.apply_split(Split("AAPL", "2005-03-02", 1, 2), at=NOW + timedelta(days=9))
    intend(ledger, "qz1-a")
    apply(ledger, "qz1-a", 10, "filled")
    assert build_lots(ledger.account_events()).books["AAPL"].quantity == 10


def test_kept_events_are_read_again_when_anything_moved(
    closed: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, reads = KeptLotEvents(closed), 0
    assert kept.account_events() == ()
    cash = Decimal(1000)
    closed.initialise(AccountPicture(cash, 1, ()), default_limits(cash), session=date(2005, 3, 1))
    read = closed.account_events

    def counted() -> Sequence[AccountEvent]:
        nonlocal reads
        reads += 1
        return read()

    monkeypatch.setattr(closed, "account_events", counted)

    def seen() -> int:
        assert sorted(kept.account_events(), key=lambda each: each.id) == sorted(
            read(), key=lambda each: each.id
        )
        kept.account_events()
        return reads

    assert seen() == 1
    intend(closed, "qz1-a")
    assert seen() == 1
    apply(closed, "qz1-a", 4, "partially_filled")
    assert seen() == 2
    closed.apply_split(Split("AAPL", "2005-03-02", 2, 1), at=NOW)
    assert seen() == 3
    closed.book_income(Income("d", IncomeKind.DIVIDEND, Decimal(1), NOW, "AAPL"))
    assert seen() == 4
    found = Difference(DifferenceKind.POSITION, "IBM", "", Decimal(0), Decimal(3), 0, Decimal(40))
    stored = differing(found)
    closed.put_reconciliation(stored)
    closed.correct(correction_of(stored, ACCEPTANCE, ledger_positions(closed)))
    assert seen() == 5
    kept.name_lots(NamedLots("qz1-b", [("qz1-a#2", Decimal(1))], "ada", NOW))
    assert kept.named_lots() == {"qz1-b": [("qz1-a#2", Decimal(1))]}
