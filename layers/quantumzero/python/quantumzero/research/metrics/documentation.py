"""The page docs/metrics.md, written from the definitions themselves; a test holds the file to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.research.metrics import default
from quantumzero.research.metrics.conventions import backtesting_py, empyrical, lean, quantstats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quantumzero.research.metrics.definition import Definition

_HEAD = """# Metrics

Written by `python -m cli.write_metrics` from the definitions in `research/metrics`; a test refuses a page that
differs.

`qz backtest` measures by the convention `default` unless `--convention` names another: `empyrical`, `quantstats`,
`lean` or `backtesting_py`, which give the figures of those libraries under their names. `make bench-test` compares
all of them with the libraries on three real series, to 1e-8.

## What the letters mean

- **E** is the equity at an instant of the curve, marked at the close of the bar; **E_0** the starting cash, **E_T**
  the last.
- **r** is the simple return of equity from one session's close to the next; the first is that from the starting
  cash. **n** is their number, **A** the sessions a year of the calendar.
- **f** and **m** are the session's share of the annual risk-free rate and of the annual minimum acceptable return:
  (1 + annual) ** (1 / A) - 1. Both are 0 unless given.
- **b** is the benchmark's return of the session, from the same cash.
- **std** divides by n - 1 (ddof 1) unless said otherwise. Returns that differ by rounding only (1e-14) do not vary.
- A drawdown is a share of the high it fell from, 0 or above. Values at risk are returns, so a loss is below 0.

A figure that a run does not define is `null` with the reason beside it, never 0 and never infinite: a Sharpe ratio
of returns that do not vary, a profit factor without a loss, a beta without a benchmark. Units: ratio (0.1 is 10 %),
percent (10 is 10 %), money, count, sessions, days of 86,400 seconds, time (microseconds since 1970 UTC).

## Counting trials

The deflated Sharpe ratio asks how many runs were tried before this one was chosen. One trial is one distinct result
key of the same strategy name, whatever its version, parameters or period; the same key again is the same trial, and
every combination of a sweep is one. A trial whose Sharpe ratio is undefined counts without one. The command line
keeps keys and ratios in a file per strategy, the service in a table.
"""

_DIFFERENCES = (
    ("figure", "default", "empyrical", "quantstats", "lean", "backtesting_py"),
    (
        "returns",
        "session closes",
        "session closes",
        "session closes",
        "session closes",
        "last bar of each day",
    ),
    (
        "annual growth",
        "actual days / 365.25",
        "n / 252",
        "n / 252",
        "actual days / 365",
        "days / 365.25, and geometric with 252 or 365",
    ),
    (
        "Sharpe, numerator",
        "mean x A",
        "mean x 252",
        "mean x 252",
        "(1 + mean) ** 252 - 1",
        "geometric mean, compounded",
    ),
    (
        "Sharpe, denominator",
        "std x sqrt(A)",
        "std x sqrt(252)",
        "std x sqrt(252)",
        "std x sqrt(252)",
        "compounded variance",
    ),
    (
        "Sortino, denominator",
        "root mean square over all n",
        "over all n",
        "over all n",
        "std of the negative r around their mean",
        "over all n",
    ),
    (
        "drawdown",
        "every bar, above 0",
        "session closes, below 0",
        "session closes, below 0",
        "session closes, 3 decimals",
        "every bar, below 0",
    ),
    (
        "kurtosis",
        "raw and excess, population",
        "excess, population",
        "excess, unbiased",
        "excess, unbiased, where the raw one is meant",
        "not given",
    ),
    (
        "profit factor",
        "money of trades",
        "not given",
        "returns of sessions",
        "money of trades before fees",
        "returns of trades",
    ),
    (
        "win rate",
        "trades above 0 / trades",
        "not given",
        "sessions above 0 / sessions not 0",
        "trades above 0 / trades",
        "trades above 0 / trades",
    ),
    (
        "undefined",
        "null and reason",
        "null (NaN there)",
        "null, or 0 where the library says 0",
        "0 or 10, as LEAN says",
        "null (NaN there)",
    ),
)

_AFTER = """LEAN cannot run beside us (no .NET): its reference values are recomputed by a transcription of the
published C# into loops (`bench/lean_reference.py`, `bench/lean_trade_reference.py`) that shares nothing with the
product.

## What cannot be matched
"""


def page() -> str:
    """Return the whole page."""
    parts = [_HEAD, "## Default\n"]
    for subject, definitions in default.SUBJECTS.items():
        parts.append(f"### {subject}\n\n{_table(definitions)}\n")
    parts += ["## How the conventions differ\n", _rows(_DIFFERENCES) + "\n", _AFTER]
    modules = {
        "empyrical": empyrical,
        "quantstats": quantstats,
        "lean": lean,
        "backtesting_py": backtesting_py,
    }
    parts.append(_reasons({name: module.UNMATCHED for name, module in modules.items()}))
    for name, module in modules.items():
        parts.append(f"## Convention {name}\n\n{_table(module.DEFINITIONS)}\n")
    return "\n".join(parts)


def _table(definitions: tuple[Definition, ...]) -> str:
    head = (("metric", "unit", "definition", "source"),)
    cells = [(f"`{d.name}`", d.unit, _cell(d.formula), _cell(d.source)) for d in definitions]
    return _rows((*head, *cells))


def _rows(rows: tuple[tuple[str, ...], ...]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def _cell(text: str) -> str:
    """Keep a text inside one cell: bars end cells, double stars would be bold."""
    return text.replace("|", "\\|").replace("**", "\\*\\*").replace("_", "\\_")


def _reasons(unmatched: Mapping[str, Mapping[str, str]]) -> str:
    lines = [
        f"- {name}, `{figure}`: {_cell(reason)}."
        for name, reasons in unmatched.items()
        for figure, reason in reasons.items()
    ]
    return "\n".join([*lines, "- backtesting\\_py: nothing; all 32 statistics are given.", ""])
