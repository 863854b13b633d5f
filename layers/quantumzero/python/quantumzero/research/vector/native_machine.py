"""The array operations by the kernel in C: arrays in, arrays out.

A method returns None where the values are too far apart for the kernel's arithmetic; whoever asked
then steps the incremental form. Operands are arrays of n values, or of one (a constant).
"""

from __future__ import annotations

from ctypes import CDLL, c_double, c_int64, c_uint8, c_void_p, cast
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.research.kernel import Kernel

    Doubles = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Truths = NDArray[np.int8]

_LETTERS = {"p": c_void_p, "i": c_int64, "d": c_double, "b": c_uint8}
# Name -> its arguments: p an array, i a whole number, d a double, b a byte; ">": it answers.
_FUNCTIONS = {
    "qz_combine_exact": "ipipiiip",
    "qz_compare_exact": "ipipiiip",
    "qz_single_exact": "ipip",
    "qz_to_double": "pidip",
    "qz_combine_double": ">ippiip",
    "qz_compare_double": "ippiip",
    "qz_single_double": ">ipip",
    "qz_logarithm": ">ppip",
    "qz_sign_of_double": "pip",
    "qz_logic": "ippip",
    "qz_where_exact": "ppiipiiip",
    "qz_where_double": "ppipiip",
    "qz_gaps_exact": "pip",
    "qz_gaps_double": "pip",
    "qz_crossing_exact": "ipipiiip",
    "qz_crossing_double": "ippiip",
    "qz_crossing_signals_exact": "pipiiiibbp",
    "qz_crossing_signals_double": "ppiiibbp",
    "qz_add_signal": "pbiip",
    "qz_prefix_sum": "pip",
    "qz_window_sum_dense": "piiip",
    "qz_window_sum": "piip",
    "qz_window_sum_double": "pidip",
    "qz_weighted_sum": "piip",
    "qz_lag_exact": "piip",
    "qz_lag_double": "piip",
    "qz_count_true": "piip",
    "qz_extreme_exact": "ipiippp",
    "qz_extreme_double": "ipiippp",
    "qz_deviation_exact": "pidip",
    "qz_mean_distance_exact": "pidip",
    "qz_window_of_doubles": ">ipidip",
    "qz_recursive_average": ">ipdiip",
    "qz_relative_strength": ">pdiip",
    "qz_blend": "pppip",
    "qz_cumulative_exact": "pip",
    "qz_cumulative_double": "pip",
    "qz_bars_since": "pip",
    "qz_value_when_exact": "ppip",
    "qz_value_when_double": "ppip",
    "qz_session_vwap": "pppppdip",
    "qz_parabolic_sar": ">ppddip",
    "qz_supertrend_line": ">pppip",
}
_DECLINED = 1
LOGARITHM = 4


def _at(array: NDArray[Any]) -> int:
    return array.ctypes.data


def _stride(array: NDArray[Any], length: int) -> int:
    return int(len(array) == length)


@cache  # once for each library: an evaluator is made for every run
def _declare(library: Any) -> None:
    for name, letters in _FUNCTIONS.items():
        function = getattr(library, name)
        function.argtypes = [_LETTERS[letter] for letter in letters.removeprefix(">")]
        function.restype = c_int64 if letters.startswith(">") else None


@cache
def _logarithm() -> int | None:
    """Return where the libm of this process has log, which math.log calls; None if it has none."""
    for name in (None, "libm.so.6"):
        try:
            return cast(CDLL(name).log, c_void_p).value
        except (AttributeError, OSError):
            continue
    return None


class NativeMachine:
    """See ArrayMachine for what each method computes."""

    def __init__(self, kernel: Kernel) -> None:
        self._library = kernel.library
        _declare(self._library)

    def run(
        self, name: str, kind: type[np.generic], *arguments: NDArray[Any] | float
    ) -> NDArray[Any] | None:
        """Call a kernel function of arrays of one length that ends in (..., length, out)."""
        given: list[float] = []
        length = 0
        for argument in arguments:
            if isinstance(argument, np.ndarray):
                length = max(length, len(argument))
                given.append(_at(argument))
            else:
                given.append(argument)
        out = np.empty(length, kind)
        answer = getattr(self._library, name)(*given, length, _at(out))
        return None if answer == _DECLINED else out

    def gaps(self, values: NDArray[Any]) -> tuple[int, bool]:
        """Return how many leading values are undefined, and whether later ones are."""
        found = np.empty(2, np.int64)
        exact = values.dtype == np.int64
        call = self._library.qz_gaps_exact if exact else self._library.qz_gaps_double
        call(_at(values), len(values), _at(found))
        return int(found[0]), bool(found[1])

    def combine_exact(
        self, code: int, first: Integers, factor: int, second: Integers, other: int
    ) -> Integers:
        length = len(first)
        out = np.empty(length, np.int64)
        self._library.qz_combine_exact(
            code, _at(first), factor, _at(second), other, _stride(second, length), length, _at(out)
        )
        return out

    def compare_exact(
        self, code: int, first: Integers, factor: int, second: Integers, other: int
    ) -> Truths:
        length = len(first)
        out = np.empty(length, np.int8)
        self._library.qz_compare_exact(
            code, _at(first), factor, _at(second), other, _stride(second, length), length, _at(out)
        )
        return out

    def crossing_exact(
        self, sign: int, first: Integers, factor: int, second: Integers, other: int
    ) -> Truths:
        length = len(first)
        out = np.empty(length, np.int8)
        self._library.qz_crossing_exact(
            sign, _at(first), factor, _at(second), other, _stride(second, length), length, _at(out)
        )
        return out

    def combine_double(self, code: int, first: Doubles, second: Doubles) -> tuple[Doubles, int]:
        length = len(first)
        out = np.empty(length, np.float64)
        undefined = self._library.qz_combine_double(
            code, _at(first), _at(second), _stride(second, length), length, _at(out)
        )
        return out, undefined

    def compare_double(self, code: int, first: Doubles, second: Doubles) -> Truths:
        length = len(first)
        out = np.empty(length, np.int8)
        self._library.qz_compare_double(
            code, _at(first), _at(second), _stride(second, length), length, _at(out)
        )
        return out

    def crossing_double(self, sign: int, first: Doubles, second: Doubles) -> Truths:
        length = len(first)
        out = np.empty(length, np.int8)
        self._library.qz_crossing_double(
            sign, _at(first), _at(second), _stride(second, length), length, _at(out)
        )
        return out

    def where(
        self, truths: Truths, first: NDArray[Any], factor: int, second: NDArray[Any], other: int
    ) -> NDArray[Any]:
        length = len(truths)
        out = np.empty(length, first.dtype)
        strides = _stride(first, length), _stride(second, length)
        if first.dtype == np.int64:
            self._library.qz_where_exact(
                _at(truths), _at(first), factor, strides[0], _at(second), other, strides[1],
                length, _at(out),
            )  # fmt: skip
        else:
            self._library.qz_where_double(
                _at(truths), _at(first), strides[0], _at(second), strides[1], length, _at(out)
            )
        return out

    def single_exact(self, code: int, values: Integers) -> Integers:
        out = np.empty(len(values), np.int64)
        self._library.qz_single_exact(code, _at(values), len(values), _at(out))
        return out

    def single_double(self, code: int, values: Doubles) -> tuple[Doubles, int] | None:
        out = np.empty(len(values), np.float64)
        if code != LOGARITHM:
            undefined = self._library.qz_single_double(code, _at(values), len(values), _at(out))
            return out, undefined
        function = _logarithm()
        if function is None:
            return None
        undefined = self._library.qz_logarithm(_at(values), function, len(values), _at(out))
        return out, undefined

    def to_double(self, values: Integers, factor: int, denominator: int) -> Doubles:
        out = np.empty(len(values), np.float64)
        self._library.qz_to_double(_at(values), factor, denominator, len(values), _at(out))
        return out

    def logic(self, code: int, first: Truths, second: Truths) -> Truths:
        out = np.empty(len(first), np.int8)
        self._library.qz_logic(code, _at(first), _at(second), len(first), _at(out))
        return out

    def prefix_sum(self, values: Integers) -> NDArray[np.uint64]:
        out = np.empty(len(values) + 1, np.uint64)
        self._library.qz_prefix_sum(_at(values), len(values), _at(out))
        return out

    def window_sum_dense(self, prefix: NDArray[np.uint64], period: int, start: int) -> Integers:
        length = len(prefix) - 1
        out = np.empty(length, np.int64)
        self._library.qz_window_sum_dense(_at(prefix), period, start, length, _at(out))
        return out

    def window_sum(self, values: Integers, period: int) -> Integers | None:
        return self.run("qz_window_sum", np.int64, values, period)

    def lag(self, values: NDArray[Any], period: int) -> NDArray[Any] | None:
        exact = values.dtype == np.int64
        name = "qz_lag_exact" if exact else "qz_lag_double"
        return self.run(name, np.int64 if exact else np.float64, values, period)

    def extreme(
        self, sign: int, values: NDArray[Any], period: int, *, aged: bool
    ) -> NDArray[Any] | None:
        exact = values.dtype == np.int64
        call = self._library.qz_extreme_exact if exact else self._library.qz_extreme_double
        waiting = np.empty(len(values), np.int64)
        out = np.empty(len(values), np.int64 if aged else values.dtype)
        places = (None, _at(out)) if aged else (_at(out), None)
        call(sign, _at(values), period, len(values), _at(waiting), *places)
        return out

    def crossing_signals(
        self, first: NDArray[Any], factor: int, second: NDArray[Any], other: int, start: int,
        above: int, below: int,
    ) -> NDArray[np.uint8]:  # fmt: skip
        length = len(first)
        out = np.empty(length, np.uint8)
        stride = _stride(second, length)
        if first.dtype == np.int64:
            self._library.qz_crossing_signals_exact(
                _at(first), factor, _at(second), other, stride, start, length, above, below,
                _at(out),
            )  # fmt: skip
        else:
            self._library.qz_crossing_signals_double(
                _at(first), _at(second), stride, start, length, above, below, _at(out)
            )
        return out

    def add_signal(self, out: NDArray[np.uint8], truths: Truths, bit: int, start: int) -> None:
        self._library.qz_add_signal(_at(truths), bit, start, len(truths), _at(out))
