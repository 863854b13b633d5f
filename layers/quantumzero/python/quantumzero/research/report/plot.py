"""One chart: an SVG of curves that fills its frame, with labels as HTML that never shrink with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.research.report.curves import (
    HEIGHT,
    WIDTH,
    across,
    area_path,
    decimated,
    down,
    line_path,
)
from quantumzero.research.report.scales import Scale, time_ticks
from quantumzero.research.report.words import clean, day, instant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Doubles = NDArray[np.float64]

_READ_OUTS = 400
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: its words for the reader, its class (colour) and, for an area, where it is based."""

    label: str
    values: Doubles
    style: str
    base: float | None = None


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart over the instants `times`; identifier is unique in the page, extra is SVG on top."""

    identifier: str
    title: str
    description: str
    times: Integers
    lines: Sequence[Line]
    scale: Scale
    label: Callable[[float], str]
    read_out: Callable[[float], str]
    size: str = ""
    baseline: float | None = None
    extra: str = ""
    columns: int = WIDTH
    """How many columns of pixels the curves are thought to have: fewer make a smaller page."""


def drawn(plot: Plot) -> str:
    """Return the chart as one HTML fragment."""
    ticks = plot.scale.ticks(5 if plot.size == "short" else 6)
    heights = plot.scale.place(np.array(ticks, dtype=np.float64)) if ticks else np.zeros(0)
    marks = time_ticks(plot.times)
    grid = "".join(f"M0 {(1 - height) * HEIGHT:.1f}H{WIDTH}" for height in heights)
    rows = "".join(
        f'<span style="top:{(1 - height) * 100:.2f}%">{plot.label(tick)}</span>'
        for tick, height in zip(ticks, heights, strict=True)
    )
    columns = "".join(
        f'<span style="left:{place * 100:.2f}%">{clean(words)}</span>' for place, words in marks
    )
    name = plot.identifier
    return (
        f'<div class="plot {plot.size}" data-plot="{name}">'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{clean(plot.title)}</title>'
        f'<desc id="{name}-desc">{clean(plot.description)}</desc>'
        f'<path class="grid" d="{grid}"/>{_baseline(plot)}'
        f"{''.join(_curve(line, plot.scale, plot.columns) for line in plot.lines)}{plot.extra}</svg>"
        f'<div class="rows" aria-hidden="true">{rows}</div>'
        f'<div class="columns" aria-hidden="true">{columns}</div>{_read_outs(plot)}</div>'
    )


def legend(lines: Sequence[tuple[str, str]]) -> str:
    """Return the key of the curves: (label, class) in order."""
    items = "".join(f'<li class="{style}"><i></i>{clean(label)}</li>' for label, style in lines)
    return f'<ul class="legend">{items}</ul>'


def _baseline(plot: Plot) -> str:
    if plot.baseline is None or not plot.scale.low <= plot.baseline <= plot.scale.high:
        return ""
    height = float(down(plot.scale.place(np.array([plot.baseline])))[0])
    return f'<path class="baseline" d="M0 {height:.1f}H{WIDTH}"/>'


def _curve(line: Line, scale: Scale, columns: int) -> str:
    kept = decimated(line.values, columns)
    x, y = across(kept, len(line.values)), down(scale.place(line.values[kept]))
    area = ""
    if line.base is not None:
        base = float(down(scale.place(np.array([line.base])))[0])
        area = f'<path class="area {line.style}" d="{area_path(x, y, base)}"/>'
    return f'{area}<path class="line {line.style}" d="{line_path(x, y)}"/>'


def _read_outs(plot: Plot) -> str:
    """Return what the pointer reads: evenly spaced instants and each curve's words there."""
    size = len(plot.times)
    if not size:
        return ""
    chosen = np.unique(
        np.linspace(0, size - 1, min(size, _READ_OUTS, plot.columns)).round().astype(np.int64)
    )
    daily = size < 2 or int(np.median(np.diff(plot.times))) >= _DAY_US // 2
    words = day if daily else instant
    content = {
        "times": [words(int(plot.times[position])) for position in chosen],
        "lines": [
            [line.label, [plot.read_out(float(line.values[place])) for place in chosen]]
            for line in plot.lines
        ],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json">{text}</script><output hidden></output>'
