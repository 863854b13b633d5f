"""What crosses the tick stream and the outbox: packed tick records, and bars that a batch closed.

A packed record is one JSON object, columnar by symbol so that folding uses whole lists:
{"v": 1, "source": text, "series": [[symbol, [time_us...], [price...], [size...], [id...]]...],
 "quotes": [[symbol, time_us, bid, ask, bid_size, ask_size]...], "watermark": time_us | null,
 "as_of": time_us | null, "unread": [text...]}
Prices are units of 0.0001. `watermark` promises that every tick before it has been sent; `as_of` is
the vendor's time when the record was packed (a tick well after it is impossible); `unread` holds
vendor messages that made no sense.
"""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from quantumzero.domain.bars import Bar
from quantumzero.domain.calendars import from_us, to_us
from quantumzero.domain.errors import CorruptDataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from quantumzero.domain.ticks import Quote, Trade

FORMAT = 1
TICKS_PER_RECORD = 1_000  # about 45 bytes each: near the 50 KB that Kinesis prices best
QUOTES_PER_RECORD = 500
UNREAD_PER_RECORD = 100
BARS_PER_OUTBOX_ITEM = 2_000


TradeId = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]  # must fit the checkpoint


class Series(msgspec.Struct, array_like=True, gc=False):
    """The trades of one symbol in columns of equal length."""

    symbol: str
    times: list[int]
    prices: list[int]
    sizes: list[int]
    ids: list[TradeId]


class QuoteRow(msgspec.Struct, array_like=True, gc=False):
    """One quote of a packed record."""

    symbol: str
    time_us: int
    bid: int
    ask: int
    bid_size: int
    ask_size: int


class TickRecord(msgspec.Struct, gc=False, omit_defaults=True):
    """One record of the tick stream."""

    v: int
    source: str
    series: list[Series] = []
    quotes: list[QuoteRow] = []
    watermark: int | None = None
    as_of: int | None = None
    unread: list[str] = []


_decoder = msgspec.json.Decoder(TickRecord)
_encoder = msgspec.json.Encoder()


def decode_record(data: bytes) -> TickRecord:
    """Read a packed record; raises CorruptDataError when any field is not what it must be."""
    try:
        record = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CorruptDataError(f"tick record was not readable: {error}") from error
    if record.v != FORMAT:
        raise CorruptDataError(f"tick record had format {record.v}; the known one is {FORMAT}")
    return record


def pack_ticks(
    source: str,
    trades: Iterable[Trade],
    quotes: Sequence[Quote] = (),
    *,
    as_of: int | None = None,
    watermark: int | None = None,
    unread: Sequence[str] = (),
    ticks_per_record: int = TICKS_PER_RECORD,
) -> list[bytes]:
    """Pack ticks into records of about 50 KB at most, each symbol's trades together and in order.

    as_of: microseconds of the vendor's clock when the ticks were read. watermark: the promise that
    every tick before it is in these records or was sent earlier; the last record carries it, so
    that one must not be sent before the others are accepted.
    """
    records = [
        TickRecord(FORMAT, source, series=series, as_of=as_of)
        for series in _series_per_record(trades, ticks_per_record)
    ]
    for start in range(0, len(quotes), QUOTES_PER_RECORD):
        rows = [_quote_row(quote) for quote in quotes[start : start + QUOTES_PER_RECORD]]
        records.append(TickRecord(FORMAT, source, quotes=rows, as_of=as_of))
    for start in range(0, len(unread), UNREAD_PER_RECORD):
        texts = list(unread[start : start + UNREAD_PER_RECORD])
        records.append(TickRecord(FORMAT, source, unread=texts, as_of=as_of))
    if watermark is not None:
        if not records:
            records.append(TickRecord(FORMAT, source, as_of=as_of))
        records[-1].watermark = watermark
    return [_encoder.encode(record) for record in records]


def _series_per_record(trades: Iterable[Trade], ticks_per_record: int) -> Iterator[list[Series]]:
    open_series: list[Series] = []
    count = 0
    for trade in sorted(trades, key=lambda one: (one.symbol, one.time_us, one.id)):
        if count == ticks_per_record:
            yield open_series
            open_series, count = [], 0
        if not open_series or open_series[-1].symbol != trade.symbol:
            open_series.append(Series(trade.symbol, [], [], [], []))
        series = open_series[-1]
        series.times.append(trade.time_us)
        series.prices.append(trade.price)
        series.sizes.append(trade.size)
        series.ids.append(trade.id)
        count += 1
    if open_series:
        yield open_series


def _quote_row(quote: Quote) -> QuoteRow:
    return QuoteRow(
        quote.symbol, quote.time_us, quote.bid, quote.ask, quote.bid_size, quote.ask_size
    )


class _BarRow(msgspec.Struct, array_like=True, gc=False):
    symbol: str
    timeframe: str
    opens_us: int
    closes_us: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    trade_count: int
    bid: int | None
    ask: int | None
    revision: int
    vwap: int | None = None


_bar_decoder = msgspec.msgpack.Decoder(list[_BarRow])


def encode_bars(bars: Iterable[Bar]) -> bytes:
    """Write closed bars as one compressed value, in the order given."""
    rows = [
        _BarRow(
            bar.symbol,
            bar.timeframe,
            to_us(bar.opens_at),
            to_us(bar.closes_at),
            bar.open,
            bar.high,
            bar.low,
            bar.close,
            bar.volume,
            bar.trade_count,
            bar.bid,
            bar.ask,
            bar.revision,
            bar.vwap,
        )
        for bar in bars
    ]
    return zlib.compress(msgspec.msgpack.encode(rows), 1)


def decode_bars(data: bytes) -> list[Bar]:
    """Read what encode_bars wrote; raises CorruptDataError when it is something else."""
    try:
        rows = _bar_decoder.decode(zlib.decompress(data))
    except (zlib.error, msgspec.DecodeError) as error:
        raise CorruptDataError(f"closed bars were not readable: {error}") from error
    return [_bar(row) for row in rows]


def bars_from_outbox(image: Mapping[str, Any]) -> list[Bar]:
    """Read the bars of an outbox item as a table stream delivers it (a DynamoDB NewImage).

    Raises CorruptDataError when the image carries no readable bars.
    """
    value = image.get("bars", {}).get("B")
    if isinstance(value, str):  # Lambda delivers binary values as base64 text
        value = base64.b64decode(value)
    if not isinstance(value, bytes):
        raise CorruptDataError(
            f"outbox item had {sorted(image)}; it must have the binary attribute 'bars'"
        )
    return decode_bars(value)


def _bar(row: _BarRow) -> Bar:
    return Bar(
        symbol=row.symbol,
        timeframe=row.timeframe,
        opens_at=from_us(row.opens_us),
        closes_at=from_us(row.closes_us),
        open=row.open,
        high=row.high,
        low=row.low,
        close=row.close,
        volume=row.volume,
        trade_count=row.trade_count,
        bid=row.bid,
        ask=row.ask,
        revision=row.revision,
        vwap=row.vwap,
    )
