"""The packed record, its salvage, and the outbox's bars."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantumzero.contracts.tick_salvage import salvage_record
from quantumzero.contracts.ticks import (
    bars_from_outbox,
    decode_bars,
    decode_record,
    encode_bars,
    pack_ticks,
)
from quantumzero.domain.bars import Bar
from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.ticks import Quote, Reason, Trade

TIME = 1_109_685_600_000_000
BAR = Bar(
    "AAPL",
    "1d",
    datetime(2005, 3, 1, 14, 30, tzinfo=UTC),
    datetime(2005, 3, 1, 21, tzinfo=UTC),
    449_900,
    452_000,
    440_000,
    445_000,
    10**9,
    6,
    444_900,
    445_100,
)


def test_trades_are_packed_by_symbol_in_time_order_and_the_watermark_comes_last() -> None:
    trades = [
        Trade("IBM", TIME + 2, 900_000, 1, 7),
        Trade("AAPL", TIME + 1, 450_000, 2, 8),
        Trade("AAPL", TIME, 450_100, 3, 9),
    ]
    quote = Quote("IBM", TIME, 899_900, 900_100, 4, 5)
    records = pack_ticks("vendor", trades, [quote], as_of=TIME + 9, watermark=TIME + 3)
    assert [json.loads(data) for data in records] == [
        {
            "v": 1,
            "source": "vendor",
            "as_of": TIME + 9,
            "series": [
                ["AAPL", [TIME, TIME + 1], [450_100, 450_000], [3, 2], [9, 8]],
                ["IBM", [TIME + 2], [900_000], [1], [7]],
            ],
        },
        {
            "v": 1,
            "source": "vendor",
            "as_of": TIME + 9,
            "quotes": [["IBM", TIME, 899_900, 900_100, 4, 5]],
            "watermark": TIME + 3,
        },
    ]


def test_a_full_record_stays_near_fifty_kilobytes_and_nothing_is_lost() -> None:
    trades = [Trade("AAPL", TIME + one, 4_500_000, 10_000, 2**55 + one) for one in range(2_500)]
    records = pack_ticks("vendor", trades)
    assert [len(decode_record(data).series[0].times) for data in records] == [1_000, 1_000, 500]
    assert max(map(len, records)) < 52_000


def test_a_watermark_alone_makes_a_record() -> None:
    (data,) = pack_ticks("vendor", [], watermark=TIME)
    assert decode_record(data).watermark == TIME


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"v":2,"source":"vendor"}',
        b'{"source":"vendor"}',
        b"[" * 5_000,
    ],
)
def test_what_is_not_a_record_at_all_is_corrupt_for_both_readers(data: bytes) -> None:
    with pytest.raises(CorruptDataError):
        decode_record(data)
    with pytest.raises(CorruptDataError):
        salvage_record(data)


def test_the_good_ticks_of_a_half_broken_record_are_saved() -> None:
    document = {
        "v": 1,
        "source": "vendor",
        "series": [
            ["AAPL", [TIME, "noon", TIME + 1], [1, 1, 1.5], [1, 1, 1], [1, 2, 3]],
            ["IBM", [TIME], [True], [1], [1]],
            ["MSFT", [TIME], [1], [1], [2**64]],
            ["GOOG", [TIME], [1], [1]],
            "nothing",
            ["GOOG", [TIME], [1, 2], [1], [1]],
        ],
        "quotes": [["AAPL", TIME, 1, 2, 3, 4], ["AAPL", TIME, None, 2, 3, 4], 5],
        "watermark": "soon",
        "as_of": TIME,
        "unread": {},
    }
    data = json.dumps(document).encode()
    with pytest.raises(CorruptDataError, match="not readable"):
        decode_record(data)
    record, rejections = salvage_record(data)
    assert [(one.symbol, one.ids) for one in record.series] == [("AAPL", [1])]
    assert [one.bid for one in record.quotes] == [1]
    assert (record.watermark, record.as_of) == (None, TIME)
    assert {one.reason for one in rejections} == {Reason.MALFORMED}
    assert len(rejections) == 11
    assert rejections[0].detail == "unread was not a list" or "time was 'noon'" in str(rejections)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: (
    st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
), max_leaves=20))  # fmt: skip
def test_no_json_breaks_the_salvage(value: object) -> None:
    data = json.dumps({"v": 1, "source": "x", "series": value, "quotes": [value]}).encode()
    record, _ = salvage_record(data)
    assert record.source == "x"


def test_bars_come_back_from_an_outbox_item_as_they_went_in() -> None:
    data = encode_bars([BAR])
    assert decode_bars(data) == [BAR]
    assert bars_from_outbox({"bars": {"B": base64.b64encode(data).decode()}}) == [BAR]
    assert bars_from_outbox({"bars": {"B": data}}) == [BAR]


def test_a_bar_written_before_bars_had_an_average_price_is_read_without_one():
    averaged = replace(BAR, vwap=447_301)
    assert decode_bars(encode_bars([averaged, BAR])) == [averaged, BAR]
    rows = msgspec.msgpack.decode(zlib.decompress(encode_bars([BAR])))
    older = zlib.compress(msgspec.msgpack.encode([rows[0][:-1]]))
    assert decode_bars(older) == [BAR]


def test_an_outbox_item_without_readable_bars_is_corrupt() -> None:
    with pytest.raises(CorruptDataError, match="must have the binary attribute 'bars'"):
        bars_from_outbox({"pk": {"S": "OUTBOX#x"}})
    with pytest.raises(CorruptDataError, match="not readable"):
        bars_from_outbox({"bars": {"B": b"nonsense"}})
