"""Every store of strategies, decisions and models that the contract suites run on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from moto import mock_aws

from quantumzero.adapters.aws.decisions import DynamoDecisions
from quantumzero.adapters.aws.models import DynamoModelRegistry
from quantumzero.adapters.aws.strategies import DynamoStrategies
from tests.fakes.held_decisions import HeldDecisions
from tests.fakes.held_models import HeldModels
from tests.fakes.held_strategies import HeldStrategies
from tests.fakes.manual_clock import ManualClock
from tests.fakes.strategy_tables import create_strategy_tables

if TYPE_CHECKING:
    from collections.abc import Iterator


class ApprovingRegistry(DynamoModelRegistry):
    """The registry with the approval that another part of the platform makes."""

    def approve(self, name: str, text: str, sha256: str) -> None:
        item = {"pk": {"S": f"M#{name}"}, "sk": {"S": "CHAMPION"}}
        item |= {"model": {"S": text}, "sha256": {"S": sha256}}
        self._dynamodb.put_item(TableName=self._table, Item=item)


@dataclass
class Stores:
    """The three stores of one kind."""

    strategies: Any
    decisions: Any
    models: Any


@pytest.fixture(params=["memory", "dynamodb"])
def stores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    if request.param == "memory":
        yield Stores(HeldStrategies(), HeldDecisions(), HeldModels())
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        session = botocore.session.get_session()
        client = session.create_client("dynamodb", region_name="eu-central-1")
        create_strategy_tables(client)
        yield Stores(
            DynamoStrategies(client, "strategies"),
            DynamoDecisions(
                client,
                table_strategies="strategies",
                table_decisions="decisions",
                machine=ManualClock(),
            ),
            ApprovingRegistry(client, "strategies"),
        )
