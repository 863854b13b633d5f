"""Events that the release before wrote, item by item as they stand in its tables, give the same lots."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from moto import mock_aws

from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.domain.lots.account_lots import build_lots
from quantumzero.domain.lots.events import SplitApplied, Trade
from tests.fakes.ledger_table import create_ledger_table

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        made = botocore.session.get_session().create_client("dynamodb", region_name="eu-central-1")
        create_ledger_table(made, "ledger")
        yield made


def put(client: Any, sort: str, **values: str | Decimal) -> None:
    item = {
        name: {"N": str(value)} if isinstance(value, Decimal) else {"S": value}
        for name, value in {"pk": "A#main", "sk": sort, **values}.items()
    }
    client.put_item(TableName="ledger", Item=item)


def put_event(client: Any, order: str, version: int, at: str, side: str, **fill: str) -> None:
    """Put an event with the attributes that the release before wrote, and no others."""
    put(
        client,
        f"E#{order}#{version:08}",
        event="filled" if fill else "accepted",
        at=at,
        client_order_id=order,
        strategy="sma-cross",
        symbol="AAPL",
        side=side,
        quantity="100",
        from_state="SUBMITTING",
        state="FILLED" if fill else "ACCEPTED",
        version=Decimal(version),
        claim_id="c1",
        **fill,
    )


def test_its_fills_and_splits_are_placed_by_their_time(client: Any) -> None:
    put_event(client, "qz1-b", 3, "2005-02-01T21:00:00.000000Z", "buy")
    put_event(
        client, "qz1-b", 4, "2005-02-01T21:00:00.000000Z", "buy",
        fill_quantity="100", fill_cost="7000.0000",
    )  # fmt: skip
    put(
        client,
        "CA#AAPL#2005-02-28",
        new=Decimal(2),
        old=Decimal(1),
        applied_at="2005-02-28T14:00:00.000000Z",
    )
    put_event(
        client, "qz1-a", 4, "2005-03-01T21:00:00.000000Z", "sell",
        fill_quantity="150", fill_cost="6000",
    )  # fmt: skip
    ledger = DynamoLedger(client, table="ledger", account="main")
    events = ledger.account_events()
    assert {type(each) for each in events} == {Trade, SplitApplied}
    book = build_lots(events).books["AAPL"]
    assert (book.quantity, book.basis, book.realised) == (Decimal(50), Decimal(1750), Decimal(750))
    assert ledger.opened_on() is None
