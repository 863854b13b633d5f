"""What a hot-path function loads at its cold start: nothing that costs more than it is worth, and it asks nobody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOT_PATH = ("process_ticks", "evaluate_strategies", "infer_signal", "check_risk", "place_order")
GUARANTEE = ("sweep_orders", "carry_out_requests")
HEAVY = (
    "alpaca", "aws_lambda_powertools.utilities.batch", "aws_lambda_powertools.utilities.parser", "boto3", "httpx",
    "numpy", "pandas", "pyarrow", "pydantic", "pydantic_settings", "requests", "sagemaker", "websockets",
)  # fmt: skip
NEEDS_NO_DOCUMENT = ("process_ticks", "infer_signal", "check_risk", "place_order", "sweep_orders")
ENVIRONMENT = {
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "PYTHONPATH": f"{ROOT / 'layers/quantumzero/python'}:{ROOT}",
    "ACCOUNT": "main",
    "SYMBOLS": "AAPL",
    "TABLE_LEDGER": "ledger",
    "TABLE_BARS": "bars",
    "TABLE_STRATEGIES": "strategies",
    "TABLE_DECISIONS": "decisions",
    "TABLE_LEASES": "leases",
    "BUCKET_LAKE": "lake",
    "SECRET_BROKER": "broker",
    "BROKER_URL": "http://127.0.0.1:9",
    "QUOTES": "alpaca",
    "MARKET_DATA_URL": "http://127.0.0.1:9",
    "STATE_MACHINE_TRADE_CYCLE": "arn:aws:states:eu-central-1:123456789012:stateMachine:any",
    "POWERTOOLS_SERVICE_NAME": "test",
    "POWERTOOLS_METRICS_NAMESPACE": "QuantumZero",
}
NEEDED = {
    "process_ticks": "TABLE_BARS",
    "evaluate_strategies": "TABLE_STRATEGIES",
    "infer_signal": "TABLE_DECISIONS",
    "check_risk": "TABLE_LEDGER",
    "place_order": "TABLE_LEDGER",
    "sweep_orders": "TABLE_LEDGER",
    "carry_out_requests": "TABLE_LEDGER",
}


def load(function: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    forbidden = (*HEAVY, *(("yaml",) if function in NEEDS_NO_DOCUMENT else ()))
    script = (
        f"import sys; import functions.{function}.handler; "
        f"print(*[name for name in {forbidden!r} if name in sys.modules])"
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


@pytest.mark.parametrize("function", [*HOT_PATH, *GUARANTEE])
def test_the_handler_loads_nothing_heavy_and_asks_nobody(function: str) -> None:
    answer = load(function, ENVIRONMENT)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == ""


@pytest.mark.parametrize("module", ["functions.end_backtest.handler", "quantumzero.bootstrap.api"])
def test_what_starts_and_ends_backtests_does_without_numpy(module: str) -> None:
    script = f"import sys; import {module}; print('numpy' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", script],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert answer.stdout.strip() == "False"


@pytest.mark.parametrize("function", [*HOT_PATH, *GUARANTEE])
def test_a_missing_setting_stops_the_cold_start_by_its_name(function: str) -> None:
    missing = NEEDED[function]
    answer = load(function, {name: v for name, v in ENVIRONMENT.items() if name != missing})
    assert answer.returncode != 0
    assert missing in answer.stderr
