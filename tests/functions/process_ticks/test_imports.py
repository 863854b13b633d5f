"""What the function loads at its cold start: nothing that costs more than it is worth."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FORBIDDEN = (
    "alpaca", "aws_lambda_powertools.utilities.batch", "aws_lambda_powertools.utilities.parser", "boto3", "numpy",
    "pandas", "pyarrow", "pydantic", "pydantic_settings", "requests", "sagemaker", "yaml",
)  # fmt: skip
ENVIRONMENT = {
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "PYTHONPATH": f"{ROOT / 'layers/quantumzero/python'}:{ROOT}",
    "TABLE_BARS": "bars",
    "BUCKET_LAKE": "lake",
    "SYMBOLS": "AAPL",
    "POWERTOOLS_SERVICE_NAME": "process_ticks",
    "POWERTOOLS_METRICS_NAMESPACE": "QuantumZero",
}


def test_the_handler_loads_nothing_heavy() -> None:
    script = (
        "import sys; import functions.process_ticks.handler; "
        f"print(*[name for name in {FORBIDDEN!r} if name in sys.modules])"
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
