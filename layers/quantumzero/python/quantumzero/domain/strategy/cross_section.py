"""Functions of a universe at one instant: each member's value among those of all members.

Values stand in the order of the universe, None for a symbol that is no member, has no bar at the
instant, or has no value there: it takes no part and gets None. Among equal values the one earlier
in the universe comes first: rank counts from 0 for the least to 1 for the greatest, a single
member is 1; a zscore is undefined when all values are equal; symbols of no group are one group
more. zscore, demean and neutralise take doubles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import fsum, isfinite, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import GraphNode, Value

Setting = tuple[int, ...]
Values = Sequence[int | float | bool | None]

PREFIX = "cross_section_"


def cross_section(node: GraphNode) -> Callable[[Values], list[Value]] | None:
    """Return what computes a node over the universe, None when it is no cross-sectional one.

    The node's constant is the count of top and bottom, and the number of each symbol's group of
    neutralise as a text with commas (-1: none).
    """
    apply = _APPLY.get(node.operation.removeprefix(PREFIX))
    if apply is None or not node.operation.startswith(PREFIX):
        return None
    setting: list[int] = []
    for constant in node.constants:
        if isinstance(constant, str):
            setting += [int(number) for number in constant.split(",") if number]
        else:
            setting.append(int(constant))
    fixed = tuple(setting)

    def compute(values: Values) -> list[Value]:
        return apply(values, fixed)

    return compute


def _present(values: Values) -> list[tuple[int | float, int]]:
    return [(value, place) for place, value in enumerate(values) if value is not None]


def _rank(values: Values, _setting: Setting) -> list[Value]:
    found: list[Value] = [None] * len(values)
    order = sorted(_present(values))
    last = len(order) - 1
    for position, (_, place) in enumerate(order):
        found[place] = position / last if last else 1.0
    return found


def _first(values: Values, order: list[tuple[int | float, int]], count: int) -> list[Value]:
    found: list[Value] = [None if value is None else False for value in values]
    for _, place in order[:count]:
        found[place] = True
    return found


def _top(values: Values, setting: Setting) -> list[Value]:
    order = sorted((-value, place) for value, place in _present(values))
    return _first(values, order, setting[0])


def _bottom(values: Values, setting: Setting) -> list[Value]:
    return _first(values, sorted(_present(values)), setting[0])


def _less(values: Values, places: Sequence[int], found: list[Value]) -> None:
    """Write the values at the places less their mean; a mean beyond the doubles leaves None."""
    members = [(place, value) for place in places if (value := values[place]) is not None]
    if not members:
        return
    mean = _mean([value for _, value in members])
    if mean is None:
        return
    for place, value in members:
        result = value - mean
        found[place] = result if isfinite(result) else None


def _mean(values: Sequence[int | float]) -> float | None:
    try:
        return fsum(values) / len(values)
    except OverflowError:
        return None


def _demean(values: Values, _: Setting) -> list[Value]:
    found: list[Value] = [None] * len(values)
    _less(values, range(len(values)), found)
    return found


def _neutralise(values: Values, setting: Setting) -> list[Value]:
    found: list[Value] = [None] * len(values)
    for group in sorted(set(setting)):
        _less(values, [place for place, own in enumerate(setting) if own == group], found)
    return found


def _zscore(values: Values, setting: Setting) -> list[Value]:
    away = _demean(values, setting)
    distances = [value for value in away if value is not None]
    squares = [value * value for value in distances]
    variance = _mean(squares) if squares and all(map(isfinite, squares)) else None
    if not variance:
        return [None] * len(values)
    deviation = sqrt(variance)
    return [None if value is None else value / deviation for value in away]


_APPLY: dict[str, Callable[[Values, Setting], list[Value]]] = {
    "rank": _rank,
    "top": _top,
    "bottom": _bottom,
    "zscore": _zscore,
    "demean": _demean,
    "neutralise": _neutralise,
}
