"""`make bench`: every measurement, one table with goal and verdict, and bench/results.json.

A missed goal is said, never an error: the machine it runs on decides too. The load average stands beside the figures.

Run: python -m bench [ticks_throughput | import_times | local_cloud | metrics_peers | backtests |
live_step | parity | halt | lots | broker_faults ...]
"""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

from bench import (
    backtests,
    broker_faults,
    halt,
    import_times,
    live_step,
    local_cloud,
    lots,
    metrics_peers,
    parity,
    ticks_throughput,
)
from bench.report import rows, table

RESULTS = Path(__file__).resolve().parent / "results.json"
PARTS = {
    "ticks_throughput": ticks_throughput.main,
    "import_times": import_times.main,
    "local_cloud": local_cloud.main,
    "metrics_peers": metrics_peers.main,
    "backtests": backtests.main,
    "live_step": live_step.main,
    "parity": parity.main,
    "halt": halt.main,
    "lots": lots.main,
    "broker_faults": broker_faults.main,
}


def load() -> str:
    """Return the load averages of 1, 5 and 15 minutes."""
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


def main(wanted: list[str]) -> int:
    """Run the wanted parts, all when none is named; 2 when a name is none of them."""
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(f"there is no part {unknown[0]}; it may be {', '.join(PARTS)}", file=sys.stderr)
        return 2
    machine = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": load(),
    }
    results: dict[str, Any] = {"machine": machine}
    for name, part in PARTS.items():
        if not wanted or name in wanted:
            print(f"── {name} (load average {load()})", flush=True)
            results[name] = part()
    machine["load_after"] = load()
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    print(f"\n{table(rows(results))}")
    print(
        f"\nPython {machine['python']}, {machine['cores']} cores, load average "
        f"{machine['load_before']} before and {machine['load_after']} after; "
        f"all figures are in {RESULTS.relative_to(RESULTS.parents[1])}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
