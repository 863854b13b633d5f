"""DataFrames become histories: exact prices, session times, and every wrong row named."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from quantumzero.domain.calendars import to_us
from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.frames import history_from

DATES = ["2024-07-02", "2024-07-03", "2024-07-05"]


def daily(**columns: object) -> pd.DataFrame:
    base = {
        "date": DATES,
        "open": [10.0, 11.0, 12.0],
        "high": [10.5, 11.5, 12.5],
        "low": [9.5, 10.5, 11.5],
        "close": [10.25, 11.25, 12.25],
        "volume": [100, 200, 300],
    }
    return pd.DataFrame({**base, **columns})


def refusal(frame: pd.DataFrame, **settings: object) -> str:
    with pytest.raises(InvalidInputError) as raised:
        history_from(frame, **{"symbol": "GOOG", **settings})  # type: ignore[arg-type]
    return str(raised.value)


def test_a_daily_bar_gets_its_sessions_open_and_early_close() -> None:
    series = history_from(daily(), symbol="GOOG").series["GOOG"]
    assert series.opens_at[1] == to_us(datetime(2024, 7, 3, 13, 30, tzinfo=UTC))
    assert series.closes_at[1] == to_us(datetime(2024, 7, 3, 17, 0, tzinfo=UTC))


def test_without_a_calendar_a_daily_bar_lasts_from_midnight_to_midnight() -> None:
    series = history_from(daily(), symbol="GOOG", calendar="none").series["GOOG"]
    assert series.opens_at[0] == to_us(datetime(2024, 7, 2, tzinfo=UTC))
    assert series.closes_at[0] == to_us(datetime(2024, 7, 3, tzinfo=UTC))


def test_names_of_columns_may_be_in_any_case_and_times_may_be_the_index() -> None:
    frame = daily().rename(columns=str.title)
    indexed = frame.drop(columns="Date").set_index(pd.DatetimeIndex(DATES))
    assert history_from(frame, symbol="A").snapshot == history_from(indexed, symbol="A").snapshot


def test_a_column_symbol_separates_the_instruments() -> None:
    both = pd.concat([daily(symbol="AAPL"), daily(symbol="IBM")])
    assert list(history_from(both).series) == ["AAPL", "IBM"]


def test_a_mapping_names_each_frame() -> None:
    assert list(history_from({"AAPL": daily(), "IBM": daily()}).series) == ["AAPL", "IBM"]


@pytest.mark.parametrize(
    ("price", "decimals", "units"),
    [
        (10.25, 4, 102_500),
        (10.1 + 0.2, 4, 103_000),  # 10.299999999999999
        (1.07125, 5, 107_125),
        (1.071234567, 8, 107_123_457),
    ],
)
def test_prices_take_the_fewest_decimals_that_hold_them(
    price: float, decimals: int, units: int
) -> None:
    history = history_from(daily(open=price, high=20.0, low=1.0, close=price), symbol="A")
    assert history.price_decimals == decimals
    assert history.series["A"].close[0] == units


def test_every_price_comes_back_from_its_units_bit_for_bit() -> None:
    cents = np.random.default_rng(7).integers(100, 10_000_000, 5000) / 10_000
    days = pd.date_range("2000-01-01", periods=5000, tz="UTC")
    frame = pd.DataFrame(dict.fromkeys(("open", "high", "low", "close"), cents), index=days)
    history = history_from(frame.assign(volume=1), symbol="A", calendar="none")
    assert (history.series["A"].close / 10**history.price_decimals == cents).all()


@pytest.mark.parametrize("wrong", [float("nan"), -1.0, 0.0, float("inf")])
def test_a_price_that_is_not_a_number_above_0_is_named_with_row_and_column(wrong: float) -> None:
    text = refusal(daily(close=[10.25, wrong, 12.25]))
    assert text.startswith(f"GOOG, row 2 (2024-07-03 00:00): close was {wrong:g}")


def test_a_high_below_its_low_is_named() -> None:
    text = refusal(daily(high=[10.5, 11.5, 11.4]))
    assert "row 3" in text
    assert "high was 11.4, below low 11.5" in text


def test_rows_out_of_order_and_repeated_rows_are_named() -> None:
    assert "row 2: timestamp 2024-07-02 00:00 came after 2024-07-03 00:00 of row 1" in refusal(
        daily(date=["2024-07-03", "2024-07-02", "2024-07-05"])
    )
    assert "row 3: timestamp 2024-07-03 00:00 repeated that of row 2" in refusal(
        daily(date=["2024-07-02", "2024-07-03", "2024-07-03"])
    )


def test_a_missing_column_is_named_with_what_was_there() -> None:
    text = refusal(daily().drop(columns="close"))
    assert text.startswith(
        "column close was missing; the columns were date, open, high, low, volume"
    )


def test_times_within_the_day_need_a_zone_on_an_exchange_and_are_utc_without_a_calendar() -> None:
    hours = ["2024-07-02 14:00", "2024-07-02 15:00", "2024-07-02 16:00"]
    assert "had no time zone" in refusal(daily(date=hours))
    series = history_from(daily(date=hours), symbol="A", calendar="none").series["A"]
    assert series.closes_at[0] == to_us(datetime(2024, 7, 2, 15, tzinfo=UTC))


def test_an_intraday_bar_ends_with_its_session_and_bars_outside_are_counted() -> None:
    hours = ["2024-07-03T13:00Z", "2024-07-03T14:00Z", "2024-07-03T15:00Z", "2024-07-03T16:30Z"]
    frame = pd.concat([daily(), daily().iloc[:1]]).assign(date=hours)
    history = history_from(frame, symbol="A")
    assert history.timeframe == "1h"
    assert history.notes == ("A: 1 bars outside the sessions of XNYS were left out",)
    assert history.series["A"].closes_at[-1] == to_us(datetime(2024, 7, 3, 17, tzinfo=UTC))


def test_bars_of_another_timeframe_are_refused() -> None:
    assert "the strategy's timeframe is 1h" in refusal(daily(), timeframe="1h")


def test_numbers_are_no_timestamps() -> None:
    assert "the timestamps were numbers" in refusal(daily(date=[1, 2, 3]))


def test_the_snapshot_names_the_content() -> None:
    same = history_from(daily(), symbol="A").snapshot
    assert same == history_from(daily(), symbol="A").snapshot
    others = [
        history_from(daily(), symbol="B").snapshot,
        history_from(daily(volume=[100, 200, 301]), symbol="A").snapshot,
        history_from(daily(close=[10.25, 11.25, 12.26]), symbol="A").snapshot,
        history_from(daily(), symbol="A", calendar="none").snapshot,
    ]
    assert len({same, *others}) == 5


def test_a_weekly_bar_lasts_from_its_first_sessions_open_to_its_last_ones_close() -> None:
    weeks = ["2024-07-01", "2024-07-08", "2024-07-15"]
    series = history_from(daily(date=weeks), symbol="A", timeframe="1w").series["A"]
    assert series.opens_at[0] == to_us(datetime(2024, 7, 1, 13, 30, tzinfo=UTC))
    assert series.closes_at[0] == to_us(datetime(2024, 7, 5, 20, tzinfo=UTC))


def test_symbols_that_share_their_times_are_told_apart_by_the_snapshot() -> None:
    one, other = daily(), daily(close=[10.25, 11.25, 12.26])
    both = history_from({"A": one, "B": other})
    assert both.series["A"].opens_at is both.series["B"].opens_at
    assert both.snapshot != history_from({"A": other, "B": one}).snapshot
    later = daily(date=["2024-07-03", "2024-07-05", "2024-07-08"], close=[10.25, 11.25, 12.26])
    assert both.snapshot != history_from({"A": one, "B": later}).snapshot
