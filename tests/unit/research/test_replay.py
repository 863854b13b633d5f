"""The preset replay trades as `make up` does: equal to a recomputation that shares no code with it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from bokeh_sampledata import stocks

from local.proof.recomputation import SPLITS, SYMBOLS, Book, Rules, recompute
from quantumzero.domain.calendars import EXCHANGE_ZONE, from_us
from quantumzero.research import backtest
from quantumzero.research.frames import history_from
from quantumzero.research.history import Action, MarketHistory
from quantumzero.research.result import SIDES, BacktestResult

DOCUMENT = (Path(__file__).parents[3] / "strategies" / "sma-cross.yaml").read_text()
FIRST, SESSIONS = "2004-08-19", 260


@pytest.fixture(scope="module")
def history() -> MarketHistory:
    frames = {}
    for symbol in SYMBOLS:
        table = getattr(stocks, symbol)
        names = ("date", "open", "high", "low", "close", "volume")
        frame = pd.DataFrame({name: table[name] for name in names})
        frames[symbol] = frame[frame["date"] >= FIRST].reset_index(drop=True)
    splits = [Action(symbol, day, "split", new, 1) for (symbol, day), new in SPLITS.items()]
    return history_from(frames, actions=splits)


@pytest.fixture(scope="module")
def replayed(history: MarketHistory) -> BacktestResult:
    last = sorted({exchange_day(time) for time in history.series["IBM"].closes_at.tolist()})
    end = last[SESSIONS - 1]
    return backtest(
        DOCUMENT, history, cash=100_000, preset="replay", start=FIRST, end=end, decisions=True
    )


@pytest.fixture(scope="module")
def book() -> Book:
    return recompute(Rules(), FIRST, SESSIONS)


def exchange_day(time: int) -> str:
    return from_us(time).astimezone(EXCHANGE_ZONE).date().isoformat()


def test_it_ends_with_the_equity_that_was_computed_by_hand(
    replayed: BacktestResult, book: Book
) -> None:
    assert f"{replayed.final_equity:.2f}" == "109249.53"
    assert Decimal(repr(replayed.final_equity)).quantize(Decimal("0.0001")) == book.equity


def test_every_decision_of_every_bar_is_the_same(replayed: BacktestResult, book: Book) -> None:
    decided = {
        (exchange_day(each["time"]), each["symbol"]): each["action"] for each in replayed.decisions
    }
    assert len(decided) == SESSIONS * len(SYMBOLS)
    assert decided == book.decisions


def test_every_order_has_the_same_side_and_size(replayed: BacktestResult, book: Book) -> None:
    orders = replayed.orders
    sent = {
        (exchange_day(time), replayed.symbols[symbol]): (SIDES[side], int(quantity))
        for time, symbol, side, quantity in zip(
            orders.decided_at.tolist(), orders.symbol.tolist(), orders.side.tolist(),
            orders.quantity.tolist(), strict=True,
        )
    }  # fmt: skip
    assert len(sent) == 53
    assert sent == book.orders
    assert [each.code for each in replayed.refusals] == list(book.denied.values())


def test_every_fill_has_the_same_day_side_size_and_price(
    replayed: BacktestResult, book: Book
) -> None:
    fills, orders = replayed.fills, replayed.orders
    filled = [
        (
            exchange_day(time),
            replayed.symbols[int(orders.symbol[order])],
            SIDES[int(orders.side[order])],
            int(quantity),
            Decimal(repr(price)),
        )
        for order, time, quantity, price in zip(
            fills.order.tolist(), fills.time.tolist(), fills.quantity.tolist(),
            fills.price.tolist(), strict=True,
        )
    ]  # fmt: skip
    assert len(filled) == 76
    assert sorted(filled) == sorted(book.fills)


def test_reasons_are_in_the_words_of_the_live_decisions(replayed: BacktestResult) -> None:
    reasons = {each["reason"].split(" ")[0] for each in replayed.decisions}
    assert reasons == {"held:", "entered:", "exited:"}
    first = replayed.decisions[0]
    assert first["id"] == "sma-cross-v1-AAPL-20040819T200000Z"
    assert first["reason"] == "held: warming up, 1 of 21 bars"
    entered = next(each for each in replayed.decisions if each["action"] == "enter_long")
    assert entered["reason"] == ("entered: cross_above(sma(close, fast), sma(close, slow)) is true")
    assert from_us(entered["time"]) > datetime(2004, 9, 1, tzinfo=UTC)
    assert None not in entered["values"].values()
