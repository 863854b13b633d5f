"""The bars table: bars `B#{symbol}#{timeframe}`/`{opens_at}` and splits
`SPLIT#{symbol}`/`{ex_date}`.

A bar's attributes: closes_at (ISO 8601, Z), open, high, low, close (units of 0.0001), volume,
trade_count, revision, and bid and ask when a quote was seen.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.checkpoint import checkpoint_key
from quantumzero.adapters.aws.failures import translated
from quantumzero.contracts.formats import utc_text, utc_time
from quantumzero.domain.bars import Bar, Split
from quantumzero.domain.calendars import from_us
from quantumzero.domain.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from quantumzero.ports.backoff import Backoff

FIRST_SHARD = "shardId-000000000000"
_BATCH = 25  # DynamoDB's limit for one BatchWriteItem
_ATTEMPTS = 8


class DynamoBars:
    """Bars and splits; shards names the shards whose checkpoints tell the market time."""

    def __init__(
        self,
        dynamodb: Any,  # botocore clients have no static type
        table: str,
        backoff: Backoff,
        *,
        shards: Sequence[str] = (FIRST_SHARD,),
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._backoff = backoff
        self._shards = tuple(shards)

    def put_bars(self, bars: Iterable[Bar]) -> None:
        """Store bars; storing the same bar again changes nothing."""
        # One batch may not name a key twice; a later revision of a bar replaces an earlier one.
        newest = {(bar.symbol, bar.timeframe, bar.opens_at): bar for bar in bars}
        self._put(_bar_item(bar) for bar in newest.values())

    def put_splits(self, splits: Iterable[Split]) -> None:
        """Store splits; storing the same split again changes nothing."""
        newest = {(split.symbol, split.ex_date): split for split in splits}
        self._put(_split_item(split) for split in newest.values())

    def bars(self, symbol: str, timeframe: str, *, until: datetime, limit: int) -> Sequence[Bar]:
        """Return at most limit bars that closed at or before until, oldest first (the newest
        ones).
        """
        query = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND sk < :until",
            "ExpressionAttributeValues": {
                ":pk": {"S": f"B#{symbol}#{timeframe}"},
                ":until": {"S": utc_text(until)},
            },
            "ScanIndexForward": False,
            "ConsistentRead": True,
            "Limit": min(limit + 1, 1_000),  # one more: the newest may still have been open then
        }
        closed = (bar for bar in map(_bar, self._items(query)) if bar.closes_at <= until)
        return list(islice(closed, limit))[::-1]

    def splits(self, symbol: str) -> Sequence[Split]:
        """Return the known splits of the symbol by ex-date."""
        query = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": f"SPLIT#{symbol}"}},
            "ConsistentRead": True,
        }
        return [_split(item) for item in self._items(query)]

    def market_time(self) -> datetime | None:
        """Return the newest event time that the tick stream has reached, None before the first."""
        reached = []
        for shard in self._shards:
            with translated(f"reading the market time of {shard}"):
                answer = self._dynamodb.get_item(
                    TableName=self._table,
                    Key=checkpoint_key(shard),
                    ProjectionExpression="market_time",
                    ConsistentRead=True,
                )
            reached.append(int(answer.get("Item", {}).get("market_time", {}).get("N", "0")))
        newest = max(reached, default=0)
        return from_us(newest) if newest else None

    def _items(self, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        start: dict[str, Any] = {}
        while True:
            with translated("reading bars"):
                page = self._dynamodb.query(**query, **start)
            yield from page["Items"]
            if not page.get("LastEvaluatedKey"):
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _put(self, items: Iterable[dict[str, Any]]) -> None:
        requests = iter([{"PutRequest": {"Item": item}} for item in items])
        while batch := list(islice(requests, _BATCH)):
            self._write(batch)

    def _write(self, batch: list[dict[str, Any]]) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            with translated("writing bars"):
                answer = self._dynamodb.batch_write_item(RequestItems={self._table: batch})
            batch = answer.get("UnprocessedItems", {}).get(self._table, [])
            if not batch:
                return
            self._backoff.wait(attempt)
        raise UnavailableError(
            f"the bars table left {len(batch)} items unwritten after {_ATTEMPTS} attempts"
        )


def _bar_item(bar: Bar) -> dict[str, Any]:
    item = {
        "pk": {"S": f"B#{bar.symbol}#{bar.timeframe}"},
        "sk": {"S": utc_text(bar.opens_at)},
        "closes_at": {"S": utc_text(bar.closes_at)},
        "open": {"N": str(bar.open)},
        "high": {"N": str(bar.high)},
        "low": {"N": str(bar.low)},
        "close": {"N": str(bar.close)},
        "volume": {"N": str(bar.volume)},
        "trade_count": {"N": str(bar.trade_count)},
        "revision": {"N": str(bar.revision)},
    }
    if bar.bid is not None:
        item["bid"] = {"N": str(bar.bid)}
    if bar.ask is not None:
        item["ask"] = {"N": str(bar.ask)}
    if bar.vwap is not None:
        item["vwap"] = {"N": str(bar.vwap)}
    return item


def _bar(item: dict[str, Any]) -> Bar:
    _, symbol, timeframe = item["pk"]["S"].split("#")
    return Bar(
        symbol=symbol,
        timeframe=timeframe,
        opens_at=utc_time(item["sk"]["S"]),
        closes_at=utc_time(item["closes_at"]["S"]),
        open=int(item["open"]["N"]),
        high=int(item["high"]["N"]),
        low=int(item["low"]["N"]),
        close=int(item["close"]["N"]),
        volume=int(item["volume"]["N"]),
        trade_count=int(item["trade_count"]["N"]),
        bid=int(item["bid"]["N"]) if "bid" in item else None,
        ask=int(item["ask"]["N"]) if "ask" in item else None,
        revision=int(item["revision"]["N"]),
        vwap=int(item["vwap"]["N"]) if "vwap" in item else None,
    )


def _split_item(split: Split) -> dict[str, Any]:
    return {
        "pk": {"S": f"SPLIT#{split.symbol}"},
        "sk": {"S": split.ex_date},
        "new": {"N": str(split.new)},
        "old": {"N": str(split.old)},
    }


def _split(item: dict[str, Any]) -> Split:
    return Split(
        symbol=item["pk"]["S"].removeprefix("SPLIT#"),
        ex_date=item["sk"]["S"],
        new=int(item["new"]["N"]),
        old=int(item["old"]["N"]),
    )
