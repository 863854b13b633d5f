"""Every store of backtests that the contract suite runs on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore.config import Config
from moto import mock_aws

from quantumzero.adapters.aws.backtest_results import BucketBacktestResults
from quantumzero.adapters.aws.backtests import DynamoBacktestRuns
from quantumzero.domain.backtests import BacktestRun, BacktestSettings, RunStatus
from tests.fakes.held_backtests import HeldBacktestResults, HeldBacktestRuns
from tests.fakes.strategy_tables import create_table

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@dataclass
class Stores:
    """Runs and results of one kind."""

    runs: Any
    results: Any


@pytest.fixture(params=["memory", "aws"])
def stores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    if request.param == "memory":
        yield Stores(HeldBacktestRuns(), HeldBacktestResults())
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        session = botocore.session.get_session()
        dynamodb = session.create_client("dynamodb", region_name="eu-central-1")
        create_table(dynamodb, "backtests", "by_time", ("bucket", "sort"))
        s3 = session.create_client(
            "s3", region_name="eu-central-1", config=Config(signature_version="s3v4")
        )
        s3.create_bucket(
            Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        yield Stores(
            DynamoBacktestRuns(dynamodb, "backtests"), BucketBacktestResults(lambda: s3, "lake")
        )


def asked(name: str = "a", *, minutes: int = 0, **changes: Any) -> BacktestRun:
    """Return a run as it is when somebody has just asked for it."""
    settings = BacktestSettings(
        strategy="sma-cross",
        version=3,
        document="strategy: sma-cross",
        symbols=("AAPL", "IBM"),
        first=datetime(2005, 1, 3, tzinfo=UTC).date(),
        last=None,
        parameters={"fast": "10"},
        cash=Decimal("100000.50"),
    )
    at = NOW + timedelta(minutes=minutes)
    fields: dict[str, Any] = {
        "id": name,
        "settings": settings,
        "status": RunStatus.QUEUED,
        "requested_at": at,
        "requested_by": "ada",
        "changed_at": at,
    }
    return BacktestRun(**{**fields, **changes})
