"""A shard's state as one compact value: what the checkpoint item holds besides its sequence
number.
"""

from __future__ import annotations

import zlib

import msgspec

from quantumzero.domain.bar_building import NEVER, ShardState, SymbolState, Window
from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.tick_quality import PriceMemory

FORMAT = 1
_QuoteAt = tuple[int, int, int]


class _WindowRow(msgspec.Struct, array_like=True, gc=False):
    opens: int
    closes: int
    trade_count: int
    volume: int
    high: int
    low: int
    open_time: int
    open_id: int
    open: int
    close_time: int
    close_id: int
    close: int
    quote: _QuoteAt | None


class _SymbolRow(msgspec.Struct, array_like=True, gc=False):
    horizon: int
    price_time: int
    price_id: int
    price: int
    doubts: list[tuple[int, int]] | None
    remembered: list[tuple[int, list[int]]]
    windows: dict[str, list[_WindowRow]]
    carried: dict[str, _QuoteAt]


class _ShardRow(msgspec.Struct, array_like=True, gc=False):
    format: int
    watermark: int
    market_time: int
    symbols: dict[str, _SymbolRow]


_decoder = msgspec.msgpack.Decoder(_ShardRow)
_encoder = msgspec.msgpack.Encoder()


def encode_state(state: ShardState) -> bytes:
    """Write the state without its sequence number, which the item carries beside it."""
    row = _ShardRow(
        FORMAT,
        state.watermark,
        state.market_time,
        {symbol: _symbol_row(one) for symbol, one in state.symbols.items()},
    )
    return zlib.compress(_encoder.encode(row), 1)


def decode_state(data: bytes, last_sequence: int) -> ShardState:
    """Read what encode_state wrote; raises CorruptDataError for anything else."""
    try:
        row = _decoder.decode(zlib.decompress(data))
    except (zlib.error, msgspec.DecodeError) as error:
        raise CorruptDataError(f"checkpoint was not readable: {error}") from error
    if row.format != FORMAT:
        raise CorruptDataError(f"checkpoint had format {row.format}; this code reads {FORMAT}")
    return ShardState(
        last_sequence,
        row.watermark,
        row.market_time,
        {symbol: _symbol_state(one) for symbol, one in row.symbols.items()},
    )


def _symbol_row(state: SymbolState) -> _SymbolRow:
    return _SymbolRow(
        state.horizon,
        state.price.time_us,
        state.price.id,
        state.price.price,
        state.price.doubts,
        state.remembered,
        {
            timeframe: [_window_row(window) for window in windows.values()]
            for timeframe, windows in state.windows.items()
        },
        state.carried,
    )


def _window_row(window: Window) -> _WindowRow:
    return _WindowRow(
        window.opens,
        window.closes,
        window.trade_count,
        window.volume,
        window.high,
        window.low,
        window.open_time,
        window.open_id,
        window.open,
        window.close_time,
        window.close_id,
        window.close,
        window.quote,
    )


def _symbol_state(row: _SymbolRow) -> SymbolState:
    windows = {
        timeframe: {one.opens: _window(one) for one in rows}
        for timeframe, rows in row.windows.items()
    }
    return SymbolState(
        horizon=row.horizon,
        price=PriceMemory(row.price_time, row.price_id, row.price, row.doubts),
        seen={identity for _, ids in row.remembered for identity in ids},
        remembered=row.remembered,
        windows=windows,
        carried=row.carried,
        next_close=min(
            (one.closes for by_opens in windows.values() for one in by_opens.values()),
            default=NEVER,
        ),
    )


def _window(row: _WindowRow) -> Window:
    return Window(
        opens=row.opens,
        closes=row.closes,
        trade_count=row.trade_count,
        volume=row.volume,
        high=row.high,
        low=row.low,
        open_time=row.open_time,
        open_id=row.open_id,
        open=row.open,
        close_time=row.close_time,
        close_id=row.close_id,
        close=row.close,
        quote=row.quote,
    )
