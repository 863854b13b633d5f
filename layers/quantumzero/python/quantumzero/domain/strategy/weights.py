"""From what each member says to what share of equity each is to have."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    Wishes = Sequence[int | float | bool | None]


def target_weights(
    long: Wishes | None,
    short: Wishes | None,
    scheme: str,
    volatility: Sequence[float | None] | None = None,
) -> list[float]:
    """Return the weight of each member, long above 0 and short below, whose absolute values sum to
    1, to a half for each side when both are given, or to 0 where nothing is wished.

    A wish is true (1), false or undefined (0), or a number. equal takes its sign; proportional the
    wish itself; inverse_volatility the sign over the member's volatility, 0 when that is undefined
    or 0. The short side counts against its sign.
    """
    count = len(long if long is not None else short or ())
    share = 0.5 if long is not None and short is not None else 1.0
    weights = [0.0] * count
    for wishes, side in ((long, share), (short, -share)):
        if wishes is None:
            continue
        sizes = [
            _size(wish, scheme, None if volatility is None else volatility[place])
            for place, wish in enumerate(wishes)
        ]
        total = fsum(abs(size) for size in sizes)
        if total > 0:
            for place, size in enumerate(sizes):
                weights[place] += side * (size / total)
    return weights


def _size(wish: float | bool | None, scheme: str, volatility: float | None) -> float:
    value = float(wish or 0)
    if scheme == "proportional":
        return value
    sign = float((value > 0) - (value < 0))
    if scheme == "equal":
        return sign
    return sign / volatility if volatility else 0.0
