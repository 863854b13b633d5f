"""Prices in doubles -> whole units of a power of ten, when they are exact at it, and back."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.research.kernel import kernel

if TYPE_CHECKING:
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


def prices_of_units(units: Integers, scale: float, out: Doubles) -> None:
    """Write units / scale into out: the doubles nearest to the decimal prices."""
    loaded = kernel()
    if loaded is None or not (units.flags.c_contiguous and out.flags.c_contiguous):
        np.divide(units, scale, out=out)
        return
    convert = _declared(loaded, "qz_prices_of_units")
    convert(units.ctypes.data, len(units), scale, out.ctypes.data)


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


_ADDRESS, _COUNT, _NUMBER = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
_TYPES: dict[str, tuple[type[Any] | None, ...]] = {
    "qz_exact_units": (_COUNT, _ADDRESS, _COUNT, _NUMBER, _ADDRESS, _ADDRESS, _ADDRESS),
    "qz_prices_of_units": (None, _ADDRESS, _COUNT, _NUMBER, _ADDRESS),
    "qz_odd_bars": (_COUNT, *(_ADDRESS,) * 4, _COUNT, _ADDRESS),
}


@cache
def _declared(loaded: Kernel, name: str) -> Any:
    function = getattr(loaded.library, name)
    function.restype, *arguments = _TYPES[name]
    function.argtypes = arguments
    return function
