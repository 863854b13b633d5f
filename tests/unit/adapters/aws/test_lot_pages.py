"""Fills are read from small notes and pages, packed by whoever reads; the events of the orders remain the truth."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from moto import mock_aws

from quantumzero.adapters.aws import ledger_fills
from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.adapters.aws.ledger_table import item_of
from quantumzero.domain.risk.account_risk import default_limits
from quantumzero.ports.ledger import AccountPicture
from tests.contract.ledger.test_ledger import apply, intend
from tests.fakes.ledger_table import create_ledger_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quantumzero.domain.lots.events import AccountEvent

PAGE = 3
FILLS = "A#main#fills"


class CountedLedger(DynamoLedger):
    """Counts how often the events of all orders were read."""

    scans = 0

    def every_fill(self) -> Any:
        self.scans += 1
        return super().every_fill()


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Iterator[CountedLedger]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(ledger_fills, "PAGE", PAGE)
    with mock_aws():
        session = botocore.session.get_session()
        session.set_credentials("testing", "testing")
        client = session.create_client("dynamodb", region_name="eu-central-1")
        create_ledger_table(client, "ledger")
        made = CountedLedger(client, table="ledger", account="main")
        cash = Decimal(1000)
        made.initialise(AccountPicture(cash, 1, ()), default_limits(cash), session=date(2005, 3, 1))
        yield made


def filled(ledger: DynamoLedger, count: int) -> None:
    for index in range(count):
        intend(ledger, f"qz1-{index:03}", 1, None)
        apply(ledger, f"qz1-{index:03}", 1, "filled")


def items(ledger: DynamoLedger, prefix: str) -> list[dict[str, Any]]:
    found = ledger.query(
        KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues={":pk": {"S": FILLS}, ":prefix": {"S": prefix}},
    )
    return list(found)


def keys(ledger: DynamoLedger, prefix: str) -> list[str]:
    return [each["sk"] for each in items(ledger, prefix)]


def lose(ledger: DynamoLedger, key: str) -> None:
    ledger.call("delete_item", Key={"pk": {"S": FILLS}, "sk": {"S": key}})


def by_name(events: Sequence[AccountEvent]) -> list[AccountEvent]:
    return sorted(events, key=lambda each: each.id)


def test_a_fill_is_read_from_its_note_and_no_event_is_read(ledger: CountedLedger) -> None:
    filled(ledger, 2)
    assert [each.id for each in by_name(ledger.account_events())] == [
        "qz1-000#2",
        "qz1-001#2",
    ]
    assert (ledger.scans, keys(ledger, "J#"), len(keys(ledger, "F#"))) == (0, [], 2)


def test_a_page_full_of_notes_is_packed_and_says_the_same(ledger: CountedLedger) -> None:
    filled(ledger, PAGE + 2)
    before = by_name(ledger.account_events())
    assert keys(ledger, "J#") == ["J#qz1-000#00000002"]
    assert keys(ledger, "F#") == [f"F#qz1-{PAGE + index:03}#00000002" for index in range(2)]
    assert by_name(ledger.account_events()) == before
    assert len(before) == PAGE + 2
    assert ledger.scans == 0


def test_fills_of_a_release_without_notes_are_found_and_packed_once(ledger: CountedLedger) -> None:
    filled(ledger, 2)
    expected = by_name(ledger.account_events())
    lose(ledger, keys(ledger, "F#")[1])
    assert by_name(ledger.account_events()) == expected
    assert (ledger.scans, len(keys(ledger, "J#")), keys(ledger, "F#")) == (1, 1, [])
    assert by_name(ledger.account_events()) == expected
    assert ledger.scans == 1


def test_a_fill_that_is_found_twice_counts_once(ledger: CountedLedger) -> None:
    filled(ledger, PAGE)
    notes = items(ledger, "F#")
    expected = by_name(ledger.account_events())
    ledger.call("put_item", Item=item_of(notes[0]))
    assert by_name(ledger.account_events()) == expected
    assert ledger.scans == 0


def test_a_page_that_is_lost_is_made_anew_from_the_events(ledger: CountedLedger) -> None:
    filled(ledger, PAGE)
    expected = by_name(ledger.account_events())
    (page,) = keys(ledger, "J#")
    lose(ledger, page)
    assert by_name(ledger.account_events()) == expected
    assert (ledger.scans, keys(ledger, "J#")) == (1, [page])
