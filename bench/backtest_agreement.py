"""Do the engines give the same outputs? Where one pair of the sweep differs, is an exact tie the reason?

Prices with 4 decimals make two averages exactly equal now and then. There a float average may fall on either side, an
exact one does not: engines on float then trade a bar earlier or later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bench.backtest_data import pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bench.backtest_data import Bars

TOLERANCE = 1e-9
OUTPUTS = ("final", "max_drawdown", "trades")


def apart(ours: float, theirs: float) -> float:
    """Return the relative distance of two figures."""
    return abs(ours - theirs) / max(abs(theirs), 1e-300)


def exact_ties(bars: Bars, fast: int, slow: int) -> int:
    """Count the bars on which the two averages are exactly equal, in integers."""
    ticks = np.rint(bars.close[0] * 1e4).astype(np.int64)
    total = np.concatenate(([0], np.cumsum(ticks)))
    quick: NDArray[np.int64] = (total[fast:] - total[:-fast])[slow - fast :] * slow
    calm: NDArray[np.int64] = (total[slow:] - total[:-slow]) * fast
    return int(np.count_nonzero(quick == calm))


def single_agreement(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, float]:
    """Return the relative distance of each output that both give."""
    return {name: apart(ours[name], theirs[name]) for name in OUTPUTS if name in theirs}


def sweep_agreement(
    bars: Bars, ours: dict[str, Any], theirs: dict[str, Any], count: int
) -> dict[str, Any]:
    """Count the pairs whose outputs agree to 1e-9, and those that differ without an exact tie."""
    chosen = pairs(count)
    same, unexplained = 0, []
    for row, (fast, slow) in enumerate(chosen):
        if all(apart(ours[name][row], theirs[name][row]) <= TOLERANCE for name in OUTPUTS):
            same += 1
        elif not exact_ties(bars, fast, slow):
            unexplained.append([fast, slow])
    return {
        "pairs": len(chosen),
        "agree": same,
        "differ_with_an_exact_tie": len(chosen) - same - len(unexplained),
        "differ_without": unexplained,
    }
