"""Every metric of the run with its unit and its meaning; what is undefined says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.research.report.metric_words import groups, written
from quantumzero.research.report.tables import empty, section, table
from quantumzero.research.report.words import clean, tone

if TYPE_CHECKING:
    from quantumzero.research.result import BacktestResult, Metric

_PLAIN = "plain definition"
_SIGNED = frozenset({"total_return", "cagr", "alpha", "expectancy", "benchmark_return"})


def metrics_section(result: BacktestResult) -> str:
    """Return the metrics by subject, each with its formula."""
    title = "Metrics"
    if not result.metrics:
        return section("metrics", title, empty("No metrics were computed for this run."))
    convention = str(result.conventions.get("convention", "default"))
    left = dict(result.metrics)
    parts = []
    for heading, definitions in groups(convention):
        rows = [
            _row(each.name, left.pop(each.name), each.formula, each.source)
            for each in definitions
            if each.name in left
        ]
        if rows:
            parts.append(_table(heading, rows))
    if left:
        rows = [_row(name, metric, "", "") for name, metric in left.items()]
        parts.append(_table("Further figures", rows))
    lead = (
        f"By the convention “{clean(convention)}”; r are the simple returns of equity from session "
        "close to session close. What is undefined says why, and is never 0."
    )
    return section("metrics", title, "".join(parts), lead)


def _table(heading: str, rows: list[list[str]]) -> str:
    content = table(heading, ["Metric", "Value", "Meaning"], rows, style="metrics", numeric=(1,))
    return f"<h3>{clean(heading)}</h3>{content}"


def _row(name: str, metric: Metric, formula: str, source: str) -> list[str]:
    label, figure = written(name, metric)
    style = tone(metric.value) if name in _SIGNED else ""
    shown = f'<span class="{style}">{clean(figure)}</span>' if style else clean(figure)
    if metric.value is None:
        reason = metric.reason or "the value is not finite"
        words = f'<span class="why">Undefined: {clean(reason)}.</span> '
    else:
        words = ""
    meaning = f'<span class="means">{clean(formula)}</span>' if formula else ""
    cited = f' <cite title="Source">{clean(source)}</cite>' if source not in {"", _PLAIN} else ""
    return [clean(label), shown, words + meaning + cited]
