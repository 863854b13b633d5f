"""Functions on the real daily bars of AAPL from 2000 on, against TA-Lib's values of the same bars.

The figures were printed by TA-Lib 0.8 (`bench/functions_peers.py`, which compares every bar of
3,000); those whose start differs by definition are held where the start has faded.
"""

from __future__ import annotations

import pytest

from tests.unit.domain.strategy.functions.real_bars import apple_bars, values_of

# (expression, row counted from 0 of 2000-03-01, TA-Lib's value)
TALIB = [
    ("sma(close, 20)", 60, 104.19649999999999),
    ("sma(close, 20)", 700, 15.387500000000049),
    ("ema(close, 20)", 60, 101.79897540422505),
    ("ema(close, 20)", 700, 15.28922119986554),
    ("wma(close, 20)", 60, 98.30590476190487),
    ("wma(close, 20)", 700, 15.219571428571436),
    ("dema(close, 20)", 60, 90.72442640066411),
    ("dema(close, 20)", 700, 15.123687582012176),
    ("tema(close, 20)", 60, 87.22000417213768),
    ("tema(close, 20)", 700, 14.911786213697404),
    ("kama(close, 10)", 60, 101.46492480389816),
    ("kama(close, 10)", 700, 15.59143536931157),
    ("rsi(close, 14)", 60, 32.34571430124723),
    ("rsi(close, 14)", 700, 43.68279738701191),
    ("stochastic_fast(14)", 60, 13.91332681655261),
    ("stochastic_fast(14)", 700, 17.682926829268233),
    ("stochastic(14, 3)", 60, 9.775407448111627),
    ("stochastic(14, 3)", 700, 35.611800541881884),
    ("stochastic_signal(14, 3, 3)", 60, 7.739003131092349),
    ("stochastic_signal(14, 3, 3)", 700, 37.81308592547088),
    ("stochastic_rsi(close, 14, 14)", 60, 16.484615300800716),
    ("stochastic_rsi(close, 14, 14)", 700, 27.064132844377838),
    ("cci(20)", 60, -119.85376108216803),
    ("cci(20)", 700, -100.64635272391438),
    ("williams_r(14)", 60, -86.08667318344739),
    ("williams_r(14)", 700, -82.31707317073177),
    ("roc(close, 10)", 60, -15.115261161365634),
    ("roc(close, 10)", 700, -4.580645161290331),
    ("momentum(close, 10)", 60, -15.540000000000006),
    ("momentum(close, 10)", 700, -0.7100000000000009),
    ("change(close, 1)", 60, -0.4200000000000017),
    ("change(close, 1)", 700, -0.40000000000000036),
    ("ultimate(7, 14, 28)", 60, 29.478251509360614),
    ("ultimate(7, 14, 28)", 700, 48.07145558011948),
    ("macd(close, 12, 26)", 700, -0.14387518560173795),
    ("macd_signal(close, 12, 26, 9)", 700, -0.08818263913590632),
    ("macd_histogram(close, 12, 26, 9)", 700, -0.05569254646583163),
    ("ppo(close, 12, 26)", 60, -8.130700859645982),
    ("ppo(close, 12, 26)", 700, -0.9389261322620277),
    ("true_range()", 60, 6.659999999999997),
    ("true_range()", 700, 0.5399999999999991),
    ("atr(14)", 60, 7.171957479623455),
    ("atr(14)", 700, 0.6008583535383989),
    ("bollinger_upper(close, 20, 2)", 60, 126.72029743737718),
    ("bollinger_upper(close, 20, 2)", 700, 16.288074816436755),
    ("bollinger_middle(close, 20)", 60, 104.19649999999999),
    ("bollinger_middle(close, 20)", 700, 15.387500000000049),
    ("bollinger_lower(close, 20, 2)", 60, 81.67270256262279),
    ("bollinger_lower(close, 20, 2)", 700, 14.486925183563342),
    ("stdev(close, 20)", 60, 11.2618987186886),
    ("stdev(close, 20)", 700, 0.45028740821835345),
    ("plus_di(14)", 700, 15.354975938297564),
    ("minus_di(14)", 700, 22.043364976615123),
    ("adx(14)", 700, 15.7762473073294),
    ("aroon_up(25)", 60, 0.0),
    ("aroon_up(25)", 700, 0.0),
    ("aroon_down(25)", 60, 96.0),
    ("aroon_down(25)", 700, 72.0),
    ("aroon(25)", 60, -96.0),
    ("aroon(25)", 700, -72.0),
    ("parabolic_sar(0.02, 0.2)", 60, 109.85618086458537),
    ("parabolic_sar(0.02, 0.2)", 700, 15.915255139739521),
    ("obv()", 60, -53610500.0),
    ("obv()", 700, -403668400.0),
    ("accumulation_distribution()", 60, -21872903.298935387),
    ("accumulation_distribution()", 700, -68089680.55355199),
    ("mfi(14)", 60, 30.652022913654204),
    ("mfi(14)", 700, 32.0637066029882),
    ("highest(high, 20)", 60, 127.5),
    ("highest(high, 20)", 700, 16.44),
    ("lowest(low, 20)", 60, 83.0),
    ("lowest(low, 20)", 700, 14.5),
    ("sum(close, 20)", 60, 2083.93),
    ("sum(close, 20)", 700, 307.75000000000097),
    ("log(close)", 60, 4.46900676117522),
    ("log(close)", 700, 2.6939512767227085),
    ("sqrt(close)", 60, 9.341841360245848),
    ("sqrt(close)", 700, 3.845776904605882),
    ("max(open, close)", 60, 88.5),
    ("max(open, close)", 700, 15.14),
    ("min(open, close)", 60, 87.27),
    ("min(open, close)", 700, 14.79),
]  # fmt: skip
FIRST_OF_TALIB = 700  # rows: the directional indicators' different beginnings have faded by then


@pytest.mark.parametrize("expression", sorted({text for text, _, _ in TALIB}))
def test_a_function_equals_the_value_of_ta_lib(expression):
    values = values_of(expression, apple_bars(FIRST_OF_TALIB + 1))
    for text, row, expected in TALIB:
        if text == expression:
            assert values[row] == pytest.approx(expected, rel=1e-9, abs=1e-9)
