"""Backtests side by side: ours, raptorbt, vectorbt, backtesting.py, in one run with the same outputs.

Every measurement is a fresh process of .venv-bench; the engines take turns in each round. Medians of at least 5 rounds
(of the medians of repeated calls, for the short works), peak memory of the child. Where an engine would take minutes it
does a part of the sweep and the whole is estimated, which the figure says.

Run: python -m bench.backtests [--smoke]   (one round, small: shows that it works, measures nothing)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.backtest_agreement import single_agreement, sweep_agreement
from bench.backtest_data import PANEL_DAYS, PANEL_SIZE, YEAR_OF_MINUTES, Bars, minutes, panel

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".venv-bench/bin/python"
SWEEP_PARTS = {"own": 1000, "raptorbt": 1000, "vectorbt": 50, "backtesting": 3}
GROWTH_BARS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
GROWTH_INSTRUMENTS = (1, 10, 100, 500)
GOALS = {
    "single_to_raptorbt": 2.0,
    "single_to_backtesting": 100.0,
    "sweep_to_raptorbt": 5.0,
    "sweep_megabytes": 150.0,
    "panel_to_raptorbt": 1.0,
    "panel_to_vectorbt": 1.0,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    rounds: int = 5
    repeats: int = 7
    bars: int = YEAR_OF_MINUTES
    instruments: int = PANEL_SIZE
    parts: tuple[tuple[str, int], ...] = tuple(SWEEP_PARTS.items())
    growth_bars: tuple[int, ...] = GROWTH_BARS
    growth_instruments: tuple[int, ...] = GROWTH_INSTRUMENTS


FULL = Plan()
SMOKE = Plan(1, 2, 20_000, 20, (("own", 20), ("raptorbt", 20)), (10_000, 20_000), (1, 10))


def child(work: str, engine: str, data: Path, repeats: int, count: int) -> dict[str, Any]:
    """Run one engine once in a fresh process and return what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "layers/quantumzero/python")}
    done = subprocess.run(
        [
            str(PYTHON),
            "-m",
            "bench.backtest_child",
            work,
            engine,
            str(data),
            str(repeats),
            str(count),
        ],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{engine} did not finish {work}:\n{done.stderr.strip()[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def compare(
    work: str, engines: dict[str, int], data: Path, rounds: int, repeats: dict[str, int]
) -> dict[str, dict[str, Any]]:
    """Let the engines take turns; return medians, spread, memory and outputs of each."""
    runs: dict[str, list[dict[str, Any]]] = {engine: [] for engine in engines}
    for _ in range(rounds):
        for engine, count in engines.items():
            runs[engine].append(child(work, engine, data, repeats.get(engine, 1), count))
    found = {}
    for engine, done in runs.items():
        seconds = [median(one["seconds"]) for one in done]
        found[engine] = {
            "milliseconds": median(seconds) * 1e3,
            "least_milliseconds": min(seconds) * 1e3,
            "most_milliseconds": max(seconds) * 1e3,
            "cpu_milliseconds": median(median(one["cpu_seconds"]) for one in done) * 1e3,
            "megabytes": max(one["megabytes"] for one in done),
            "rounds": len(done),
            "outputs": done[-1]["outputs"],
        }
    return found


def single(plan: Plan, folder: Path) -> dict[str, Any]:
    """One backtest of a year of minutes, from float prices to the full result."""
    data = folder / "minutes.npz"
    often = {"own": plan.repeats, "raptorbt": plan.repeats, "vectorbt": plan.repeats}
    engines = dict.fromkeys(("own", "raptorbt", "vectorbt", "backtesting"), 0)
    found: dict[str, Any] = compare("single", engines, data, plan.rounds, often)
    read = compare("single_of_history", {"own": 0}, data, plan.rounds, often)
    return {
        "bars": plan.bars,
        "engines": found,
        "own_of_read_bars": read["own"],
        "distance": {
            name: single_agreement(found["own"]["outputs"], found[name]["outputs"])
            for name in engines
            if name != "own"
        },
    }


def sweep(plan: Plan, folder: Path) -> dict[str, Any]:
    """All pairs on the year of minutes; an engine that did a part is scaled to the whole."""
    data = folder / "minutes.npz"
    parts = dict(plan.parts)
    whole = parts["own"]
    found: dict[str, Any] = compare("sweep", parts, data, plan.rounds, {})
    for engine, count in parts.items():
        found[engine]["pairs_run"] = count
        found[engine]["estimated"] = count < whole
        found[engine]["milliseconds_for_all"] = found[engine]["milliseconds"] * whole / count
    agreement = sweep_agreement(
        Bars.load(data), found["own"]["outputs"], found["raptorbt"]["outputs"], whole
    )
    for engine in parts:  # a thousand numbers each say nothing in a table
        found[engine]["outputs"] = {"sum_of_final": sum(found[engine]["outputs"]["final"])}
    return {"pairs": whole, "engines": found, "agreement": agreement}


def panels(plan: Plan, folder: Path) -> dict[str, Any]:
    """Ten years of daily bars of many instruments: ours of shared cash, the peers one account each."""
    data = folder / "panel.npz"
    often = {"own": 3, "raptorbt": 3, "vectorbt": 3}
    engines = dict.fromkeys(("own", "raptorbt", "vectorbt"), 0)
    found: dict[str, Any] = compare("panel", engines, data, plan.rounds, often)
    read = compare("panel_of_history", {"own": 0}, data, plan.rounds, often)
    return {
        "instruments": plan.instruments,
        "days": PANEL_DAYS,
        "engines": found,
        "own_of_read_bars": read["own"],
    }


def growth(plan: Plan, folder: Path) -> dict[str, Any]:
    """Our own time as bars and instruments grow."""
    bars, instruments = {}, {}
    data = folder / "growing.npz"
    for count in plan.growth_bars:
        minutes(count).save(data)
        bars[str(count)] = compare("single", {"own": 0}, data, plan.rounds, {"own": 3})["own"]
    for count in plan.growth_instruments:
        panel(count).save(data)
        instruments[str(count)] = compare("panel", {"own": 0}, data, plan.rounds, {"own": 3})["own"]
    return {"bars": bars, "instruments": instruments}


def main(plan: Plan = FULL) -> dict[str, Any]:
    """Measure everything and return the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        minutes(plan.bars).save(folder / "minutes.npz")
        panel(plan.instruments).save(folder / "panel.npz")
        return {
            "goals": GOALS,
            "rounds": plan.rounds,
            "single": single(plan, folder),
            "sweep": sweep(plan, folder),
            "panel": panels(plan, folder),
            "growth": growth(plan, folder),
        }


if __name__ == "__main__":
    json.dump(main(SMOKE if "--smoke" in sys.argv[1:] else FULL), sys.stdout, indent=2)
    print()
