"""Every shipped document on the real bars of 2004-08-19 on, splits included: the same round trips as ever."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from bokeh_sampledata import stocks

from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.bars import Bar, Split
from quantumzero.domain.decisions import Action
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.domain.strategy.conclusion import Held, conclude
from quantumzero.domain.strategy.evaluator import IncrementalEvaluator
from quantumzero.domain.strategy.split_adjustment import adjusted, exchange_date, splits_by

STRATEGIES = Path(__file__).parents[3] / "strategies"
SESSIONS = 260
APPLE_SPLIT = Split("AAPL", "2005-02-28", 2, 1)


def real_bars(symbol: str) -> list[Bar]:
    table = getattr(stocks, symbol)
    first = table["date"].index("2004-08-19")
    bars = []
    for row in range(first, first + SESSIONS):
        closes_at = datetime.fromisoformat(table["date"][row]).replace(hour=20, tzinfo=UTC)
        prices = [round(table[name][row] * 10_000) for name in ("open", "high", "low", "close")]
        bars.append(
            Bar(
                symbol,
                "1d",
                closes_at.replace(hour=14),
                closes_at,
                *prices,
                table["volume"][row],
                1,
            )
        )
    return bars


def round_trips(strategy, symbol: str) -> list[tuple[str, str]]:
    """Return (entry date, exit date) of each closed trade, entering flat and leaving long."""
    evaluator = IncrementalEvaluator(strategy)
    held, entered, trips, seen = Held(), "", [], []
    for bar in real_bars(symbol):
        seen.append(bar)
        splits = splits_by([APPLE_SPLIT] if symbol == "AAPL" else [], exchange_date(bar.closes_at))
        if splits and exchange_date(bar.closes_at) == splits[0].ex_date:
            evaluator = IncrementalEvaluator(strategy)
            for past in adjusted(seen[:-1], splits):
                evaluator.step(past)
        action, _ = conclude(strategy, evaluator.step(bar), held)
        date = exchange_date(bar.closes_at)
        if action is Action.ENTER_LONG:
            held, entered = Held(Decimal(1)), date
        elif action is Action.EXIT_LONG:
            held = Held()
            trips.append((entered, date))
    return trips


# (strategy, symbol): closed round trips, the first and the last of them by decision date
EXPECTED = {
    ("channel-breakout", "AAPL"): (7, ("2004-09-16", "2004-10-12"), ("2005-08-11", "2005-08-26")),
    ("channel-breakout", "IBM"): (6, ("2004-10-04", "2004-10-13"), ("2005-07-07", "2005-08-01")),
    ("channel-breakout", "MSFT"): (7, ("2004-09-30", "2004-10-14"), ("2005-08-02", "2005-08-16")),
    ("channel-breakout", "GOOG"): (6, ("2004-09-16", "2004-11-05"), ("2005-06-24", "2005-07-28")),
    ("ema-cross", "AAPL"): (2, ("2005-05-25", "2005-06-10"), ("2005-06-23", "2005-06-27")),
    ("ema-cross", "IBM"): (2, ("2004-10-01", "2005-01-12"), ("2005-07-08", "2005-08-26")),
    ("ema-cross", "MSFT"): (3, ("2004-09-29", "2004-11-18"), ("2005-04-29", "2005-06-16")),
    ("ema-cross", "GOOG"): (1, ("2005-04-07", "2005-08-10"), ("2005-04-07", "2005-08-10")),
    ("rsi-reversion", "AAPL"): (5, ("2004-12-20", "2004-12-30"), ("2005-07-29", "2005-08-09")),
    ("rsi-reversion", "IBM"): (3, ("2005-01-04", "2005-01-19"), ("2005-08-10", "2005-08-19")),
    ("rsi-reversion", "MSFT"): (2, ("2005-05-10", "2005-05-13"), ("2005-06-03", "2005-06-23")),
    ("rsi-reversion", "GOOG"): (6, ("2004-11-05", "2004-11-11"), ("2005-07-25", "2005-08-02")),
    ("sma-cross", "AAPL"): (6, ("2005-01-07", "2005-03-08"), ("2005-06-23", "2005-06-29")),
    ("sma-cross", "IBM"): (6, ("2004-10-04", "2004-10-15"), ("2005-07-08", "2005-08-10")),
    ("sma-cross", "MSFT"): (8, ("2004-09-20", "2004-09-21"), ("2005-07-13", "2005-08-24")),
    ("sma-cross", "GOOG"): (6, ("2004-11-15", "2004-11-16"), ("2005-04-01", "2005-07-28")),
}


def test_every_shipped_document_has_an_expected_result():
    assert {path.stem for path in STRATEGIES.glob("*.yaml")} == {name for name, _ in EXPECTED}


@pytest.mark.parametrize(("name", "symbol"), sorted(EXPECTED))
def test_a_shipped_document_makes_its_expected_round_trips(name, symbol):
    document = parse_document((STRATEGIES / f"{name}.yaml").read_text())
    assert document.strategy == name
    trips = round_trips(compile_strategy(document), symbol)
    assert (len(trips), trips[0], trips[-1]) == EXPECTED[name, symbol]


def test_the_default_strategy_closes_enough_round_trips_to_be_worth_watching():
    document = parse_document((STRATEGIES / "sma-cross.yaml").read_text())
    strategy = compile_strategy(document)
    assert sum(len(round_trips(strategy, symbol)) for symbol in document.universe) >= 10
