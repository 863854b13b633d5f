"""The array operations by NumPy, with the results of the kernel in C to the last bit.

What NumPy cannot do in the kernel's order of operations answers None: it is stepped instead. An
exact operand is an array of integers times a factor; a constant is an array of one value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.research.vector.columns import UNDEFINED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Doubles = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Truths = NDArray[np.int8]

_COMPARE = (np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal)


def _known(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.bool_]:
    known: NDArray[np.bool_]
    if first.dtype == np.int64:
        known = (first != UNDEFINED) & (second != UNDEFINED)
    else:
        known = ~(np.isnan(first) | np.isnan(second))
    return known


def _crossed(beyond: NDArray[np.bool_], known: NDArray[np.bool_]) -> Truths:
    out = np.full(len(beyond), -1, np.int8)
    out[1:] = np.where(known[1:] & known[:-1], beyond[1:] & ~beyond[:-1], np.int8(-1))
    return out


class ArrayMachine:
    """Whole arrays at once; every method returns an array of its own."""

    def combine_exact(
        self, code: int, first: Integers, factor: int, second: Integers, other: int
    ) -> Integers:
        """Return a + b, a - b, the lesser or the greater (code 0 to 3)."""
        left, right = first * factor, second * other
        apply = (np.add, np.subtract, np.minimum, np.maximum)[code]
        return np.where(_known(first, second), apply(left, right), UNDEFINED)

    def compare_exact(
        self, code: int, first: Integers, factor: int, second: Integers, other: int
    ) -> Truths:
        """Return the truths of < <= > >= == != (code 0 to 5)."""
        truths = _COMPARE[code](first * factor, second * other)
        return np.where(_known(first, second), truths, np.int8(-1)).astype(np.int8)

    def crossing_exact(
        self, sign: int, first: Integers, factor: int, second: Integers, other: int
    ) -> Truths:
        """Return where the first passes over (sign 1) or under (-1) the second."""
        left, right = first * (factor * sign), second * (other * sign)
        return _crossed(left > right, _known(first, second))

    def combine_double(self, code: int, first: Doubles, second: Doubles) -> tuple[Doubles, int]:
        """Return + - * / lesser greater (code 0 to 5), and how many results are undefined."""
        with np.errstate(all="ignore"):
            if code < 4:
                apply = (np.add, np.subtract, np.multiply, np.divide)[code]
                result = apply(first, second)
                result = np.where(np.isfinite(result), result, np.nan)
            else:
                takes = second < first if code == 4 else second > first
                chosen = np.where(takes, second, first)
                result = np.where(_known(first, second), chosen, np.nan)
        return result, int(np.isnan(result).sum())

    def compare_double(self, code: int, first: Doubles, second: Doubles) -> Truths:
        """Return the truths of < <= > >= == != (code 0 to 5)."""
        truths = _COMPARE[code](first, second)
        return np.where(_known(first, second), truths, np.int8(-1)).astype(np.int8)

    def crossing_double(self, sign: int, first: Doubles, second: Doubles) -> Truths:
        """Return where the first passes over (sign 1) or under (-1) the second."""
        beyond = first > second if sign > 0 else first < second
        return _crossed(beyond, _known(first, second))

    def run(
        self, name: str, kind: type[np.generic], *arguments: NDArray[Any] | float
    ) -> NDArray[Any] | None:
        """Return None: what only the kernel does is stepped."""
        return None

    def gaps(self, values: NDArray[Any]) -> tuple[int, bool]:
        """Return how many leading values are undefined, and whether later ones are."""
        undefined = values == UNDEFINED if values.dtype == np.int64 else np.isnan(values)
        first = len(values) if undefined.all() else int(undefined.argmin())
        return first, bool(undefined[first:].any())

    def where(
        self, truths: Truths, first: NDArray[Any], factor: int, second: NDArray[Any], other: int
    ) -> NDArray[Any]:
        """Return the first where true, the second where false; the chosen one may be undefined."""
        if first.dtype == np.int64:
            left = np.where(first == UNDEFINED, UNDEFINED, first * factor)
            right = np.where(second == UNDEFINED, UNDEFINED, second * other)
            return np.where(truths < 0, UNDEFINED, np.where(truths == 1, left, right))
        return np.where(truths < 0, np.nan, np.where(truths == 1, first, second))

    def single_exact(self, code: int, values: Integers) -> Integers:
        """Return absolute values (code 0) or signs (1)."""
        result = np.abs(values) if code == 0 else np.sign(values)
        return np.where(values == UNDEFINED, UNDEFINED, result)

    def single_double(self, code: int, values: Doubles) -> tuple[Doubles, int] | None:
        """Return absolute values, signs, negatives or square roots (code 0 to 3), and how many
        are undefined; None for the logarithm (4), which must be the C library's.
        """
        if code == 4:
            return None
        with np.errstate(invalid="ignore"):
            result = (np.abs, np.sign, np.negative, np.sqrt)[code](values)
        return result, int(np.isnan(result).sum())

    def to_double(self, values: Integers, factor: int, denominator: int) -> Doubles:
        """Return the doubles of numerators times factor over the denominator."""
        doubles = (values * factor).astype(np.float64) / float(denominator)
        return np.where(values == UNDEFINED, np.nan, doubles)

    def logic(self, code: int, first: Truths, second: Truths) -> Truths:
        """Return and, or (Kleene), or the negation of the first (code 0 to 2)."""
        if code == 2:
            return np.where(first < 0, first, first ^ 1).astype(np.int8)
        decisive = code
        decided = (first == decisive) | (second == decisive)
        open_ = (first < 0) | (second < 0)
        rest = np.where(open_, -1, 1 - decisive)
        return np.where(decided, decisive, rest).astype(np.int8)

    def prefix_sum(self, values: Integers) -> NDArray[np.uint64]:
        """Return n + 1 running totals from 0, modulo 2**64; an undefined value adds nothing."""
        out = np.zeros(len(values) + 1, np.uint64)
        np.cumsum(np.where(values == UNDEFINED, 0, values).view(np.uint64), out=out[1:])
        return out

    def window_sum_dense(self, prefix: NDArray[np.uint64], period: int, start: int) -> Integers:
        """Return the sums of the last values of a series without holes from `start` on."""
        length = len(prefix) - 1
        out = np.full(length, UNDEFINED, np.int64)
        first = start + period - 1
        if first < length:
            sums = prefix[first + 1 :] - prefix[first + 1 - period : length + 1 - period]
            out[first:] = sums.view(np.int64)
        return out

    def window_sum(self, values: Integers, period: int) -> Integers | None:
        """Return the sums of the last values; an undefined one restarts the window."""
        if period > len(values):
            return np.full(len(values), UNDEFINED, np.int64)
        out = self.window_sum_dense(self.prefix_sum(values), period, 0)
        gaps = np.concatenate(([0], np.cumsum(values == UNDEFINED)))
        out[period - 1 :][gaps[period:] != gaps[:-period]] = UNDEFINED
        return out

    def lag(self, values: NDArray[Any], period: int) -> NDArray[Any] | None:
        """Return the values `period` bars ago; an undefined value since then hides them."""
        exact = values.dtype == np.int64
        out = np.full(len(values), UNDEFINED if exact else np.nan, values.dtype)
        if period >= len(values):
            return out
        out[period:] = values[: len(values) - period]
        undefined = values == UNDEFINED if exact else np.isnan(values)
        gaps = np.concatenate(([0], np.cumsum(undefined)))
        hidden = gaps[period + 1 :] != gaps[: -period - 1]
        out[period:][hidden] = UNDEFINED if exact else np.nan
        return out

    def extreme(
        self, sign: int, values: NDArray[Any], period: int, *, aged: bool
    ) -> NDArray[Any] | None:
        """Return the greatest (sign 1) or least (-1) of the last values, or (aged) the bars since.

        Doubles are left to stepping: which zero is the greatest, NumPy does not say.
        """
        if aged or values.dtype != np.int64:
            return None
        out = np.full(len(values), UNDEFINED, np.int64)
        if period > len(values):
            return out
        windows = np.lib.stride_tricks.sliding_window_view(values, period)
        result = windows.max(axis=1) if sign > 0 else windows.min(axis=1)
        least = result if sign < 0 else windows.min(axis=1)
        out[period - 1 :] = np.where(least == UNDEFINED, UNDEFINED, result)
        return out

    def crossing_signals(
        self, first: NDArray[Any], factor: int, second: NDArray[Any], other: int, start: int,
        above: int, below: int,
    ) -> NDArray[np.uint8]:  # fmt: skip
        """Return the bits of both crossings of two series without holes from `start` on."""
        out = np.zeros(len(first), np.uint8)
        if start + 1 >= len(first):
            return out
        later = second if len(second) == 1 else second[start:]
        left, right = first[start:], later
        if first.dtype == np.int64:
            left, right = left * factor, right * other
        over, under = left > right, left < right
        out[start + 1 :] = (over[1:] & ~over[:-1]) * np.uint8(above)
        out[start + 1 :] |= (under[1:] & ~under[:-1]) * np.uint8(below)
        return out

    def add_signal(self, out: NDArray[np.uint8], truths: Truths, bit: int, start: int) -> None:
        """Add the bit wherever the truth is 1, from bar `start` on."""
        out[start:] |= (truths[start:] == 1) * np.uint8(bit)
