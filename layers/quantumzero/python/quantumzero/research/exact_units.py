"""A column of prices in doubles -> whole units of a power of ten, when they are exact at it."""

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


def _in_kernel(
    loaded: Kernel, prices: Doubles, scale: float
) -> tuple[Integers, float, float] | None:
    """Return units, greatest unit and greatest noise; None leaves odd values to the slow way."""
    units = np.empty(len(prices), np.int64)
    most, noise = ctypes.c_double(), ctypes.c_double()
    wrong = _declared(loaded)(
        prices.ctypes.data, len(prices), scale, units.ctypes.data,
        ctypes.byref(most), ctypes.byref(noise),
    )  # fmt: skip
    return None if wrong else (units, most.value, noise.value)


@cache
def _declared(loaded: Kernel) -> Any:
    function = loaded.library.qz_exact_units
    address = ctypes.c_void_p
    function.argtypes = (address, ctypes.c_int64, ctypes.c_double, address, address, address)
    function.restype = ctypes.c_int64
    return function
