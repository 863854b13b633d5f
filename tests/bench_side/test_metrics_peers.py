"""Every figure of the four conventions equals that of its library, to 1e-8, on three real series, and whole
runs of our engine under preset and convention backtesting_py give its statistics and trades."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def interpreter() -> Path:
    """The interpreter that has the libraries; `make bench-test` makes it."""
    path = ROOT / ".venv-bench/bin/python"
    assert path.exists(), f"{path} is missing; `make bench-test` makes it"
    return path


def test_no_figure_of_a_convention_differs_from_its_library(interpreter: Path) -> None:
    done = subprocess.run(
        [str(interpreter), "-m", "bench.metrics_peers", "--json"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "layers/quantumzero/python")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout, done.stderr[-2000:]
    found = json.loads(done.stdout)
    counted = {
        name: (part["metrics"], part["compared"]) for name, part in found["conventions"].items()
    }
    assert counted == {
        "empyrical": (31, 93),
        "quantstats": (52, 156),
        "lean": (62, 186),
        "backtesting_py": (32, 96),
        "engine": (40, 120),
    }
    assert [row for part in found["conventions"].values() for row in part["differ"]] == []
    assert done.returncode == 0
