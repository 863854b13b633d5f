"""Every shipped document on the real bars of 2004-08-19 on, splits included: the same round trips as ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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
from quantumzero.domain.strategy.portfolio_evaluator import PortfolioEvaluator
from quantumzero.domain.strategy.split_adjustment import adjusted, exchange_date, splits_by

STRATEGIES = Path(__file__).parents[3] / "strategies"
SESSIONS = 260
APPLE_SPLIT = Split("AAPL", "2005-02-28", 2, 1)
ENTRIES = {Action.ENTER_LONG: Decimal(1), Action.ENTER_SHORT: Decimal(-1)}
EXITS = (Action.EXIT_LONG, Action.EXIT_SHORT)


def compiled(name: str):
    document = parse_document((STRATEGIES / f"{name}.yaml").read_text())
    assert document.strategy == name
    return compile_strategy(document)


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


class Trader:
    """Enter flat, leave what is held, turn over where the strategy says so; one share each time."""

    def __init__(self) -> None:
        self.trips: list[tuple[str, str]] = []
        self.sides: list[str] = []
        self._held, self._entered = Held(), ""

    def act(self, strategy, evaluation, when: str) -> None:
        action, _ = conclude(strategy, evaluation, self._held)
        if action in EXITS or (action in ENTRIES and self._held.quantity):
            self.trips.append((self._entered, when))
            self.sides.append("long" if self._held.quantity > 0 else "short")
            self._held = Held()
        if action in ENTRIES:
            self._held, self._entered = Held(ENTRIES[action]), when


def traded(strategy, symbol: str) -> Trader:
    """Return what the decisions on the symbol's bars came to, by decision dates."""
    evaluator, trader = IncrementalEvaluator(strategy, symbol), Trader()
    others = {other: {bar.closes_at: bar for bar in real_bars(other)} for other in strategy.others}
    seen: list[Bar] = []
    for bar in real_bars(symbol):
        seen.append(bar)
        splits = splits_by([APPLE_SPLIT] if symbol == "AAPL" else [], exchange_date(bar.closes_at))
        if splits and exchange_date(bar.closes_at) == splits[0].ex_date:
            evaluator = IncrementalEvaluator(strategy, symbol)
            for past in adjusted(seen[:-1], splits):
                evaluator.step(past)
        beside = {other: bars[bar.closes_at] for other, bars in others.items()}
        trader.act(strategy, evaluator.step(bar, beside), exchange_date(bar.closes_at))
    return trader


def round_trips(strategy, symbol: str) -> list[tuple[str, str]]:
    return traded(strategy, symbol).trips


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
    ("bollinger-breakout", "AAPL"): (4, ("2004-09-29", "2004-12-20"), ("2005-05-23", "2005-06-07")),
    ("bollinger-breakout", "IBM"): (2, ("2004-10-19", "2005-01-04"), ("2005-07-08", "2005-08-10")),
    ("bollinger-breakout", "MSFT"): (5, ("2004-10-01", "2004-10-22"), ("2005-07-12", "2005-08-24")),
    ("bollinger-breakout", "GOOG"): (5, ("2004-09-29", "2004-11-09"), ("2005-04-21", "2005-07-25")),
    ("bollinger-reversion", "AAPL"): (0,),
    ("bollinger-reversion", "IBM"): (1, ("2005-01-11", "2005-02-02"), ("2005-01-11", "2005-02-02")),
    ("bollinger-reversion", "MSFT"): (0,),
    ("bollinger-reversion", "GOOG"): (
        2,
        ("2005-01-24", "2005-01-31"),
        ("2005-08-22", "2005-08-29"),
    ),
    ("buy-and-hold", "AAPL"): (0,),
    ("buy-and-hold", "IBM"): (0,),
    ("buy-and-hold", "MSFT"): (0,),
    ("buy-and-hold", "GOOG"): (0,),
    ("donchian-breakout", "AAPL"): (3, ("2004-09-17", "2005-03-03"), ("2005-05-23", "2005-06-07")),
    ("donchian-breakout", "IBM"): (4, ("2004-10-19", "2005-01-05"), ("2005-07-08", "2005-08-10")),
    ("donchian-breakout", "MSFT"): (6, ("2004-10-01", "2004-10-22"), ("2005-06-16", "2005-07-12")),
    ("donchian-breakout", "GOOG"): (8, ("2004-09-17", "2004-11-22"), ("2005-06-27", "2005-07-29")),
    ("macd", "AAPL"): (10, ("2004-10-14", "2004-11-11"), ("2005-08-12", "2005-08-23")),
    ("macd", "IBM"): (6, ("2004-10-19", "2004-11-22"), ("2005-07-06", "2005-08-01")),
    ("macd", "MSFT"): (10, ("2004-10-18", "2004-10-22"), ("2005-08-02", "2005-08-16")),
    ("macd", "GOOG"): (7, ("2004-10-22", "2004-11-05"), ("2005-07-20", "2005-07-22")),
    ("model-gated-cross", "AAPL"): (2, ("2005-05-27", "2005-06-16"), ("2005-06-24", "2005-07-01")),
    ("model-gated-cross", "IBM"): (3, ("2005-06-08", "2005-06-16"), ("2005-07-11", "2005-08-26")),
    ("model-gated-cross", "MSFT"): (1, ("2005-04-18", "2005-06-16"), ("2005-04-18", "2005-06-16")),
    ("model-gated-cross", "GOOG"): (2, ("2004-12-22", "2005-02-22"), ("2005-04-11", "2005-08-09")),
    ("pairs-spread", "IBM"): (5, ("2004-11-15", "2005-02-09"), ("2005-07-08", "2005-08-04")),
    ("pairs-spread", "MSFT"): (5, ("2004-11-15", "2005-02-09"), ("2005-07-08", "2005-08-04")),
    ("volatility-target", "AAPL"): (2, ("2005-01-10", "2005-04-14"), ("2005-05-23", "2005-06-03")),
    ("volatility-target", "IBM"): (1, ("2005-01-10", "2005-02-22"), ("2005-01-10", "2005-02-22")),
    ("volatility-target", "MSFT"): (2, ("2005-05-16", "2005-06-15"), ("2005-06-23", "2005-06-24")),
    ("volatility-target", "GOOG"): (2, ("2005-01-10", "2005-03-09"), ("2005-04-05", "2005-04-15")),
}
# (strategy, symbol): how many of the round trips were long, and how many short
SIDES = {
    ("donchian-breakout", "AAPL"): (2, 1),
    ("donchian-breakout", "IBM"): (2, 2),
    ("donchian-breakout", "MSFT"): (4, 2),
    ("donchian-breakout", "GOOG"): (5, 3),
    ("pairs-spread", "IBM"): (1, 4),
    ("pairs-spread", "MSFT"): (4, 1),
}
# strategy: the weight of AAPL, IBM, MSFT, GOOG after the last of the bars
WEIGHTS = {
    "time-series-momentum": {
        "AAPL": 0.45783670766672097,
        "IBM": 0.0,
        "MSFT": 0.0,
        "GOOG": 0.542163292333279,
    },
    "cross-sectional-momentum": {"AAPL": 0.5, "IBM": 0.0, "MSFT": 0.0, "GOOG": 0.5},
}
INTRADAY = {"opening-range-breakout"}


def test_every_shipped_document_has_an_expected_result():
    expected = {name for name, _ in EXPECTED} | WEIGHTS.keys() | INTRADAY
    assert {path.stem for path in STRATEGIES.glob("*.yaml")} == expected


def test_every_shipped_document_begins_with_its_idea_in_a_sentence():
    for path in STRATEGIES.glob("*.yaml"):
        idea = path.read_text().splitlines()[0]
        assert idea.startswith("# ")
        assert idea.endswith(".")


@pytest.mark.parametrize(("name", "symbol"), sorted(EXPECTED))
def test_a_shipped_document_makes_its_expected_round_trips(name, symbol):
    trips = round_trips(compiled(name), symbol)
    assert (len(trips), *trips[:1], *trips[-1:]) == EXPECTED[name, symbol]


@pytest.mark.parametrize(("name", "symbol"), sorted(SIDES))
def test_a_document_of_both_sides_trades_them_as_often_as_ever(name, symbol):
    sides = traded(compiled(name), symbol).sides
    assert (sides.count("long"), sides.count("short")) == SIDES[name, symbol]


def test_the_legs_of_the_pair_are_mirrors_of_each_other():
    strategy = compiled("pairs-spread")
    legs = [traded(strategy, symbol) for symbol in strategy.document.universe]
    assert legs[0].trips == legs[1].trips
    assert [side == "long" for side in legs[0].sides] == [side == "short" for side in legs[1].sides]


@pytest.mark.parametrize("name", sorted(WEIGHTS))
def test_a_shipped_portfolio_has_its_expected_weights(name):
    strategy = compiled(name)
    evaluator = PortfolioEvaluator(strategy)
    universe = strategy.document.universe
    columns = [list(adjusted(real_bars(symbol), _splits(symbol))) for symbol in universe]
    for row in zip(*columns, strict=True):
        evaluator.step({bar.symbol: bar for bar in row})
    assert evaluator.weights_at() == pytest.approx(WEIGHTS[name], abs=1e-12)


def _splits(symbol: str) -> list[Split]:
    return [APPLE_SPLIT] if symbol == "AAPL" else []


def session(opens_at: datetime, closes: list[int]) -> list[Bar]:
    """Return five-minute bars of one session; high and low lie one unit around open and close."""
    bars, last = [], closes[0]
    for number, close in enumerate(closes):
        begins_at = opens_at + timedelta(minutes=5 * number)
        units = [last, max(last, close) + 1, min(last, close) - 1, close]
        prices = [price * 10_000 for price in units]
        bars.append(Bar("AAPL", "5m", begins_at, begins_at + timedelta(minutes=5), *prices, 100, 1))
        last = close
    return bars


def test_the_opening_range_is_broken_once_a_day_and_left_before_the_close():
    strategy = compiled("opening-range-breakout")
    first = datetime(2024, 3, 12, 13, 30, tzinfo=UTC)
    rising = [100] * 6 + [101] + [105] * 71  # the range is 99 to 101: broken by the eighth bar
    falling = [100] * 6 + [105] * 4 + [98] + [105] * 67  # broken, lost, broken again
    still = [100] * 78
    late = [100] * 70 + [105] * 8  # after the last hour for entries
    trader, evaluator = Trader(), IncrementalEvaluator(strategy, "AAPL")
    for day, closes in enumerate([rising, falling, still, late]):
        for bar in session(first + timedelta(days=day), closes):
            when = bar.closes_at.strftime("%d %H:%M")
            trader.act(strategy, evaluator.step(bar), when)
    assert trader.trips == [
        ("12 14:10", "12 19:50"), ("13 14:05", "13 14:25"), ("13 14:30", "13 19:50"),
    ]  # fmt: skip


def test_after_an_early_close_the_next_session_ends_what_is_left():
    strategy = compiled("opening-range-breakout")
    trader, evaluator = Trader(), IncrementalEvaluator(strategy, "AAPL")
    black_friday = datetime(2024, 11, 29, 14, 30, tzinfo=UTC)
    closes = [100] * 6 + [105] * 36
    for day in (0, 3):
        for bar in session(black_friday + timedelta(days=day), closes):
            when = bar.closes_at.strftime("%d %H:%M")
            trader.act(strategy, evaluator.step(bar), when)
    assert trader.trips[0] == ("29 15:05", "02 14:35")


def test_the_default_strategy_closes_enough_round_trips_to_be_worth_watching():
    strategy = compiled("sma-cross")
    assert sum(len(round_trips(strategy, symbol)) for symbol in strategy.document.universe) >= 10
