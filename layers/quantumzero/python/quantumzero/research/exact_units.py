"""Prices in doubles -> whole units of a power of ten, when they are exact at it, and back."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.research.kernel import kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from quantumzero.research.kernel import Kernel

    Integers = NDArray[np.int64]
    Doubles = NDArray[np.float64]

LARGEST = float(2**53)  # a double holds every whole number below it
_NOISE = 2.0**-50  # four units in the last place: what arithmetic in doubles leaves of 10.1 + 0.2


def exact_units(prices: Doubles, scale: float, *, rounds: bool) -> Integers | None:
    """Return prices x scale rounded half to even, as int64.

    None when a price is not exact at that scale, arithmetic's noise aside; rounds takes it anyway.
    Raises ValueError when a rounded value is not above 0 and below 2**53 (NaN is neither).
    """
    loaded = kernel()
    if loaded is not None:
        found = _in_kernel(loaded, np.ascontiguousarray(prices), scale)
        if found is not None:
            units, greatest, farthest = found
            return units if rounds or farthest <= greatest * _NOISE else None
    scaled = prices * scale
    rounded = np.rint(scaled)
    least, most = rounded.min(), rounded.max()
    if not 0 < least <= most < LARGEST:
        raise ValueError("a price was not above 0 and below 2**53 units")
    noise = np.subtract(scaled, rounded, out=scaled)
    if not rounds and max(noise.max(), -noise.min()) > most * _NOISE:
        return None
    return rounded.astype(np.int64)


def exact_bars(
    prices: Sequence[Doubles], scale: float, *, rounds: bool
) -> tuple[tuple[Integers, ...], int, int] | None:
    """Return the columns open, high, low and close as exact_units does, and what odd_bars counts.

    None when a price is not exact at that scale. Raises ValueError as exact_units does.
    """
    loaded = kernel()
    if loaded is not None and all(each.flags.c_contiguous for each in prices):
        found = _bars_in_kernel(loaded, prices, scale)
        if found is not None:
            units, exact, odd, crossed = found
            return (tuple(units), odd, crossed) if rounds or exact else None
    columns = []
    for each in prices:
        converted = exact_units(each, scale, rounds=rounds)
        if converted is None:
            return None
        columns.append(converted)
    return (tuple(columns), *odd_bars(*columns))


def whole_numbers(numbers: Doubles) -> Integers | None:
    """Return the numbers rounded half to even, None when one is not at least 0 and below 2**51 or
    there is no kernel.
    """
    loaded = kernel()
    if loaded is None or not numbers.flags.c_contiguous:
        return None
    whole = np.empty(len(numbers), np.int64)
    convert = _declared(loaded, "qz_whole_numbers")
    wrong = convert(numbers.ctypes.data, len(numbers), whole.ctypes.data)
    return None if wrong else whole


def prices_of_units(columns: Sequence[Integers], scale: float, out: Doubles) -> None:
    """Write each column's units / scale into its row of out, the doubles nearest to the decimal
    prices. Columns are as long as rows of out.
    """
    loaded = kernel()
    pieces = all(each.flags.c_contiguous for each in columns)
    if loaded is None or not (pieces and out.flags.c_contiguous):
        for row, units in zip(out, columns, strict=True):
            np.divide(units, scale, out=row)
        return
    addresses = (ctypes.c_void_p * len(columns))(*(each.ctypes.data for each in columns))
    convert = _declared(loaded, "qz_prices_of_units")
    convert(addresses, len(columns), out.shape[1], scale, out.ctypes.data)


def odd_bars(opened: Integers, high: Integers, low: Integers, close: Integers) -> tuple[int, int]:
    """Return how many bars have an open or close outside low to high, and how many a high below
    their low.
    """
    loaded = kernel()
    columns = (opened, high, low, close)
    if loaded is None or not all(each.flags.c_contiguous for each in columns):
        odd = (np.maximum(opened, close) > high) | (np.minimum(opened, close) < low)
        return int(np.count_nonzero(odd)), int(np.count_nonzero(high < low))
    crossed = ctypes.c_int64()
    addresses = (each.ctypes.data for each in columns)
    odd_ones = _declared(loaded, "qz_odd_bars")(*addresses, len(high), ctypes.byref(crossed))
    return int(odd_ones), crossed.value


def _in_kernel(
    loaded: Kernel, prices: Doubles, scale: float
) -> tuple[Integers, float, float] | None:
    """Return units, greatest unit and greatest noise; None leaves odd values to the slow way."""
    units = np.empty(len(prices), np.int64)
    most, noise = ctypes.c_double(), ctypes.c_double()
    wrong = _declared(loaded, "qz_exact_units")(
        prices.ctypes.data, len(prices), scale, units.ctypes.data,
        ctypes.byref(most), ctypes.byref(noise),
    )  # fmt: skip
    return None if wrong else (units, most.value, noise.value)


def _bars_in_kernel(
    loaded: Kernel, prices: Sequence[Doubles], scale: float
) -> tuple[Integers, bool, int, int] | None:
    """Return units (a column a row), whether all are exact, and odd bars; None as _in_kernel."""
    units = np.empty((len(prices), len(prices[0])), np.int64)
    facts = (ctypes.c_double * 8)()
    odd, crossed = ctypes.c_int64(), ctypes.c_int64()
    wrong = _declared(loaded, "qz_exact_bars")(
        *(each.ctypes.data for each in prices), units.shape[1], scale, units.ctypes.data,
        facts, ctypes.byref(facts, 4 * 8), ctypes.byref(odd), ctypes.byref(crossed),
    )  # fmt: skip
    if wrong:
        return None
    exact = all(facts[4 + column] <= facts[column] * _NOISE for column in range(4))
    return units, exact, odd.value, crossed.value


_ADDRESS, _COUNT, _NUMBER = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
_TYPES: dict[str, tuple[type[Any] | None, ...]] = {
    "qz_exact_units": (_COUNT, _ADDRESS, _COUNT, _NUMBER, _ADDRESS, _ADDRESS, _ADDRESS),
    "qz_exact_bars": (_COUNT, *(_ADDRESS,) * 4, _COUNT, _NUMBER, *(_ADDRESS,) * 5),
    "qz_whole_numbers": (_COUNT, _ADDRESS, _COUNT, _ADDRESS),
    "qz_prices_of_units": (None, _ADDRESS, _COUNT, _COUNT, _NUMBER, _ADDRESS),
    "qz_odd_bars": (_COUNT, *(_ADDRESS,) * 4, _COUNT, _ADDRESS),
}


@cache
def _declared(loaded: Kernel, name: str) -> Any:
    function = getattr(loaded.library, name)
    function.restype, *arguments = _TYPES[name]
    function.argtypes = arguments
    return function
