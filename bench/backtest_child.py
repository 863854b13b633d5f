"""One engine on one workload in a fresh process: prints seconds, CPU, memory and outputs as JSON.

Run: PYTHONPATH=layers/quantumzero/python .venv-bench/bin/python -m bench.backtest_child WORK ENGINE DATA REPEATS PAIRS
Imports, reading the data and one small untimed call (which compiles what an engine compiles) come before the clock.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.backtest_data import Bars, pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    Work = Callable[[Any], Any]

SMALL = 2_000


def work_of(work: str, engine: str, count: int) -> Work:
    """Return the function that does the work in the engine, on what source_of returns."""
    if engine == "own":
        own = import_module("bench.backtest_own")
        if work == "sweep":
            return lambda bars: own.sweep_pairs(bars, pairs(count))
        chosen: Work = getattr(own, work)
        return chosen
    peers = import_module("bench.backtest_peers")
    function: Work = getattr(peers, f"{engine}_{work}")
    if work == "sweep":
        return lambda bars: getattr(peers, f"{engine}_sweep")(bars, pairs(count))
    return function


def source_of(work: str, engine: str, bars: Bars) -> Any:
    """Return the bars in the form that the engine's user has them in; making it is not timed."""
    if engine == "own":
        return import_module("bench.backtest_own").source(work, bars)
    return bars.frame() if engine == "backtesting" else bars


def beginning(bars: Bars, rows: int) -> Bars:
    """Return the first rows of at most three instruments."""
    fields = {name: getattr(bars, name)[:3, :rows] for name in Bars.__slots__ if name != "time"}
    return Bars(bars.time[:rows], **fields)


def megabytes() -> float:
    """Return the most memory this process ever held."""
    # Not ru_maxrss: that of a child begins with what its parent held when it was started.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]
    return int(kilobytes) / 1024.0


def measure(run: Callable[[Any], Any], source: Any, repeats: int) -> dict[str, Any]:
    """Time the work; the outputs are those of the last call."""
    seconds, processor, outputs = [], [], None
    for _ in range(repeats):
        gc.collect()
        begun, used = time.perf_counter(), time.process_time()
        outputs = run(source)
        seconds.append(time.perf_counter() - begun)
        processor.append(time.process_time() - used)
    return {"seconds": seconds, "cpu_seconds": processor, "outputs": outputs}


def main(arguments: list[str]) -> int:
    """Do the work; see the module."""
    work, engine, path, repeats, count = arguments
    bars = Bars.load(Path(path))
    run, source = work_of(work, engine, int(count)), source_of(work, engine, bars)
    work_of(work, engine, 2)(source_of(work, engine, beginning(bars, SMALL)))
    before = megabytes()
    found = measure(run, source, int(repeats))
    print(json.dumps({**found, "megabytes_before": before, "megabytes": megabytes()}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
