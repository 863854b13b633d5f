"""Curves as SVG paths of few points: of each pixel column the first, least and greatest are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Doubles = NDArray[np.float64]

WIDTH = 1000
HEIGHT = 300


def decimated(values: Doubles, columns: int = WIDTH) -> Integers:
    """Return the positions to draw, ascending: no extreme that a pixel could show is lost.

    At most 2 * columns + 2 positions; positions of NaN are never among them.
    """
    size = len(values)
    if size <= 2 * columns:
        return np.flatnonzero(np.isfinite(values)).astype(np.int64)
    each = -(-size // columns)
    padded = np.full(each * columns, np.nan)
    padded[:size] = values
    table = padded.reshape(columns, each)
    known = np.isfinite(table)
    starts = np.arange(columns, dtype=np.int64) * each
    least = starts + np.where(known, table, np.inf).argmin(axis=1)
    greatest = starts + np.where(known, table, -np.inf).argmax(axis=1)
    kept = np.concatenate([least[known.any(axis=1)], greatest[known.any(axis=1)]])
    ends = np.flatnonzero(np.isfinite(values))[[0, -1]] if known.any() else kept
    return np.unique(np.concatenate([kept, ends]))


def across(positions: Integers, size: int) -> Doubles:
    """Return the horizontal coordinate of each position among `size` evenly spaced ones."""
    return positions.astype(np.float64) * (WIDTH / max(size - 1, 1))


def down(places: Doubles) -> Doubles:
    """Return the vertical coordinate of places in 0 (bottom) to 1 (top)."""
    return (1.0 - places) * HEIGHT


def line_path(x: Doubles, y: Doubles) -> str:
    """Return the path through the points, one decimal of a pixel; empty without a point."""
    if not len(x):
        return ""
    points = [f"{left:.1f} {top:.1f}" for left, top in zip(x.tolist(), y.tolist(), strict=True)]
    return "M" + "L".join(points)


def area_path(x: Doubles, y: Doubles, base: float) -> str:
    """Return the closed path between the points and the height of the base line."""
    if not len(x):
        return ""
    return f"{line_path(x, y)}L{x[-1]:.1f} {base:.1f}L{x[0]:.1f} {base:.1f}Z"


def dot_path(x: Doubles, y: Doubles) -> str:
    """Return a path of points without length: its line cap draws the mark, undistorted, at any size.

    Points that fall on one pixel are drawn once.
    """
    pairs = {(round(left), round(top)) for left, top in zip(x.tolist(), y.tolist(), strict=True)}
    return "".join(f"M{left} {top}h0" for left, top in sorted(pairs))
