"""Every metric of the run with its unit and its meaning; what is undefined says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.research.report.metric_words import GROUPS, label_of, meaning_of
from quantumzero.research.report.tables import empty, section, table
from quantumzero.research.report.words import clean, decimal, money, percent, tone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from quantumzero.research.result import BacktestResult, Metric

_BY_UNIT: Mapping[str, Callable[[float], str]] = {
    "money": money,
    "fraction": percent,
    "percent": lambda value: percent(value / 100),
    "ratio": lambda value: decimal(value, 3),
    "probability": lambda value: decimal(value, 3),
}
_SIGNED = frozenset({"total_return", "cagr", "alpha", "expectancy", "net_profit"})


def metrics_section(result: BacktestResult) -> str:
    """Return the metrics in groups, in the order in which readers look for them."""
    title = "Metrics"
    if not result.metrics:
        return section("metrics", title, empty("No metrics were computed for this run."))
    left = dict(result.metrics)
    parts = []
    for heading, names in GROUPS:
        chosen = {name: left.pop(name) for name in names if name in left}
        if chosen:
            parts.append(_group(heading, chosen))
    if left:
        parts.append(_group("Further figures", left))
    convention = result.conventions.get("convention", "default")
    lead = (
        f"By the convention “{clean(convention)}”; docs/metrics.md has the formulas and their "
        "sources. What is undefined says why, and is never 0."
    )
    return section("metrics", title, "".join(parts), lead)


def _group(heading: str, metrics: dict[str, Metric]) -> str:
    rows = [
        [clean(label_of(name)), _figure(name, metric), _words(name, metric)]
        for name, metric in metrics.items()
    ]
    headings = ["Metric", "Value", "Meaning"]
    content = table(heading, headings, rows, style="metrics", numeric=(1,))
    return f"<h3>{clean(heading)}</h3>{content}"


def _words(name: str, metric: Metric) -> str:
    if metric.value is None:
        reason = metric.reason or "it is not a finite number"
        return f'<span class="why">Undefined: {clean(reason)}</span>'
    return f'<span class="means">{clean(meaning_of(name))}</span>'


def _figure(name: str, metric: Metric) -> str:
    text = figure(metric)
    style = tone(metric.value) if name in _SIGNED else ""
    return f'<span class="{style}">{text}</span>' if style else text


def figure(metric: Metric) -> str:
    """Return a metric's value in its unit."""
    value, unit = metric.value, metric.unit
    if value is None:
        return "undefined"
    if unit == "count":
        return decimal(value, 0 if value == int(value) else 1)
    written = _BY_UNIT.get(unit)
    return written(value) if written else f"{decimal(value, 1)} {clean(unit)}"
