"""The two walks over the whole equity curve, in the kernel when there is one, else in NumPy: equal results."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.research.kernel import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Doubles = NDArray[np.float64]
    Rows = NDArray[np.int64]


_BLOCK = 16_384


@dataclass(frozen=True, slots=True)
class Drawdown:
    """The deepest fall below the high-water mark, as a share of the mark (0.2: 20 % below it).

    start is the last row at the mark (-1: the starting capital was the mark), valley the deepest
    row, recovery the first row after it at the mark again (-1: not recovered). No fall: depth 0 and
    all rows -1.
    """

    depth: float
    start: int
    valley: int
    recovery: int


def lowest_share_of_high(equity: Doubles, base: float) -> tuple[float, int, float]:
    """Return the least of equity / high-water mark, its first row (-1: none below 1) and the mark there.

    The mark begins at base, which is above 0.
    """
    loaded = kernel()
    walk = _function(loaded.library, "qz_lowest_share_of_high") if loaded else None
    if walk is None:
        return _lowest_share_of_high(equity, base)
    equity = np.ascontiguousarray(equity)
    valley, mark = ctypes.c_int64(), ctypes.c_double()
    least = walk(equity.ctypes.data, len(equity), base, ctypes.byref(valley), ctypes.byref(mark))
    return least, valley.value, mark.value


def _lowest_share_of_high(equity: Doubles, base: float) -> tuple[float, int, float]:
    high = np.maximum.accumulate(np.maximum(equity, base))
    share = equity / high
    valley = int(share.argmin()) if len(share) else -1
    if valley < 0 or share[valley] >= 1.0:
        return 1.0, -1, base
    return float(share[valley]), valley, float(high[valley])


def deepest_drawdown(equity: Doubles, base: float) -> Drawdown:
    """Find the deepest drawdown of the curve, the starting capital being its first mark."""
    least, valley, mark = lowest_share_of_high(equity, base)
    if valley < 0:
        return Drawdown(0.0, -1, -1, -1)
    start = valley
    while start >= 0 and equity[start] < mark:
        start -= _step_back(equity, start, mark)
    return Drawdown(1.0 - least, start, valley, _next_at(equity, valley + 1, mark))


def _next_at(equity: Doubles, row: int, mark: float) -> int:
    """Return the first row from the given one that is at the mark, -1 when none is."""
    for begin in range(row, len(equity), _BLOCK):
        block = equity[begin : begin + _BLOCK] >= mark
        first = int(block.argmax())
        if block[first]:
            return begin + first
    return -1


def _step_back(equity: Doubles, start: int, mark: float) -> int:
    """Return how many rows before start the newest row at the mark is (start + 1: none is)."""
    block = equity[max(0, start - _BLOCK + 1) : start + 1] >= mark
    at = np.flatnonzero(block)
    return len(block) - 1 - int(at[-1]) if len(at) else len(block)


def marked_rows(marks: NDArray[np.bool_]) -> Rows:
    """Return the rows that are true, ascending."""
    loaded = kernel()
    walk = _function(loaded.library, "qz_marked_rows") if loaded else None
    if walk is None:
        return np.flatnonzero(marks).astype(np.int64, copy=False)
    marks = np.ascontiguousarray(marks)
    found = np.empty(len(marks), np.int64)
    return found[: walk(marks.ctypes.data, len(marks), found.ctypes.data)]


_ARGUMENTS: dict[str, tuple[type[Any], ...]] = {
    "qz_lowest_share_of_high": (
        *(ctypes.c_void_p, ctypes.c_int64, ctypes.c_double),
        *(ctypes.c_void_p, ctypes.c_void_p),
    ),
    "qz_marked_rows": (ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p),
}


def _function(library: ctypes.CDLL, name: str) -> Any:
    """Return the library's function with its types declared, None when the library is without it."""
    function = getattr(library, name, None)
    if function is not None and function.argtypes is None:
        function.argtypes = _ARGUMENTS[name]
        function.restype = ctypes.c_double if name == "qz_lowest_share_of_high" else ctypes.c_int64
    return function
