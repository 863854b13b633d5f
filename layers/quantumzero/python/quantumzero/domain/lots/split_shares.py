"""A split over several parts of one holding, so that the rounded parts still add up to the rounded whole."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.portfolio import apply_split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from quantumzero.domain.bars import Split


def split_parts(quantities: Iterable[Decimal], split: Split) -> list[Decimal]:
    """Return each part after the split: the difference of two rounded running sums.

    The parts after it add up to apply_split of their sum, where rounding each by itself could miss a billionth of a
    share. The order of the parts decides who gets it.
    """
    before = Decimal(0)
    parts = []
    for quantity in quantities:
        after = before + quantity
        parts.append(apply_split(after, split) - apply_split(before, split))
        before = after
    return parts
