"""CPU time that each hot-path function spends before its first event: imports and its DynamoDB client.

Each figure is the median of fresh processes, which load the handler as the deployed function does (the layer and the
function's own folder on the path, nothing else warmed), under the settings of a real deployment.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HOT_PATH = ("process_ticks", "evaluate_strategies", "infer_signal", "check_risk", "place_order")
GOAL_MILLISECONDS = 350
_SECRET = "arn:aws:secretsmanager:eu-central-1:111111111111:secret:broker"  # noqa: S105 - a name
_SETTINGS = {
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
    "ACCOUNT": "main",
    "BROKER_URL": "http://127.0.0.1:9",
    "BUCKET_LAKE": "lake",
    "BUS_NAME": "quantumzero",
    "MARKET_CLOCK": "data",
    "MARKET_DATA_URL": "http://127.0.0.1:9",
    "POWERTOOLS_METRICS_NAMESPACE": "QuantumZero",
    "POWERTOOLS_SERVICE_NAME": "bench",
    "SECRET_BROKER": _SECRET,
    "STAGE": "local",
    "STATE_MACHINE_TRADE_CYCLE": "arn:aws:states:eu-central-1:111111111111:stateMachine:trade_cycle",
    "STREAM_TICKS": "ticks",
    "SYMBOLS": "AAPL,GOOG,IBM,MSFT",
    "TABLE_BARS": "bars",
    "TABLE_DECISIONS": "decisions",
    "TABLE_LEASES": "leases",
    "TABLE_LEDGER": "ledger",
    "TABLE_STRATEGIES": "strategies",
    "TIMEFRAMES": "1d",
}
_PROGRAM = """
import json, time
began = time.process_time()
import handler
from quantumzero.bootstrap.aws import client
client("dynamodb")
print(json.dumps(time.process_time() - began))
"""


def measure(runs: int = 10) -> dict[str, Any]:
    """Return the milliseconds of each function, the slowest, and the goal."""
    samples: dict[str, list[float]] = {name: [] for name in HOT_PATH}
    for _ in range(runs):
        for name in HOT_PATH:  # in turn, so that a busy moment of the machine meets all of them
            samples[name].append(_cold_start_seconds(name))
    medians = {name: round(median(seconds) * 1000) for name, seconds in samples.items()}
    return {
        "milliseconds": medians,
        "slowest": max(medians.values()),
        "goal_milliseconds": GOAL_MILLISECONDS,
        "runs": runs,
    }


def _cold_start_seconds(function: str) -> float:
    folders = (ROOT / "functions" / function, ROOT / "layers/quantumzero/python")
    answer = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env=_SETTINGS | {"PYTHONPATH": ":".join(map(str, folders))},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise RuntimeError(
            f"{function} did not load; its last words were:\n{answer.stderr[-2000:]}"
        )
    seconds: float = json.loads(answer.stdout.splitlines()[-1])
    return seconds


def main() -> dict[str, Any]:
    """Measure, print, and return the figures."""
    figures = measure()
    print(f"import and DynamoDB client, CPU ms, median of {figures['runs']} fresh processes:")
    for name, milliseconds in figures["milliseconds"].items():
        print(f"  {name:<20} {milliseconds:>4} (goal {GOAL_MILLISECONDS})")
    return figures


if __name__ == "__main__":
    main()
