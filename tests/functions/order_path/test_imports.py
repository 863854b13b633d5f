"""What the order path loads at its cold start, and what it costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FORBIDDEN = (
    "alpaca", "boto3", "httpx", "numpy", "pandas", "pyarrow", "pydantic", "pydantic_settings", "requests", "sagemaker",
    "websockets", "yaml",
)  # fmt: skip
ENVIRONMENT = {
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "PYTHONPATH": f"{ROOT / 'layers/quantumzero/python'}:{ROOT}",
    "ACCOUNT": "main",
    "TABLE_LEDGER": "ledger",
    "TABLE_BARS": "bars",
    "TABLE_DECISIONS": "decisions",
    "TABLE_LEASES": "leases",
    "SECRET_BROKER": "broker",
    "BROKER_URL": "http://127.0.0.1:9",
    "POWERTOOLS_SERVICE_NAME": "order_path",
    "POWERTOOLS_METRICS_NAMESPACE": "QuantumZero",
}


def load(function: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    script = (
        f"import sys; import functions.{function}.handler; "
        f"print(*[name for name in {FORBIDDEN!r} if name in sys.modules])"
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


@pytest.mark.parametrize("function", ["check_risk", "place_order", "sweep_orders"])
def test_the_handler_loads_nothing_heavy_and_asks_nobody(function: str) -> None:
    answer = load(function, ENVIRONMENT)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == ""


@pytest.mark.parametrize("function", ["check_risk", "place_order", "sweep_orders"])
def test_a_missing_setting_stops_the_cold_start_by_its_name(function: str) -> None:
    environment = {name: value for name, value in ENVIRONMENT.items() if name != "TABLE_LEDGER"}
    answer = load(function, environment)
    assert answer.returncode != 0
    assert "TABLE_LEDGER" in answer.stderr
