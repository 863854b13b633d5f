"""Every function that TA-Lib has equals TA-Lib's on real bars, from where both have begun alike."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_function_differs_from_ta_lib() -> None:
    interpreter = ROOT / ".venv-bench/bin/python"
    assert interpreter.exists(), f"{interpreter} is missing; `make bench-test` makes it"
    done = subprocess.run(
        [str(interpreter), "-m", "bench.functions_peers"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "layers/quantumzero/python")},
        check=False,
        capture_output=True,
        text=True,
    )
    lines = re.findall(r"^(?:AAPL|IBM) .+? (agrees|DIFFERS) ", done.stdout, re.MULTILINE)
    assert lines == ["agrees"] * 88, done.stderr[-2000:]
    assert done.returncode == 0
