"""Functions that TA-Lib lacks, against their published formulas over plain lists of real bars."""

from __future__ import annotations

from itertools import accumulate, pairwise
from math import isqrt, sqrt
from statistics import fmean, pstdev

import pytest

from quantumzero.domain.strategy.evaluator import IncrementalEvaluator
from tests.unit.domain.strategy.functions.real_bars import (
    apple_bars,
    compiled_expression,
    values_of,
)

BARS = apple_bars(120)
OPEN, HIGH, LOW, CLOSE = (
    [getattr(bar, name) / 10_000 for bar in BARS] for name in ("open", "high", "low", "close")
)
VOLUME = [float(bar.volume) for bar in BARS]
TYPICAL = [(high + low + close) / 3 for high, low, close in zip(HIGH, LOW, CLOSE, strict=True)]


def windows(values, period):
    return [values[row - period : row] for row in range(period, len(values) + 1)]


def wma(values, period):
    weights = range(1, period + 1)
    return [
        sum(weight * value for weight, value in zip(weights, window, strict=True)) / sum(weights)
        for window in windows(values, period)
    ]


def recursive(values, period, weight):
    seed = fmean(values[:period])
    return list(accumulate(values[period:], lambda a, x: a + weight * (x - a), initial=seed))


def ema(values, period):
    return recursive(values, period, 2 / (period + 1))


def rma(values, period):
    return recursive(values, period, 1 / period)


def true_ranges():
    rows = zip(pairwise(HIGH), pairwise(LOW), pairwise(CLOSE), strict=True)
    return [
        max(high, last_close) - min(low, last_close)
        for (_, high), (_, low), (last_close, _) in rows
    ]


def last(*series):
    """Return the newest 60 values of each series, which may have begun at different bars."""
    return zip(*(each[-60:] for each in series), strict=True)


def hull(period):
    slow, fast = wma(CLOSE, period), wma(CLOSE, period // 2)
    return wma([2 * a - b for a, b in zip(fast[-len(slow) :], slow, strict=True)], isqrt(period))


def vwma():
    values = [close * volume for close, volume in zip(CLOSE, VOLUME, strict=True)]
    return [sum(a) / sum(b) for a, b in zip(windows(values, 20), windows(VOLUME, 20), strict=True)]


def strength():
    moved = [now - before for before, now in pairwise(CLOSE)]
    sizes = [abs(each) for each in moved]
    return [
        100 * a / b for a, b in zip(ema(ema(moved, 25), 13), ema(ema(sizes, 25), 13), strict=True)
    ]


def money_flow():
    flows = [
        ((close - low) - (high - close)) / (high - low) * volume
        for high, low, close, volume in zip(HIGH, LOW, CLOSE, VOLUME, strict=True)
    ]
    return [sum(a) / sum(b) for a, b in zip(windows(flows, 20), windows(VOLUME, 20), strict=True)]


def middle_of_range(period):
    return [
        (max(high) + min(low)) / 2
        for high, low in zip(windows(HIGH, period), windows(LOW, period), strict=True)
    ]


def supertrend(period, multiplier):
    """Follow the description in Stock.Indicators' guide, bar by bar."""
    line = []
    upper = lower = 0.0
    rising = True
    for row, atr in enumerate(rma(true_ranges(), period), start=period):
        middle = (HIGH[row] + LOW[row]) / 2
        new_upper, new_lower = middle + multiplier * atr, middle - multiplier * atr
        if not line:
            rising, upper, lower = CLOSE[row] >= middle, new_upper, new_lower
        if new_upper < upper or CLOSE[row - 1] > upper:
            upper = new_upper
        if new_lower > lower or CLOSE[row - 1] < lower:
            lower = new_lower
        rising = CLOSE[row] > (lower if rising else upper)
        line.append(lower if rising else upper)
    return line


DEFINED = {
    "rma(close, 9)": rma(CLOSE, 9),
    "hma(close, 16)": hull(16),
    "hma(close, 21)": hull(21),
    "vwma(close, 20)": vwma(),
    "tsi(close)": strength(),
    "cmf(20)": money_flow(),
    "macd(close)": [a - b for a, b in last(ema(CLOSE, 12), ema(CLOSE, 26))],
    "keltner_upper(20, 2, 10)": [
        a + 2 * b for a, b in last(ema(CLOSE, 20), rma(true_ranges(), 10))
    ],
    "keltner_lower(20, 2, 10)": [
        a - 2 * b for a, b in last(ema(CLOSE, 20), rma(true_ranges(), 10))
    ],
    "keltner_middle(20)": ema(CLOSE, 20),
    "donchian_upper(20)": [max(window) for window in windows(HIGH[:-1], 20)],
    "donchian_lower(20)": [min(window) for window in windows(LOW[:-1], 20)],
    "donchian_middle(20)": [
        (max(high) + min(low)) / 2
        for high, low in zip(windows(HIGH[:-1], 20), windows(LOW[:-1], 20), strict=True)
    ],
    "zscore(close, 20)": [
        (window[-1] - fmean(window)) / pstdev(window) for window in windows(CLOSE, 20)
    ],
    "zscore(close / open, 20)": [
        (window[-1] - fmean(window)) / pstdev(window)
        for window in windows([a / b for a, b in zip(CLOSE, OPEN, strict=True)], 20)
    ],
    "mean_deviation(close / open, 20)": [
        fmean(abs(each - fmean(window)) for each in window)
        for window in windows([a / b for a, b in zip(CLOSE, OPEN, strict=True)], 20)
    ],
    "supertrend(10, 3)": supertrend(10, 3),
    "supertrend(7, 1.5)": supertrend(7, 1.5),
    "ichimoku_conversion()": middle_of_range(9),
    "ichimoku_base()": middle_of_range(26),
    "ichimoku_span_a()": [(a + b) / 2 for a, b in last(middle_of_range(9), middle_of_range(26))],
    "ichimoku_span_b()": middle_of_range(52),
    "vwap()": TYPICAL,  # a daily bar is its session
    "clip(close, low + 1, 70)": [
        min(max(close, low + 1), 70) for close, low in zip(CLOSE, LOW, strict=True)
    ],
    "sign(close - open)": [
        float((close > open_) - (close < open_)) for close, open_ in zip(CLOSE, OPEN, strict=True)
    ],
    "abs(close - open)": [abs(a - b) for a, b in zip(CLOSE, OPEN, strict=True)],
    "log(close / open)": [
        pytest.approx(sqrt(a / b) - sqrt(b / a), abs=2e-4)  # ln x is near that around 1
        for a, b in zip(CLOSE, OPEN, strict=True)
    ],
}


@pytest.mark.parametrize("text", sorted(DEFINED))
def test_a_function_equals_its_formula(text):
    found = values_of(text, BARS)[-60:]
    expected = DEFINED[text][-60:]
    assert found == [
        value if text.startswith("log") else pytest.approx(value, rel=1e-10, abs=1e-10)
        for value in expected
    ]


def test_conditions_count_what_held():
    rose = [None, *(now > before for before, now in pairwise(CLOSE))]
    rising = values_of("rising(close, 2)", BARS)
    counted = values_of("count_true(close > lag(close, 1), 5)", BARS)
    since = values_of("bars_since(close > lag(close, 1))", BARS)
    held = values_of("value_when(close > lag(close, 1), close)", BARS)
    for row in range(60, 120):
        assert rising[row] is (rose[row] and rose[row - 1])
        assert counted[row] == sum(rose[row - 4 : row + 1])
        newest = max(past for past in range(1, row + 1) if rose[past])
        assert (since[row], held[row]) == (row - newest, CLOSE[newest])
    falling = values_of("falling(close)", BARS)
    assert falling[1:] == [now < before for before, now in pairwise(CLOSE)]


def test_where_does_not_mind_the_value_it_does_not_choose():
    still = "where(close > 0, close, 1 / (open - open))"
    assert values_of(still, BARS) == CLOSE
    assert set(values_of("where(close < 0, close, 1 / (open - open))", BARS)) == {None}


def test_what_cannot_be_is_undefined():
    assert set(values_of("log(close - close)", BARS)) == {None}
    assert set(values_of("sqrt(-close)", BARS)) == {None}
    assert set(values_of("zscore(close - close, 5)", BARS)) == {None}


def test_ranges_without_extent_have_the_value_their_page_says(daily_bars):
    still = [bar.__class__(**{**_fields(bar), "high": bar.close, "low": bar.close})
             for bar in daily_bars([5.0] * 60)]  # fmt: skip
    expected = {
        "stochastic()": 0, "stochastic_rsi(close)": 0, "cci()": 0, "williams_r()": 0, "adx()": 0,
        "plus_di()": 0, "cmf()": 0, "mfi()": 50, "accumulation_distribution()": 0, "obv()": 0,
        "kama(close)": 5.0, "rsi(close, 14)": 50,
    }  # fmt: skip
    assert {text: values_of(text, still)[-1] for text in expected} == expected


def _fields(bar):
    return {name: getattr(bar, name) for name in bar.__dataclass_fields__}


def test_sums_and_means_of_doubles_are_exact_sums_rounded_once(daily_bars):
    # 1e16 + 1 - 1e16 is 0 in running doubles; the ratios here have no exact sum in them.
    bars = daily_bars([1e8, 0.0001, 3.0, 7.0])
    huge = "(close / 0.3) * (close / 0.7) * (close / 0.9)"
    values = values_of(f"sum({huge}, 2)", bars)
    alone = values_of(huge, bars)
    assert values[-1] == alone[-2] + alone[-1]
    assert values_of(f"sma({huge}, 2)", bars)[-1] == (alone[-2] + alone[-1]) / 2


def test_a_state_holds_no_more_than_its_windows():
    compiled = compiled_expression("adx() > cci() and kama(close) > supertrend()")
    evaluator = IncrementalEvaluator(compiled, "AAPL")
    sizes = []
    for bar in BARS:
        evaluator.step(bar)
        sizes.append(len(evaluator.dump()))
    assert max(sizes[60:]) < 1.1 * sizes[60]
