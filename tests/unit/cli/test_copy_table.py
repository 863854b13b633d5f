"""A restored table's items come back into the one that is used, and with --prune nothing else stays there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from moto import mock_aws

from cli.copy_table import main
from tests.fakes.ledger_table import create_ledger_table

if TYPE_CHECKING:
    from collections.abc import Iterator

ITEMS = 60


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        made = botocore.session.get_session().create_client("dynamodb")
        for table in ("restored", "used"):
            create_ledger_table(made, table)
        for number in range(ITEMS):
            put(made, "restored", number, "then")
            put(made, "used", number + 30, "now")
        yield made


def put(client: Any, table: str, number: int, words: str) -> None:
    key = {"pk": {"S": "A#main"}, "sk": {"S": f"O#{number:03}"}}
    client.put_item(TableName=table, Item={**key, "words": {"S": words}})


def kept(client: Any) -> dict[str, str]:
    items = client.scan(TableName="used")["Items"]
    return {item["sk"]["S"]: item["words"]["S"] for item in items}


def test_what_was_lost_or_overwritten_comes_back(
    client: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["restored", "used"]) == 0
    assert capsys.readouterr().out == "60 items copied, 0 deleted\n"
    assert sorted(kept(client).values()) == ["now"] * 30 + ["then"] * 60


def test_pruned_the_table_is_what_it_was(client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restored", "used", "--prune"]) == 0
    assert capsys.readouterr().out == "60 items copied, 30 deleted\n"
    assert kept(client) == {f"O#{number:03}": "then" for number in range(ITEMS)}


@pytest.mark.parametrize("words", [["one"], ["one", "two", "three"], ["one", "two", "--force"]])
def test_other_words_are_answered_with_what_may_be(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert "give SOURCE TARGET [--prune]" in capsys.readouterr().err
