"""Every shipped document as a backtest of real bars, 2004-08-19 to 2013-03-01: the same end as ever."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from bokeh_sampledata import stocks

from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.calendars import DAY_US, to_us
from quantumzero.domain.strategy.scoring import ScoringModel
from quantumzero.research import backtest
from quantumzero.research.columns import BarColumns, bars_from_columns
from quantumzero.research.history import Action
from quantumzero.research.sessions import day_number
from tests.unit.strategies.test_shipped_strategies import session

if TYPE_CHECKING:
    from quantumzero.research.history import MarketHistory

STRATEGIES = Path(__file__).parents[3] / "strategies"
SYMBOLS = ("AAPL", "IBM", "MSFT", "GOOG")
CASH = 100_000
PRICES = ("open", "high", "low", "close")

# strategy: final equity of 100,000, and closed trades
EXPECTED = {
    "bollinger-breakout": (241563.98789999977, 157),
    "bollinger-reversion": (114506.43719999996, 58),
    "buy-and-hold": (951067.3500000001, 0),
    "channel-breakout": (246584.5192, 214),
    "cross-sectional-momentum": (423029.71229090163, 59),
    "donchian-breakout": (232180.70803980247, 269),
    "ema-cross": (319219.34229999996, 117),
    "macd": (229647.54989999995, 322),
    "pairs-spread": (83710.36044755379, 72),
    "rsi-reversion": (121849.66540000014, 196),
    "sma-cross": (239800.4804000001, 251),
    "time-series-momentum": (265380.89963941916, 88),
    "volatility-target": (169116.23848667467, 171),
}


def text_of(name: str) -> str:
    return (STRATEGIES / f"{name}.yaml").read_text()


@cache
def real_history() -> MarketHistory:
    columns = []
    for symbol in SYMBOLS:
        table = getattr(stocks, symbol)
        first = table["date"].index("2004-08-19")
        days = [day_number(date.fromisoformat(day)) * DAY_US for day in table["date"][first:]]
        prices = {name: np.array(table[name][first:], np.float64) for name in PRICES}
        volume = np.array(table["volume"][first:])
        columns.append(
            BarColumns(symbol, np.array(days, np.int64), zoned=False, **prices, volume=volume)
        )
    return bars_from_columns(columns, actions=[Action("AAPL", "2005-02-28", "split", 2, 1)])


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_shipped_document_ends_with_its_expected_equity(name):
    result = backtest(text_of(name), real_history(), cash=CASH)
    equity, trades = EXPECTED[name]
    assert result.final_equity == pytest.approx(equity, rel=1e-9)
    assert len(result.trades) == trades


def test_every_daily_document_without_a_model_is_backtested():
    documents = {path.stem: parse_document(path.read_text()) for path in STRATEGIES.glob("*.yaml")}
    daily = {
        name for name, each in documents.items() if each.timeframe == "1d" and each.model is None
    }
    assert daily == EXPECTED.keys()


def test_buying_and_holding_is_worth_what_its_shares_are_worth():
    cash, worth = float(CASH), 0.0
    for symbol in SYMBOLS:
        table = getattr(stocks, symbol)
        decided = table["date"].index("2004-08-19")
        shares = CASH * 24 // 100 // table["close"][decided]
        cash -= shares * table["open"][decided + 1]
        worth += shares * (2 if symbol == "AAPL" else 1) * table["close"][-1]
    result = backtest(text_of("buy-and-hold"), real_history(), cash=CASH)
    assert result.final_equity == pytest.approx(cash + worth, rel=1e-12)


def scored(weight: float, intercept: float) -> ScoringModel:
    return ScoringModel("meta-label-v1", 1, ("strength",), False, intercept, (weight,))


def test_a_model_that_likes_everything_changes_nothing_and_one_that_likes_nothing_trades_nothing():
    text = text_of("model-gated-cross")
    alone = text[: text.index("model:")]
    free = backtest(alone, real_history(), cash=CASH)
    liked = backtest(text, real_history(), cash=CASH, model=scored(0.0, 1.0))
    choosy = backtest(text, real_history(), cash=CASH, model=scored(0.01, 0.0))
    barred = backtest(text, real_history(), cash=CASH, model=scored(0.0, 0.0))
    assert liked.final_equity == free.final_equity
    assert (barred.final_equity, len(barred.trades)) == (CASH, 0)
    assert 0 < len(choosy.trades) < len(free.trades)


def test_the_opening_range_is_traded_at_the_opens_after_its_decisions():
    first = datetime(2024, 3, 12, 13, 30, tzinfo=UTC)
    rising = [100] * 6 + [101] + [105] * 40 + [107] * 31  # broken at 14:10, left at 19:50
    still = [107] * 78
    bars = [*session(first, rising), *session(first + timedelta(days=1), still)]
    history = bars_from_columns(
        [
            BarColumns(
                "AAPL",
                np.array([to_us(bar.opens_at) for bar in bars]),
                zoned=True,
                **{
                    name: np.array([getattr(bar, name) / 10_000 for bar in bars]) for name in PRICES
                },
                volume=np.array([bar.volume for bar in bars]),
            )
        ]
    )
    result = backtest(text_of("opening-range-breakout"), history, cash=CASH, symbol="AAPL")
    # 40 percent at the close of 105; both fills are a slippage of 2 bps and a commission of 1 away.
    shares = CASH * 40 // 100 // 105
    bought, sold = 105 * 1.0002, 107 * 0.9998
    expected = CASH + shares * (sold - bought) - shares * (sold + bought) * 0.0001
    assert len(result.trades) == 1
    assert result.final_equity == pytest.approx(expected, rel=1e-9)
