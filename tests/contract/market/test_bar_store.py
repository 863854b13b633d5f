"""Bars and splits: the fake and DynamoDB keep the same promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.adapters.aws.bars import DynamoBars
from quantumzero.domain.bars import Bar, Split
from quantumzero.domain.errors import UnavailableError
from quantumzero.usecases.project_bars import ProjectBars
from tests.fakes.held_bars import HeldBars
from tests.fakes.manual_clock import NoBackoff

if TYPE_CHECKING:
    from quantumzero.ports.market_data import BarStore
    from tests.contract.market.conftest import Cloud

FIRST = datetime(2005, 3, 1, 14, 30, tzinfo=UTC)
SESSION = timedelta(hours=6.5)


def bar(day: int, symbol: str = "AAPL", timeframe: str = "1d") -> Bar:
    opens = FIRST + timedelta(days=day)
    return Bar(symbol, timeframe, opens, opens + SESSION, 4 + day, 5 + day, 3, 4, 10**10, 6)


@pytest.fixture(params=["held", "dynamodb"])
def store(request: pytest.FixtureRequest) -> BarStore:
    if request.param == "held":
        return HeldBars()
    cloud: Cloud = request.getfixturevalue("cloud")
    return DynamoBars(cloud.dynamodb, cloud.bars, NoBackoff())


def test_the_newest_closed_bars_come_back_oldest_first(store: BarStore) -> None:
    bars = [bar(day) for day in range(60)]
    store.put_bars([*bars, bar(0, "IBM"), bar(0, "AAPL", "1m")])
    until = bars[50].closes_at
    assert store.bars("AAPL", "1d", until=until, limit=10) == bars[41:51]
    assert store.bars("AAPL", "1d", until=until, limit=10_000) == bars[:51]


def test_a_bar_still_open_at_the_time_is_not_returned(store: BarStore) -> None:
    store.put_bars([bar(0), bar(1)])
    just_before = bar(1).closes_at - timedelta(microseconds=1)
    assert store.bars("AAPL", "1d", until=just_before, limit=5) == [bar(0)]


def test_storing_bars_again_changes_nothing_and_a_revision_replaces(store: BarStore) -> None:
    quoted = replace(bar(0), bid=3, ask=4, vwap=4)
    project = ProjectBars(store)
    project([quoted, quoted])
    project([quoted])
    project([])
    assert store.bars("AAPL", "1d", until=FIRST + SESSION, limit=5) == [quoted]
    revised = replace(quoted, close=5, revision=1)
    store.put_bars([quoted, revised])
    assert store.bars("AAPL", "1d", until=FIRST + SESSION, limit=5) == [revised]


def test_nothing_stored_is_nothing_found(store: BarStore) -> None:
    assert store.bars("AAPL", "1d", until=FIRST, limit=5) == []
    assert store.splits("AAPL") == []
    assert store.market_time() is None


def test_splits_come_back_by_ex_date_once_each(store: BarStore) -> None:
    later, earlier = Split("AAPL", "2005-02-28", 2, 1), Split("AAPL", "2000-06-21", 2, 1)
    store.put_splits([later, earlier, Split("IBM", "1999-05-27", 2, 1)])
    store.put_splits([later])
    assert store.splits("AAPL") == [earlier, later]


class _Refusing:
    """A client that leaves the given numbers of items unwritten, call by call."""

    def __init__(self, client: Any, unwritten: list[int]) -> None:
        self._client = client
        self._unwritten = unwritten
        self.sizes: list[int] = []

    def batch_write_item(self, *, RequestItems: dict[str, list[Any]]) -> dict[str, Any]:
        ((table, requests),) = RequestItems.items()
        self.sizes.append(len(requests))
        left = self._unwritten.pop(0) if self._unwritten else 0
        written, rest = requests[left:], requests[:left]
        if written:
            self._client.batch_write_item(RequestItems={table: written})
        return {"UnprocessedItems": {table: rest} if rest else {}}


def test_items_that_dynamodb_leaves_unwritten_are_written_again(cloud: Cloud) -> None:
    client, backoff = _Refusing(cloud.dynamodb, [20, 3]), NoBackoff()
    DynamoBars(client, cloud.bars, backoff).put_bars([bar(day) for day in range(30)])
    assert client.sizes == [25, 20, 3, 5]
    assert backoff.waits == 2
    stored = DynamoBars(cloud.dynamodb, cloud.bars, NoBackoff())
    assert len(stored.bars("AAPL", "1d", until=bar(40).closes_at, limit=99)) == 30


def test_items_never_written_are_an_error(cloud: Cloud) -> None:
    client = _Refusing(cloud.dynamodb, [1] * 99)
    with pytest.raises(UnavailableError, match="left 1 items unwritten after 8 attempts"):
        DynamoBars(client, cloud.bars, NoBackoff()).put_bars([bar(0)])
