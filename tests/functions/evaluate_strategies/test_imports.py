"""What the functions load at their cold start: nothing that costs more than it is worth."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
HEAVY = (
    "alpaca", "aws_lambda_powertools.utilities.batch", "boto3", "numpy", "pandas", "pyarrow",
    "pydantic", "pydantic_settings", "requests", "sagemaker",
)  # fmt: skip
ENVIRONMENT = {
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "PYTHONPATH": f"{ROOT / 'layers/quantumzero/python'}:{ROOT}",
    "ACCOUNT": "main",
    "TABLE_BARS": "bars",
    "TABLE_STRATEGIES": "strategies",
    "TABLE_DECISIONS": "decisions",
    "TABLE_LEDGER": "ledger",
    "STATE_MACHINE_TRADE_CYCLE": "arn:aws:states:eu-central-1:123456789012:stateMachine:any",
    "POWERTOOLS_SERVICE_NAME": "test",
    "POWERTOOLS_METRICS_NAMESPACE": "QuantumZero",
}


@pytest.mark.parametrize(
    ("function", "more"), [("evaluate_strategies", ()), ("infer_signal", ("yaml",))]
)
def test_the_handler_loads_nothing_heavy(function, more):
    heavy = (*HEAVY, *more)
    script = (
        f"import sys; import functions.{function}.handler; "
        f"print(*[name for name in {heavy!r} if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert answer.stdout.strip() == ""
