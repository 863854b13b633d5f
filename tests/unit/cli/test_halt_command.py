"""`qz halt` on a table alone: one write, and what it says of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from moto import mock_aws

from cli.deployed_place import Place
from cli.halt_command import halt
from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.domain.errors import NotFoundError, RefusedError
from quantumzero.domain.risk.account_risk import TradingState, default_limits
from quantumzero.ports.ledger import AccountPicture
from tests.fakes.ledger_table import create_ledger_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REGION = "eu-central-1"
CASH = Decimal(100000)
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoLedger]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = botocore.session.get_session().create_client("dynamodb", region_name=REGION)
        create_ledger_table(client, "ledger")
        made = DynamoLedger(client, table="ledger", account="main")
        made.initialise(
            AccountPicture(CASH, 1, ()), default_limits(CASH), session=date(2026, 11, 23)
        )
        yield made


def run(reason: str = "the feed is wrong", **options: Any) -> None:
    halt(reason, **{"table": "ledger", "region": REGION, **options})


def test_one_write_stops_everything(
    ledger: DynamoLedger, capsys: pytest.CaptureFixture[str]
) -> None:
    before = ledger.risk().epoch
    run()
    risk = ledger.risk()
    assert (risk.state, risk.reason, risk.epoch) == (
        TradingState.HALTED,
        "the feed is wrong",
        before + 1,
    )
    assert risk.changed_by is not None
    assert risk.changed_by.endswith("(qz halt)")
    assert risk.since is not None
    said = capsys.readouterr().out
    assert "it was ACTIVE; it is HALTED by" in said
    assert "nothing new is sent from now on" in said
    assert "at most 10 seconds" in said


def test_a_second_halt_is_success_and_stops_a_resume_that_read_before_it(
    ledger: DynamoLedger, capsys: pytest.CaptureFixture[str]
) -> None:
    run("first")
    read = ledger.risk()
    run("second")
    assert ledger.risk().epoch == read.epoch + 1
    said = " ".join(capsys.readouterr().out.split())
    assert "it was HALTED by" in said
    assert "(qz halt): first" in said


def test_an_item_that_this_release_cannot_read_is_halted_all_the_same(
    ledger: DynamoLedger,
) -> None:
    key = {"pk": {"S": "A#main"}, "sk": {"S": "RISK"}}
    client = botocore.session.get_session().create_client("dynamodb", region_name=REGION)
    client.put_item(TableName="ledger", Item={**key, "state": {"S": "ACTIVE"}})
    run()
    item = client.get_item(TableName="ledger", Key=key)["Item"]
    assert (item["state"]["S"], item["epoch"]["N"]) == ("HALTED", "1")


def test_without_books_it_says_that_nothing_trades(ledger: DynamoLedger) -> None:
    with pytest.raises(RefusedError, match="no books of account 'other'"):
        run(account="other")


def test_without_the_table_it_says_that_nothing_was_halted(ledger: DynamoLedger) -> None:
    with pytest.raises(RefusedError, match=r"NOT halted: .* the broker's own page"):
        run(table="absent")


def test_resuming_is_refused_until_ledger_and_broker_agree(
    ledger: DynamoLedger, capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    with pytest.raises(RefusedError, match="comparison with the broker has not run yet"):
        run("looked at it", resume=True)
    ledger.record_reconcile(clean=True, at=NOW, market_time=NOW)
    run("looked at it", resume=True)
    assert ledger.risk().state is TradingState.ACTIVE
    assert "is ACTIVE: Trading" in " ".join(capsys.readouterr().out.split())


class Announcing:
    """CloudFormation as far as it is asked: every page of the described stacks."""

    def __init__(self, *stages: str) -> None:
        self._stages = stages

    def get_paginator(self, operation: str) -> Announcing:
        assert operation == "describe_stacks"
        return self

    def paginate(self) -> list[dict[str, Any]]:
        def stack(stage: str) -> dict[str, Any]:
            output = {"OutputKey": "LedgerTableName", "OutputValue": f"ledger-{stage}"}
            return {"StackName": f"QuantumZero-{stage}-Data", "Outputs": [output]}

        other = {"StackName": "QuantumZero-paper-Api"}
        return [{"Stacks": [stack(stage), other]} for stage in self._stages]


def test_the_table_is_found_by_what_the_stacks_announce(monkeypatch: pytest.MonkeyPatch) -> None:
    def announce(*stages: str) -> None:
        monkeypatch.setattr(Place, "client", lambda _self, _service: Announcing(*stages))

    announce()
    with pytest.raises(NotFoundError, match="0 stacks named QuantumZero-"):
        Place(None, REGION, None, "QuantumZero-").table()
    announce("paper")
    assert Place(None, REGION, None, "QuantumZero-").table() == "ledger-paper"
    announce("paper", "live")
    with pytest.raises(NotFoundError, match=r"2 stacks .*QuantumZero-live-Data, QuantumZero-paper"):
        Place(None, REGION, None, "QuantumZero-").table()
    assert Place(None, REGION, None, "QuantumZero-live-").table() == "ledger-live"


def test_a_folder_without_a_local_cloud_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no local cloud has run in"):
        halt("stop", home=tmp_path)
