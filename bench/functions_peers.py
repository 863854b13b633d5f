"""Every function that TA-Lib has too, beside TA-Lib's, on the real daily bars of AAPL and IBM.

Run with the peers' environment, which has TA-Lib and the bars:
PYTHONPATH=layers/quantumzero/python .venv-bench/bin/python -m bench.functions_peers [--constants]

A function agrees when every value from its first on is TA-Lib's to 1e-9 of its size (of 1, for
those that pass through zero). One that starts otherwise by definition must agree from the bar
named beside it on; the reason stands there too. Exits 1 when one does not.
--constants prints a few values of each, as the unit tests hold them.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import talib
from bokeh_sampledata import stocks

from quantumzero.domain.bars import Bar
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.domain.strategy.document import Formula, StrategyDocument, Weights
from quantumzero.domain.strategy.evaluator import IncrementalEvaluator
from quantumzero.domain.strategy.parser import parse_expression

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Columns = dict[str, Any]
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Pair:
    """One comparison: our expression, TA-Lib's call, and from which bar on they must agree.

    late is 0 for every bar that either has; else the reason says why they begin apart.
    """

    text: str
    peer: Callable[[Columns], Any]
    late: int = 0
    reason: str = ""


_SEED = "TA-Lib seeds the fast average with the last values before the slow one's first"
_BOTH = "TA-Lib shows the line only when its signal has a value too"
_FIRST = "TA-Lib counts the first bar's volume; its level is taken off here"
_ADX = (
    "TA-Lib begins Wilder's sums with period - 1 values, Wilder and Stock.Indicators with period; "
    "it gets whole price units, because in fractions its doubles find equal moves unequal"
)

PAIRS = (
    Pair("sma(close, 20)", lambda d: talib.SMA(d["close"], 20)),
    Pair("ema(close, 20)", lambda d: talib.EMA(d["close"], 20)),
    Pair("wma(close, 20)", lambda d: talib.WMA(d["close"], 20)),
    Pair("dema(close, 20)", lambda d: talib.DEMA(d["close"], 20)),
    Pair("tema(close, 20)", lambda d: talib.TEMA(d["close"], 20)),
    Pair("kama(close, 10)", lambda d: talib.KAMA(d["close"], 10)),
    Pair("rsi(close, 14)", lambda d: talib.RSI(d["close"], 14)),
    Pair("stochastic_fast(14)", lambda d: _stochastic(d)[0]),
    Pair("stochastic(14, 3)", lambda d: talib.STOCH(*_bars(d), 14, 3, 0, 3, 0)[0], 18, _BOTH),
    Pair("stochastic_signal(14, 3, 3)", lambda d: talib.STOCH(*_bars(d), 14, 3, 0, 3, 0)[1]),
    Pair(
        "stochastic_rsi(close, 14, 14)",
        lambda d: talib.STOCHRSI(d["close"], 14, 14, 3, 0)[0], 30, _BOTH,
    ),
    Pair("cci(20)", lambda d: talib.CCI(*_bars(d), 20)),
    Pair("williams_r(14)", lambda d: talib.WILLR(*_bars(d), 14)),
    Pair("roc(close, 10)", lambda d: talib.ROC(d["close"], 10)),
    Pair("momentum(close, 10)", lambda d: talib.MOM(d["close"], 10)),
    Pair("change(close, 1)", lambda d: talib.MOM(d["close"], 1)),
    Pair("ultimate(7, 14, 28)", lambda d: talib.ULTOSC(*_bars(d), 7, 14, 28)),
    Pair("macd(close, 12, 26)", lambda d: talib.MACD(d["close"], 12, 26, 9)[0], 200, _SEED),
    Pair(
        "macd_signal(close, 12, 26, 9)",
        lambda d: talib.MACD(d["close"], 12, 26, 9)[1], 300, _SEED,
    ),
    Pair(
        "macd_histogram(close, 12, 26, 9)",
        lambda d: talib.MACD(d["close"], 12, 26, 9)[2], 300, _SEED,
    ),
    Pair("ppo(close, 12, 26)", lambda d: talib.PPO(d["close"], 12, 26, 1)),
    Pair("true_range()", lambda d: talib.TRANGE(*_bars(d))),
    Pair("atr(14)", lambda d: talib.ATR(*_bars(d), 14)),
    Pair("bollinger_upper(close, 20, 2)", lambda d: talib.BBANDS(d["close"], 20, 2, 2)[0]),
    Pair("bollinger_middle(close, 20)", lambda d: talib.BBANDS(d["close"], 20, 2, 2)[1]),
    Pair("bollinger_lower(close, 20, 2)", lambda d: talib.BBANDS(d["close"], 20, 2, 2)[2]),
    Pair("stdev(close, 20)", lambda d: talib.STDDEV(d["close"], 20)),
    Pair("plus_di(14)", lambda d: talib.PLUS_DI(*_units(d), 14), 450, _ADX),
    Pair("minus_di(14)", lambda d: talib.MINUS_DI(*_units(d), 14), 450, _ADX),
    Pair("adx(14)", lambda d: talib.ADX(*_units(d), 14), 600, _ADX),
    Pair("aroon_up(25)", lambda d: talib.AROON(d["high"], d["low"], 25)[1]),
    Pair("aroon_down(25)", lambda d: talib.AROON(d["high"], d["low"], 25)[0]),
    Pair("aroon(25)", lambda d: talib.AROONOSC(d["high"], d["low"], 25)),
    Pair("parabolic_sar(0.02, 0.2)", lambda d: talib.SAR(d["high"], d["low"], 0.02, 0.2)),
    Pair("obv()", lambda d: talib.OBV(d["close"], d["volume"]) - d["volume"][0], 1, _FIRST),
    Pair("accumulation_distribution()", lambda d: talib.AD(*_bars(d), d["volume"])),
    Pair("mfi(14)", lambda d: talib.MFI(*_bars(d), d["volume"], 14)),
    Pair("highest(high, 20)", lambda d: talib.MAX(d["high"], 20)),
    Pair("lowest(low, 20)", lambda d: talib.MIN(d["low"], 20)),
    Pair("sum(close, 20)", lambda d: talib.SUM(d["close"], 20)),
    Pair("log(close)", lambda d: talib.LN(d["close"])),
    Pair("sqrt(close)", lambda d: talib.SQRT(d["close"])),
    Pair("max(open, close)", lambda d: np.maximum(d["open"], d["close"])),
    Pair("min(open, close)", lambda d: np.minimum(d["open"], d["close"])),
)  # fmt: skip
NOT_IN_TALIB = (
    "hma vwma rma tsi keltner_* donchian_* zscore supertrend ichimoku_* vwap cmf: TA-Lib has none"
)


def _bars(columns: Columns) -> tuple[Any, Any, Any]:
    return columns["high"], columns["low"], columns["close"]


def _units(columns: Columns) -> tuple[Any, Any, Any]:
    high, low, close = (np.round(column * 10_000) for column in _bars(columns))
    return high, low, close


def _stochastic(columns: Columns) -> tuple[Any, Any]:
    fast, signal = talib.STOCHF(*_bars(columns), 14, 1, 0)
    return fast, signal


def columns_of(symbol: str) -> Columns:
    """Return the symbol's columns as doubles, rounded to the product's price unit."""
    table = getattr(stocks, symbol)
    prices = {name: np.round(table[name], 4) for name in ("open", "high", "low", "close")}
    return {**prices, "volume": np.array(table["volume"], float), "date": table["date"]}


def bars_of(symbol: str, columns: Columns) -> list[Bar]:
    """Return the same rows as the product's daily bars."""
    bars = []
    for row, date in enumerate(columns["date"]):
        closes_at = datetime.fromisoformat(date).replace(hour=20, tzinfo=UTC)
        prices = {
            name: round(columns[name][row] * 10_000) for name in ("open", "high", "low", "close")
        }
        volume = int(columns["volume"][row])
        opens_at = closes_at.replace(hour=14)
        bars.append(Bar(symbol, "1d", opens_at, closes_at, **prices, volume=volume, trade_count=1))
    return bars


def values_of(text: str, bars: Sequence[Bar]) -> Any:
    """Return the expression's value on each bar, NaN where it has none."""
    formula = Formula("weights", text, parse_expression(text))
    document = StrategyDocument(
        "peers", 1, (bars[0].symbol,), "1d", (), weights=Weights(formula, None, "equal")
    )
    compiled = compile_strategy(document)
    evaluator = IncrementalEvaluator(compiled, bars[0].symbol)
    shown = (evaluator.step(bar).value(int(compiled.weight_long or 0)) for bar in bars)
    return np.array([np.nan if value is None else float(value) for value in shown])


def difference(ours: Any, theirs: Any) -> Any:
    """Return the relative difference on each bar, infinite where only one has a value."""
    scale = np.maximum(np.abs(theirs), 1.0)
    away = np.abs(ours - theirs) / scale
    away[np.isnan(ours) & np.isnan(theirs)] = 0.0
    return np.where(np.isnan(away), np.inf, away)


def main(show_constants: bool = False) -> dict[str, Any]:
    """Compare all and print a line each; the figures name the greatest difference of each."""
    figures: dict[str, Any] = {}
    for symbol in ("AAPL", "IBM"):
        columns = columns_of(symbol)
        bars = bars_of(symbol, columns)
        for pair in PAIRS:
            ours, theirs = values_of(pair.text, bars), pair.peer(columns)
            away = difference(ours, theirs)
            worst = float(away[pair.late :].max())
            figures[f"{symbol} {pair.text}"] = {
                "bars": len(bars), "from_bar": pair.late, "worst": worst,
                "agrees": worst <= TOLERANCE, "reason": pair.reason,
            }  # fmt: skip
            _print(symbol, pair, away, worst)
            if show_constants:
                print(f"    {[(row, repr(float(theirs[row]))) for row in (60, 700, 2999)]}")
    print(f"not compared: {NOT_IN_TALIB}")
    return figures


def _print(symbol: str, pair: Pair, away: Any, worst: float) -> None:
    first = int(np.argmax(away <= TOLERANCE)) if worst > TOLERANCE else 0
    verdict = "agrees" if worst <= TOLERANCE else f"DIFFERS (agrees at bar {first})"
    begin = f" from bar {pair.late} on: {pair.reason}" if pair.late else ""
    print(f"{symbol} {pair.text:36} {verdict} {Decimal(worst):.2e}{begin}")


if __name__ == "__main__":
    found: Mapping[str, Any] = main("--constants" in sys.argv)
    sys.exit(0 if all(each["agrees"] for each in found.values()) else 1)
