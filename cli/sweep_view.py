"""A sweep in the terminal and as JSON: one row for each combination, the best first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from quantumzero.contracts.backtest_result import number_text
from quantumzero.research.keys import content_key
from quantumzero.research.plan import exact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quantumzero.research.plan import Plan
    from quantumzero.research.sweep import SweepResult

ASCENDING = frozenset({"max_drawdown"})
FIGURES = ("final_equity", "max_drawdown", "sharpe", "trades")


def ordered(found: SweepResult, by: str) -> list[dict[str, Any]]:
    """Return the rows, best first: the least drawdown, the most of anything else; undefined last."""
    rows = _rows(found)

    def place(row: dict[str, Any]) -> tuple[bool, float]:
        value = float(row[by])
        if math.isnan(value):
            return True, 0.0
        return False, value if by in ASCENDING else -value

    return sorted(rows, key=place)


def _rows(found: SweepResult) -> list[dict[str, Any]]:
    names = [*found.parameters, *FIGURES]
    columns = [*found.parameters.values(), *(getattr(found, name) for name in FIGURES)]
    values = zip(*(column.tolist() for column in columns), strict=True)
    return [dict(zip(names, row, strict=True)) for row in values]


def sweep_trials(plan: Plan, found: SweepResult) -> Iterator[tuple[str, float | None]]:
    """Return the key that `qz backtest` gives each combination, and its Sharpe ratio per session."""
    defaults = {name: each.default for name, each in plan.document.parameters.items()}
    for row in _rows(found):
        chosen = {**defaults, **exact({name: row[name] for name in found.parameters})}
        key = content_key(
            plan.document,
            chosen,
            plan.history.snapshot,
            plan.conventions.words,
            plan.span,
            cash=plan.conventions.settings.cash,
            convention="default",
            risk_free=0.0,
            benchmark=plan.benchmark,
            model=None,
            detail=None,
        )
        yield key, float(row["sharpe"]) / math.sqrt(plan.sessions_per_year)


def sweep_rows(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return what --json prints: parameters as texts, money as text, ratios as numbers or null."""
    return [
        {
            "parameters": {name: parameter_text(row[name]) for name in names},
            "final_equity": number_text(float(row["final_equity"])),
            "max_drawdown": _number(row["max_drawdown"]),
            "sharpe": _number(row["sharpe"]),
            "trades": int(row["trades"]),
        }
        for row in rows
    ]


def sweep_view(
    rows: Sequence[dict[str, Any]], names: Sequence[str], *, cash: float, shown: int, by: str
) -> Table:
    """Return the table of the best rows."""
    count = min(shown, len(rows))
    title = f"the best {count} of {len(rows):,} combinations by {by.replace('_', ' ')}"
    table = Table(
        title=title, title_justify="left", title_style="dim", box=None, padding=(0, 2, 0, 0)
    )
    for name in names:
        table.add_column(name, justify="right", header_style="bold")
    for heading in ("final equity", "return", "deepest drawdown", "Sharpe", "trades"):
        table.add_column(heading, justify="right", header_style="dim")
    for row in rows[:count]:
        equity = float(row["final_equity"])
        change = equity / cash - 1
        tone = "blue" if change > 0 else "yellow"
        sharpe = float(row["sharpe"])
        table.add_row(
            *(parameter_text(row[name]) for name in names),
            f"{equity:,.2f}",
            Text(f"{change:+.2%}", style=tone),
            f"{float(row['max_drawdown']):.2%}",
            "undefined" if math.isnan(sharpe) else f"{sharpe:.3f}",
            f"{int(row['trades']):,}",
        )
    return table


def parameter_text(value: float) -> str:
    """Write a parameter as its author would: 10, or 0.5."""
    return number_text(value) or "undefined"


def _number(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None
