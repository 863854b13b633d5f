"""Functions against the values that Stock.Indicators publishes for its own quotes.

The first 60 quotes of its test data (daily, from 2017-01-03) and the sample values of its tests,
rounded as there (github.com/DaveSkender/Stock.Indicators, tests/, Apache-2.0).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quantumzero.domain.bars import Bar
from tests.unit.domain.strategy.functions.real_bars import values_of

# open, high, low, close, volume
QUOTES = """
212.61 213.35 211.52 212.8 96708880   | 213.16 214.22 213.15 214.06 83348752
213.77 214.06 213.02 213.89 82961968  | 214.02 215.17 213.42 214.66 75744152
214.38 214.53 213.91 213.95 49684316  | 213.97 214.89 213.52 213.95 67500792
213.86 214.55 213.13 214.55 79014928  | 213.99 214.22 212.53 214.02 76329760
214.21 214.84 214.17 214.51 66385084  | 213.81 214.25 213.33 213.75 64821664
214.02 214.27 213.42 214.22 57997156  | 214.31 214.46 212.96 213.43 70503512
214.18 214.75 213.49 214.21 136721344 | 213.85 214.28 212.83 213.66 79450624
213.89 215.48 213.77 215.03 101142584 | 216.07 216.89 215.89 216.89 89374928
216.73 217.02 216.36 216.66 63477304  | 216.75 216.91 216.12 216.32 63202528
215.57 215.59 213.9 214.98 84399624   | 214.44 215.03 213.82 214.96 80317680
215.65 215.96 214.4 215.05 83743792   | 214.65 215.5 214.29 215.19 73730552
216.18 216.87 215.84 216.67 85273832  | 216.23 216.66 215.92 216.28 61169192
216.71 216.97 216.09 216.29 61318484  | 215.98 216.72 215.7 216.58 54581376
216.88 218.19 216.84 217.86 69811760  | 218.24 218.97 217.88 218.72 69875952
219.26 220.19 219.23 219.91 58408632  | 219.71 220.8 219.33 220.79 75266840
220.55 222.15 220.5 221.94 91860344   | 221.98 222.16 220.93 221.75 89676304
221.03 222.1 221.01 222.1 81718352    | 222.51 223.62 222.5 223.43 94146880
222.98 223.47 222.8 223.23 65747160   | 223.79 223.81 222.55 223.38 78978816
222.45 223.71 222.41 223.66 87198608  | 223.57 224.2 223.29 224.01 59819992
223.6 223.86 222.98 223.41 102631472  | 225.22 227.04 225.2 226.53 157879712
226.33 226.34 225.05 225.11 74353376  | 225.01 225.43 224.6 225.25 86767480
224.38 224.97 223.92 224.58 58630368  | 224.25 224.64 223.68 223.91 68910464
224.23 224.51 223.34 223.49 82739456  | 223.62 224.13 222.72 223.78 95986360
224.82 224.87 223.52 224.56 86785840  | 224.49 224.72 224.13 224.67 60604724
224.08 224.13 223.14 223.81 63382108  | 224.44 226.21 224.18 225.75 101699816
225.9 225.99 224.95 225.31 82924856   | 225.59 225.8 224.91 224.91 93798120
224.91 225.22 224.24 224.66 55368008  | 225.33 225.46 221.64 221.78 138912016
221.82 222.61 221.13 222.3 102826864  | 222.04 223.31 221.66 222.06 105821032
222.4 223.02 221.05 221.9 118567344   | 220.07 221.96 219.77 221.67 92167056
221.34 223.75 221.22 223.29 98521432  | 222.97 223.75 222.72 223.5 65288636
"""
# expression: {row counted from 0: the published value}
PUBLISHED = {
    "plus_di(14)": {19: 21.0361, 29: 37.9719},
    "minus_di(14)": {19: 25.0124, 29: 14.1658},
    "adx(14)": {29: 19.7949},
    "cmf(20)": {49: 0.350596},
    "donchian_upper(20)": {19: None, 20: 217.02},
    "donchian_middle(20)": {19: None, 20: 214.27},
    "donchian_lower(20)": {19: None, 20: 211.52},
    "ichimoku_conversion(9)": {51: 224.465},
    "ichimoku_base(26)": {51: 221.94},
    "lag(ichimoku_span_a(9, 26), 26)": {51: 214.8325},
    "macd(close, 12, 26)": {49: 1.7203},
    "macd_signal(close, 12, 26, 9)": {49: 1.9675},
    "macd_histogram(close, 12, 26, 9)": {49: -0.2472},
    "kama(close, 10, 2, 30)": {10: 213.7713, 24: 214.7423},
    "vwma(close, 10)": {8: None, 9: 213.981942, 24: 215.899211},
    "stochastic(14, 3)": {14: None, 15: 81.1253, 17: 92.1307},
    "stochastic_signal(14, 3, 3)": {15: None, 17: 88.4995},
    "stochastic_rsi(close, 14, 14, 1)": {31: 93.3333},
    "stochastic_rsi(close, 14, 14, 3)": {31: 97.7778},
    "tsi(close, 25, 13)": {36: None, 37: 53.1204, 43: 46.0960, 44: 42.5121},
    "rma(close, 20)": {18: None, 19: 214.52500, 20: 214.55125, 21: 214.58319},
}


def quoted_bars() -> list[Bar]:
    rows = [row.split() for line in QUOTES.strip().splitlines() for row in line.split("|")]
    first = datetime(2017, 1, 3, 21, tzinfo=UTC)
    bars = []
    for day, (*prices, volume) in enumerate(rows):
        closes_at = first + timedelta(days=day)
        units = [round(float(price) * 10_000) for price in prices]
        bars.append(
            Bar("SPY", "1d", closes_at - timedelta(hours=6), closes_at, *units, int(volume), 1)
        )
    return bars


@pytest.mark.parametrize("text", sorted(PUBLISHED))
def test_a_function_equals_the_published_value(text):
    values = values_of(text, quoted_bars())
    for row, expected in PUBLISHED[text].items():
        digits = 6 if text.startswith(("cmf", "vwma")) else 4
        shown = None if values[row] is None else round(values[row], digits)
        assert shown == pytest.approx(expected, abs=1.01 * 10**-digits)
