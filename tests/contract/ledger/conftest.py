"""Every ledger the contract suite runs on, opened with 1000 of cash."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import botocore.session
import pytest
from moto import mock_aws

from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.domain.risk.account_risk import default_limits
from quantumzero.ports.ledger import AccountPicture
from tests.fakes.ledger_table import create_ledger_table
from tests.fakes.memory_ledger import MemoryLedger

if TYPE_CHECKING:
    from collections.abc import Iterator

Ledger = MemoryLedger | DynamoLedger


@pytest.fixture(params=["memory", "dynamodb"])
def closed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """A ledger whose books are not open yet."""
    if request.param == "memory":
        yield MemoryLedger()
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        session = botocore.session.get_session()
        client = session.create_client("dynamodb", region_name="eu-central-1")
        create_ledger_table(client, "ledger")
        yield DynamoLedger(client, table="ledger", account="main")


@pytest.fixture
def ledger(closed: Ledger) -> Ledger:
    """A ledger with 1000 of cash and the default limits."""
    cash = Decimal(1000)
    closed.initialise(AccountPicture(cash, 1, ()), default_limits(cash), session=date(2005, 3, 1))
    return closed
