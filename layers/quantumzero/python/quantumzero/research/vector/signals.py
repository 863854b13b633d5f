"""The entries and exits of a strategy as one byte a bar, as the simulation reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.research.simulation.request import (
    ENTER_LONG,
    ENTER_SHORT,
    EXIT_LONG,
    EXIT_SHORT,
)
from quantumzero.research.vector.operations import first_operand, second_operand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.research.vector.epoch_columns import EpochColumns

_ROOTS = (
    ("entry_long", ENTER_LONG),
    ("exit_long", EXIT_LONG),
    ("entry_short", ENTER_SHORT),
    ("exit_short", EXIT_SHORT),
)
_CROSSINGS = ("cross_above", "cross_below")


def signal_bits(
    compiled: CompiledStrategy, numbers: Sequence[int], columns: EpochColumns
) -> NDArray[np.uint8]:
    """Return the bits of every bar of the epoch's prefix, none before the warm-up is over.

    Where all roots are crossings of one pair of series, both directions are found in one pass
    without an array of truths for each.
    """
    warm = compiled.warm_up_bars - 1
    roots = [
        (numbers[index], bit)
        for name, bit in _ROOTS
        if (index := getattr(compiled, name)) is not None
    ]
    fused = _crossings(roots, columns, warm)
    if fused is not None:
        return fused
    out = np.zeros(columns.epoch.stop, np.uint8)
    for number, bit in roots:
        columns.machine.add_signal(out, columns.column(number).values, bit, max(warm, 0))
    return out


def _crossings(
    roots: Sequence[tuple[int, int]], columns: EpochColumns, warm: int
) -> NDArray[np.uint8] | None:
    computations = [columns.computation(number) for number, _ in roots]
    pairs = {each.inputs for each in computations}
    if len(pairs) != 1 or any(each.node.operation not in _CROSSINGS for each in computations):
        return None
    first, second = (columns.column(number) for number in pairs.pop())
    if first.holes or second.holes or first.is_big or second.is_big:
        return None
    bits = dict.fromkeys(_CROSSINGS, 0)
    for each, (_, bit) in zip(computations, roots, strict=True):
        bits[each.node.operation] |= bit
    left, factor = first_operand(first)
    right, other = second_operand(second)
    start = max(first.start, second.start, warm - 1)
    return columns.machine.crossing_signals(
        left, factor, right, other, start, bits["cross_above"], bits["cross_below"]
    )
