"""What the account is worth, and against what the day is measured."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from quantumzero.domain.bars import Split
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import default_limits
from quantumzero.ports.ledger import AccountPicture, EquitySnapshot
from quantumzero.usecases.read_portfolio import CURVE_POINTS, read_portfolio
from quantumzero.usecases.value_holdings import split_adjusted, value_holdings
from tests.fakes.held_bars import HeldBars
from tests.fakes.memory_ledger import MemoryLedger

CLOSE = datetime(2005, 3, 1, 21, 0, tzinfo=UTC)


def account(cash: str, *positions: Position) -> MemoryLedger:
    ledger = MemoryLedger()
    picture = AccountPicture(Decimal(cash), 1, positions)
    ledger.initialise(picture, default_limits(Decimal(cash)), session=date(2005, 3, 1))
    return ledger


def test_without_an_earlier_session_the_day_has_no_profit() -> None:
    ledger = account("1000.005")
    ledger.put_equity(EquitySnapshot(CLOSE, Decimal(900), Decimal(900)))
    found = read_portfolio(
        account="main", stage="paper", ledger=ledger, holdings=[], market_time=CLOSE
    )
    assert (found.equity, found.day_profit) == ("1000.00", "0.00")
    assert len(found.equity_curve) == 1


def test_before_the_first_tick_the_day_is_measured_against_the_newest_close() -> None:
    ledger = account("1000")
    ledger.put_equity(EquitySnapshot(CLOSE, Decimal(900), Decimal(900)))
    found = read_portfolio(
        account="main", stage="paper", ledger=ledger, holdings=[], market_time=None
    )
    assert (found.market_time, found.day_profit) == (None, "100.00")


def test_the_curve_holds_the_newest_thousand_closes_and_now() -> None:
    ledger = account("1000")
    for day in range(CURVE_POINTS + 5):
        ledger.put_equity(EquitySnapshot(CLOSE + timedelta(days=day), Decimal(day), Decimal(day)))
    now = CLOSE + timedelta(days=2000)
    found = read_portfolio(
        account="main", stage="paper", ledger=ledger, holdings=[], market_time=now
    )
    assert len(found.equity_curve) == CURVE_POINTS + 1
    assert found.equity_curve[0].equity == "5.00"
    assert found.equity_curve[-1].equity == "1000.00"


def test_short_holdings_add_to_gross_and_take_from_net_exposure() -> None:
    ledger = account(
        "1000",
        Position("AAPL", Decimal(10), Decimal(400)),
        Position("IBM", Decimal(-2), Decimal(-180)),
    )
    valued = value_holdings(ledger=ledger, bars=HeldBars(), timeframes=["1d"], today=None)
    found = read_portfolio(
        account="main", stage="paper", ledger=ledger, holdings=valued, market_time=CLOSE
    )
    assert (found.gross_exposure, found.net_exposure, found.equity) == (
        "580.00",
        "220.00",
        "1220.00",
    )


def test_a_split_counts_from_its_day_on_and_only_for_older_closes() -> None:
    split = [Split("AAPL", "2005-02-28", 2, 1)]
    forty = Decimal(40)
    assert split_adjusted(forty, date(2005, 2, 25), split, None) == Decimal(20)
    assert split_adjusted(forty, date(2005, 2, 25), split, date(2005, 2, 28)) == Decimal(20)
    assert split_adjusted(forty, date(2005, 2, 25), split, date(2005, 2, 27)) == forty
    assert split_adjusted(forty, date(2005, 2, 28), split, None) == forty
