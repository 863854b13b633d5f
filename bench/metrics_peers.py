"""Our figures beside those of the libraries whose conventions they follow, on three real series, to 1e-8.

Run: PYTHONPATH=layers/quantumzero/python .venv-bench/bin/python -m bench.metrics_peers
Exit code 1: a figure differs by more than 1e-8 (relative, above 1; else absolute). The figures of the libraries that
no convention gives are listed with the reason.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.peer_series import Series
    from quantumzero.research.result import Metric

ROOT = Path(__file__).resolve().parents[1]
TOLERANCE = 1e-8
ENGINE = "engine"
"""The name under which whole runs of our engine stand: preset and convention backtesting_py."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of one convention on one series; None: undefined (the library: NaN or infinite)."""

    convention: str
    series: str
    name: str
    ours: float | None
    theirs: float | None

    @property
    def difference(self) -> float:
        """Return the distance, relative when their figure is above 1; infinite when one is undefined."""
        if self.ours is None or self.theirs is None:
            return 0.0 if self.ours is self.theirs else math.inf
        return abs(self.ours - self.theirs) / max(1.0, abs(self.theirs))

    @property
    def agrees(self) -> bool:
        """Say whether the two are the same figure."""
        return self.difference <= TOLERANCE


def pair(
    convention: str, series: str, ours: Mapping[str, Metric], theirs: Mapping[str, float]
) -> list[Compared]:
    """Put the figures side by side, by name; a name that one side lacks is undefined there."""
    names = [*ours, *(name for name in theirs if name not in ours)]
    return [
        Compared(
            convention,
            series,
            name,
            ours[name].value if name in ours else None,
            theirs[name] if math.isfinite(theirs.get(name, math.nan)) else None,
        )
        for name in names
    ]


def compare_series(series: Series) -> list[Compared]:
    """Compare the four conventions on one series."""
    from bench import metrics_libraries as libraries
    from bench import peer_series as peers
    from quantumzero.research.metrics import CONVENTIONS, compute_metrics

    stats = peers.run_backtesting(series)
    trades, (held, market) = peers.peer_trades(series, stats), peers.held_curves(series)
    equity, close = peers.peer_curves(series, stats)
    names = {key: [one.name for one in definitions] for key, definitions in CONVENTIONS.items()}

    def ours(convention: str, curves: Any, benchmark: Any) -> dict[str, Metric]:
        return compute_metrics(
            curves,
            trades,
            peers.no_charges(),
            cash=peers.CASH,
            sessions_per_year=252.0,
            benchmark=benchmark,
            risk_free=series.risk_free,
            minimum_acceptable_return=series.minimum,
            convention=convention,
            warmup_bars=peers.SLOW - 1,
        )

    theirs = {
        "empyrical": libraries.empyrical_figures(series, names["empyrical"]),
        "quantstats": libraries.quantstats_figures(series, names["quantstats"]),
        "lean": libraries.lean_figures(series, held, trades),
        "backtesting_py": libraries.backtesting_figures(stats),
    }
    rows = []
    for convention, figures in theirs.items():
        own = convention == "backtesting_py"
        measured = ours(convention, equity if own else held, close if own else market)
        rows += pair(convention, series.name, measured, figures)
    return rows + compare_runs(series, stats, theirs["backtesting_py"])


def compare_runs(series: Series, stats: Any, theirs: Mapping[str, float]) -> list[Compared]:
    """Compare a whole run of our engine with backtesting.py's: its statistics, and its list of trades."""
    from bench import engine_statistics as engine

    result = engine.run(series)
    rows = pair(ENGINE, series.name, result.metrics, theirs)
    apart = engine.trade_differences(result, stats)
    return rows + [
        Compared(ENGINE, series.name, f"trades, largest difference of {name}", value, 0.0)
        for name, value in apart.items()
    ]


def unmatched() -> dict[str, dict[str, str]]:
    """Return by convention the figures of the library that it does not give, with the reason."""
    package = "quantumzero.research.metrics.conventions"
    return {
        name: dict(import_module(f"{package}.{name}").UNMATCHED)
        for name in ("empyrical", "quantstats", "lean", "backtesting_py")
    }


def table(rows: list[Compared]) -> str:
    """Return the comparison as aligned text."""
    lines = []
    for row in rows:
        ours, theirs = (
            "undefined" if value is None else f"{value:.12g}" for value in (row.ours, row.theirs)
        )
        verdict = "" if row.agrees else "  DIFFERS"
        lines.append(
            f"{row.convention:15}{row.series:15}{row.name:38}{ours:>22}{theirs:>22}"
            f"{row.difference:>10.1e}{verdict}"
        )
    head = f"{'convention':15}{'series':15}{'metric':38}{'ours':>22}{'theirs':>22}{'differ':>10}"
    return "\n".join([head, *lines])


def summary(rows: list[Compared]) -> dict[str, Any]:
    """Count by convention what was compared, what agrees, and the largest difference that agrees."""
    found: dict[str, Any] = {"tolerance": TOLERANCE, "conventions": {}}
    for convention in dict.fromkeys(row.convention for row in rows):
        mine = [row for row in rows if row.convention == convention]
        agreeing = [row.difference for row in mine if row.agrees]
        found["conventions"][convention] = {
            "metrics": len({row.name for row in mine}),
            "compared": len(mine),
            "agree": len(agreeing),
            "largest_difference": max(agreeing, default=0.0),
            "differ": [asdict(row) for row in mine if not row.agrees],
            "unmatched": unmatched().get(convention, {}),
        }
    return found


def main() -> dict[str, Any]:
    """Run the comparison in .venv-bench and return its summary."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "layers/quantumzero/python")}
    done = subprocess.run(
        [str(ROOT / ".venv-bench/bin/python"), "-m", "bench.metrics_peers", "--json"],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 1) or not done.stdout:
        raise RuntimeError(f"the comparison did not run:\n{done.stderr.strip()[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run(arguments: list[str]) -> int:
    """Compare and print; 1 when a figure differs."""
    from bench.peer_series import load

    rows = [row for series in load() for row in compare_series(series)]
    if "--json" in arguments:
        print(json.dumps(summary(rows)))
    else:
        print(table(rows))
        print("\nFigures of the libraries that no convention gives:")
        for convention, reasons in unmatched().items():
            for name, reason in reasons.items():
                print(f"  {convention}: {name}: {reason}")
        agree = sum(row.agrees for row in rows)
        print(f"\n{agree} of {len(rows)} figures agree to {TOLERANCE:g}")
    return 0 if all(row.agrees for row in rows) else 1


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
