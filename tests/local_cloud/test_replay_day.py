"""`qz replay` over a replayed period on the deployed stacks: every day comes out equal, a change is named by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.clients import client
from tests.local_cloud.replays import qz_replay, replayed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.cloud import LocalCloud

pytestmark = pytest.mark.timeout(300)
# From a session before a split of AAPL to some after it.
FIRST, LAST, SESSIONS = "2005-02-10", "2005-03-10", 19
# Averages short enough to act within a few sessions.
QUICK = """
strategy: quick-cross
version: 1
universe: [AAPL, IBM, MSFT, GOOG]
timeframe: 1d
entry: {long: "cross_above(close, sma(close, 2))"}
exit: {long: "cross_below(close, sma(close, 2))"}
sizing: {percent_of_equity: 10}
"""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    home = tmp_path_factory.mktemp("replayed")
    with replayed(home, QUICK, first=FIRST, sessions=SESSIONS) as running:
        yield running


def test_every_day_comes_out_equal_and_a_change_is_named(cloud: LocalCloud) -> None:
    code, said = qz_replay(cloud, "--date", FIRST, "--until", LAST)
    assert code == 0, said
    assert said.count("4 decisions") == SESSIONS
    assert said.count("100 % equal") >= SESSIONS
    dynamodb, table = client("dynamodb", cloud.endpoint), cloud.outputs["LedgerTableName"]
    found = dynamodb.query(
        TableName=table,
        IndexName="orders_by_time",
        KeyConditionExpression="order_bucket = :account",
        ExpressionAttributeValues={":account": {"S": "main"}},
    )["Items"]
    assert len(found) > 5
    orders = sum(
        int(word) for word in said.split(" decisions and ")[1:] for word in [word.split()[0]]
    )
    assert orders == len(found)
    order = found[len(found) // 2]
    event = {"pk": order["pk"], "sk": {"S": f"E#{order['client_order_id']['S']}#00000001"}}
    dynamodb.update_item(
        TableName=table,
        Key=event,
        UpdateExpression="SET quantity = :quantity",
        ExpressionAttributeValues={":quantity": {"S": "123456"}},
    )
    code, said = qz_replay(cloud, "--date", FIRST, "--until", LAST)
    assert code == 1
    assert said.count("1 differences") == 1
    assert f"{order['client_order_id']['S']}: quantity was 123456, comes out as" in said
