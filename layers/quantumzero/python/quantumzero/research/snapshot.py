"""A name for market data: the SHA-256 of everything that can decide a result."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from quantumzero.research.history import Action, BarSeries

    Integers = NDArray[np.int64]

_KINDS = ((2**15, 2, np.int16), (2**31, 4, np.int32), (2**63, 8, np.int64))
_AGAINST_CLOSE = ("open", "high", "low", "vwap", "bid", "ask")


def snapshot_of(
    series: Mapping[str, BarSeries],
    timeframe: str,
    price_decimals: int,
    actions: Sequence[Action] = (),
) -> str:
    """Return the SHA-256 (hex) of all bars and corporate actions; names and order count.

    Times and closes are hashed as first value and steps, other prices as their distance from the
    close, each in the fewest bytes that hold a whole column: the same content always takes the same
    form, and a third of the bytes take a third of the time.
    """
    digest = hashlib.sha256(repr((timeframe, price_decimals, tuple(actions))).encode())
    before: BarSeries | None = None
    for symbol, each in series.items():
        digest.update(f"|{symbol}|{len(each)}".encode())
        if before is not None and _same_times(before, each):
            digest.update(b"|times as before")
        else:
            _add_steps(digest, "opens_at", each.opens_at)
            _add(digest, "length", each.closes_at - each.opens_at)
        before = each
        _add_steps(digest, "close", each.close)
        for name in _AGAINST_CLOSE:
            values = getattr(each, name)
            if values is not None:
                _add(digest, name, values - each.close)
        _add(digest, "volume", each.volume)
    return digest.hexdigest()


def _same_times(one: BarSeries, other: BarSeries) -> bool:
    if one.opens_at is other.opens_at and one.closes_at is other.closes_at:
        return True
    return np.array_equal(one.opens_at, other.opens_at) and np.array_equal(
        one.closes_at, other.closes_at
    )


def _add_steps(digest: hashlib._Hash, name: str, values: Integers) -> None:
    if len(values):
        digest.update(f"|{name}|{int(values[0])}".encode())
        _add(digest, name, values[1:] - values[:-1])


def _add(digest: hashlib._Hash, name: str, values: Integers) -> None:
    least, most = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    if least == most:  # one number says it all: bars of one interval
        digest.update(f"|{name}={least}".encode())
        return
    size, kind = next((size, kind) for end, size, kind in _KINDS if -end <= least and most < end)
    digest.update(f"|{name}:{size}|".encode())
    digest.update(np.ascontiguousarray(values, dtype=kind).data)
