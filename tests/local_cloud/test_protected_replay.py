"""A document sized by its stop, with stop, target and time: replayed it trades what its backtest trades, leg by leg."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from local.proof.backtest_comparison import backtest_of, compare_with_backtest
from local.replay.record import build_record, exchange_date
from quantumzero.domain.backtests import EXIT_REASONS, SIDES
from quantumzero.domain.calendars import from_us
from tests.local_cloud.replays import qz_replay, replayed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.cloud import LocalCloud
    from quantumzero.research.result import BacktestResult

Fill = tuple[str, str, str, str, str]
"""Session, symbol, side, price, quantity."""

pytestmark = pytest.mark.timeout(600)
# No position of these sessions meets its stop or target on the day of its entry, when a replay's legs do not rest yet:
# docs/strategies.md, "Where live and a backtest differ".
FIRST, SESSIONS = "2004-12-01", 40
# Two of the eight weeks: a day takes more than a second.
AGAIN, LAST_AGAIN, DAYS_AGAIN = "2004-12-10", "2004-12-23", 10
RISKED = """
strategy: risked
version: 1
universe: [AAPL, IBM, MSFT, GOOG]
timeframe: 1d
entry: {long: "cross_above(close, sma(close, 3))"}
exit: {long: "cross_below(close, sma(close, 10))"}
sizing: {risk_percent: 0.5}
protect:
  stop_loss: {atr: 5, multiple: 2}
  take_profit: {percent: 6}
  time_stop: {bars: 6}
"""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    home = tmp_path_factory.mktemp("replayed")
    with replayed(home, RISKED, first=FIRST, sessions=SESSIONS) as running:
        yield running


def fills_of(record: dict[str, Any]) -> list[Fill]:
    return [
        (each["session"], each["symbol"], each["side"], each["price"], each["quantity"])
        for each in record["fills"]
    ]


def backtested_fills(result: BacktestResult) -> list[Fill]:
    fills, orders = result.fills, result.orders
    rows = zip(fills.time, fills.order, fills.price, fills.quantity, strict=True)
    return [
        (
            exchange_date(from_us(int(time)).isoformat()),
            result.symbols[orders.symbol[order]],
            SIDES[orders.side[order]],
            repr(float(price)),
            repr(float(quantity)),
        )
        for time, order, price, quantity in rows
    ]


def traded(fills: list[Fill]) -> dict[tuple[str, str, str, Decimal], Decimal]:
    """Return how many shares were bought or sold of a symbol in a session at each price."""
    found: dict[tuple[str, str, str, Decimal], Decimal] = {}
    for session, symbol, side, price, quantity in fills:
        key = (session, symbol, side, Decimal(price))
        found[key] = found.get(key, Decimal(0)) + Decimal(quantity)
    return found


def test_decisions_sizes_and_protective_fills_equal_the_backtest(cloud: LocalCloud) -> None:
    record = build_record(cloud.api, cloud.exchange.books(), first=FIRST, sessions=SESSIONS)
    result = backtest_of(RISKED, cash="100000", first=date.fromisoformat(FIRST), sessions=SESSIONS)
    why = {EXIT_REASONS[reason] for reason in result.trades.reason}
    assert why == {"signal", "stop_loss", "take_profit", "time_stop"}
    compared = compare_with_backtest(record, result)
    for kind in ("decisions", "orders", "final equity"):
        ours, theirs, first = compared[kind]
        assert first == [], kind
        assert ours == theirs > 0, kind
    # A time stop fills whole at the open of a backtest and print by print at the exchange: the same shares and price.
    assert traded(fills_of(record)) == traded(backtested_fills(result))
    protecting = [each for each in record["orders"] if each["protects"]]
    closing = [each for each in protecting if Decimal(each["filled"])]
    assert len(closing) == sum(EXIT_REASONS[reason] != "signal" for reason in result.trades.reason)


def test_days_are_decided_and_sized_the_same_again(cloud: LocalCloud) -> None:
    code, said = qz_replay(cloud, "--date", AGAIN, "--until", LAST_AGAIN)
    assert code == 0, said
    assert said.count("4 decisions") == DAYS_AGAIN
    assert "differences" not in said
