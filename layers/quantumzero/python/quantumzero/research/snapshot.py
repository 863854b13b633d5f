"""A name for market data: the SHA-256 of everything that can decide a result."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from quantumzero.research.history import Action, BarSeries

_COLUMNS = ("open", "high", "low", "close", "volume", "vwap", "bid", "ask")
_SMALL = 2**31


def snapshot_of(
    series: Mapping[str, BarSeries],
    timeframe: str,
    price_decimals: int,
    actions: Sequence[Action] = (),
) -> str:
    """Return the SHA-256 (hex) of all bars and corporate actions; names and order count.

    Columns whose values fit are hashed as 32-bit integers, times as first value and differences:
    the same content always takes the same form, and half the bytes take half the time.
    """
    digest = hashlib.sha256(repr((timeframe, price_decimals, tuple(actions))).encode())
    for symbol, each in series.items():
        digest.update(f"|{symbol}|{len(each)}".encode())
        for times in (each.opens_at, each.closes_at - each.opens_at):
            _add(digest, "time", times)
        for name in _COLUMNS:
            values = getattr(each, name)
            if values is not None:
                _add(digest, name, values)
    return digest.hexdigest()


def _add(digest: hashlib._Hash, name: str, values: NDArray[np.int64]) -> None:
    if len(values) and name == "time":
        first, steps = int(values[0]), np.diff(values)
        # Equal steps are one number: bars of one interval say it once.
        if len(steps) and (steps == steps[0]).all():
            digest.update(f"|{name}|{first}|{int(steps[0])}".encode())
            return
        digest.update(f"|{name}|{first}".encode())
        values = steps
    small = len(values) > 0 and int(values.max()) < _SMALL and int(values.min()) >= -_SMALL
    digest.update(f"|{name}{'4' if small else '8'}|".encode())
    digest.update(np.ascontiguousarray(values, dtype=np.int32 if small else np.int64).data)
