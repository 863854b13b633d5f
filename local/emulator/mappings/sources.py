"""Read streams for mappings: where a mapping stands, what comes next, how far behind it is.

A Kinesis position is the sequence number of the last record done (ministack's list index would
point elsewhere after records expire); a table stream position is ministack's absolute index. Both
live in ministack's own position stores, so they are saved and restored with the mapping.
"""

from __future__ import annotations

import base64
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ministack.core.arn import parse_arn
from ministack.services import dynamodb, kinesis, lambda_svc

from local.emulator.mappings.batch import StreamRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BEFORE_FIRST = "0"


@dataclass(frozen=True, slots=True)
class Scope:
    """The account and region that a mapping belongs to."""

    account: str
    region: str


@dataclass(frozen=True, slots=True)
class Batch:
    """The next records of one shard, without those that the mapping's filter drops."""

    shard: str
    records: Sequence[StreamRecord]
    end: int | str


class KinesisSource:
    """A Kinesis stream as one mapping reads it."""

    def __init__(self, scope: Scope, mapping: dict[str, Any]) -> None:
        """Remember whose mapping this is."""
        self._scope = scope
        self._mapping = mapping

    def anchor(self) -> None:
        """Fix where the mapping starts, so that records written from now on are seen."""
        stream = self._stream()
        if stream is None or self._positions() is not None:
            return
        from_start = self._mapping.get("StartingPosition") == "TRIM_HORIZON"
        positions = {
            name: _BEFORE_FIRST if from_start else _last_sequence(shard)
            for name, shard in stream["shards"].items()
        }
        self._store(positions)

    def batches(self) -> Iterator[Batch]:
        """Yield at most one batch of every shard that has records waiting."""
        stream = self._stream()
        if stream is None or stream["StreamStatus"] != "ACTIVE":
            return
        self.anchor()
        size = int(self._mapping.get("BatchSize") or 100)
        for shard, raw in [
            (name, self._waiting(name, shard)[:size]) for name, shard in stream["shards"].items()
        ]:
            if raw:
                yield self._batch(shard, raw)

    def commit(self, shard: str, position: int | str) -> None:
        """Remember the last record done in a shard."""
        self._store({**(self._positions() or {}), shard: str(position)})

    def behind(self) -> int:
        """Return how many records wait."""
        stream = self._stream()
        if stream is None or self._positions() is None:
            return 0
        return sum(len(self._waiting(name, shard)) for name, shard in stream["shards"].items())

    def oldest_waiting_at(self) -> float | None:
        """Return when the oldest waiting record arrived (seconds since 1970), or None."""
        stream = self._stream()
        if stream is None or self._positions() is None:
            return None
        waiting = [self._waiting(name, shard) for name, shard in stream["shards"].items()]
        return min((r[0]["ApproximateArrivalTimestamp"] for r in waiting if r), default=None)

    def _waiting(self, name: str, shard: dict[str, Any]) -> list[dict[str, Any]]:
        # A shard that appeared after the mapping (a split or merge) is read from its beginning.
        done = int((self._positions() or {}).get(name, _BEFORE_FIRST))
        records: list[dict[str, Any]] = shard["records"]
        return records[bisect_right(records, done, key=_sequence) :]

    def _batch(self, shard: str, raw: list[dict[str, Any]]) -> Batch:
        arn = self._mapping["EventSourceArn"]
        events = [_kinesis_event(shard, record, arn, self._scope) for record in raw]
        arrivals = {
            record["SequenceNumber"]: record["ApproximateArrivalTimestamp"] for record in raw
        }
        records = [
            StreamRecord(
                sequence_number=(sequence := event["kinesis"]["sequenceNumber"]),
                position=sequence,
                arrived_at=float(arrivals[sequence]),
                event=event,
            )
            for event in lambda_svc._apply_filter_criteria(events, self._mapping)
        ]
        return Batch(shard, records, raw[-1]["SequenceNumber"])

    def _stream(self) -> dict[str, Any] | None:
        spec = parse_arn(self._mapping["EventSourceArn"])
        name = spec.resource.removeprefix("stream/")
        found: dict[str, Any] | None = kinesis._streams.get_scoped(
            spec.account_id, spec.region, name
        )
        return found

    def _positions(self) -> dict[str, str] | None:
        stored: dict[str, str] | None = lambda_svc._kinesis_positions.get_scoped(
            self._scope.account, self._scope.region, self._mapping["UUID"]
        )
        return stored

    def _store(self, positions: dict[str, str]) -> None:
        lambda_svc._kinesis_positions.set_scoped(
            self._scope.account, self._scope.region, self._mapping["UUID"], positions
        )


class TableStreamSource:
    """The stream of a table as one mapping reads it."""

    def __init__(self, scope: Scope, mapping: dict[str, Any]) -> None:
        """Remember whose mapping this is."""
        self._scope = scope
        self._mapping = mapping
        source = str(mapping["EventSourceArn"])
        self._table = source.split("/stream/", maxsplit=1)[0].rsplit("/", 1)[-1]

    def anchor(self) -> None:
        """Fix where the mapping starts, so that changes made from now on are seen."""
        if self._position() is not None:
            return
        from_start = self._mapping.get("StartingPosition") == "TRIM_HORIZON"
        self._store(self._start() if from_start else self._end())

    def batches(self) -> Iterator[Batch]:
        """Yield the next batch, if records wait."""
        table = dynamodb._tables.get_scoped(self._scope.account, self._scope.region, self._table)
        if not table or table.get("LatestStreamArn") != self._mapping["EventSourceArn"]:
            return
        self.anchor()
        begin = max(self._position() or 0, self._start())
        size = int(self._mapping.get("BatchSize") or 100)
        raw = dynamodb.stream_records_since(self._table, begin, size, **self._where())
        if not raw:
            return
        places = {id(event): place for place, event in enumerate(raw, start=begin + 1)}
        records = [
            StreamRecord(
                sequence_number=event["dynamodb"]["SequenceNumber"],
                position=places[id(event)],
                arrived_at=float(event["dynamodb"]["ApproximateCreationDateTime"]),
                event=event,
            )
            for event in lambda_svc._apply_filter_criteria(raw, self._mapping)
        ]
        yield Batch("shardId-00000000000000000000-00000000", records, begin + len(raw))

    def commit(self, shard: str, position: int | str) -> None:
        """Remember the last record done."""
        self._store(int(position))

    def behind(self) -> int:
        """Return how many records wait."""
        position = self._position()
        return 0 if position is None else max(0, self._end() - max(position, self._start()))

    def oldest_waiting_at(self) -> float | None:
        """Return when the oldest waiting record was written (seconds since 1970), or None."""
        position = self._position()
        if position is None:
            return None
        waiting = dynamodb.stream_records_since(self._table, position, 1, **self._where())
        return float(waiting[0]["dynamodb"]["ApproximateCreationDateTime"]) if waiting else None

    def _where(self) -> dict[str, str]:
        return {"account_id": self._scope.account, "region": self._scope.region}

    def _start(self) -> int:
        return int(dynamodb.stream_start_position(self._table, **self._where()))

    def _end(self) -> int:
        return int(dynamodb.stream_end_position(self._table, **self._where()))

    def _position(self) -> int | None:
        stored: int | None = lambda_svc._dynamodb_stream_positions.get_scoped(
            self._scope.account, self._scope.region, self._mapping["UUID"]
        )
        return stored

    def _store(self, position: int) -> None:
        with lambda_svc._dynamodb_stream_positions_lock:
            lambda_svc._dynamodb_stream_positions.set_scoped(
                self._scope.account, self._scope.region, self._mapping["UUID"], position
            )


Source = KinesisSource | TableStreamSource


def source_of(scope: Scope, mapping: dict[str, Any]) -> Source | None:
    """Return the stream that a mapping reads, or None when it reads something else (a queue)."""
    arn = str(mapping.get("EventSourceArn", ""))
    if ":kinesis:" in arn and ":stream/" in arn:
        return KinesisSource(scope, mapping)
    if ":dynamodb:" in arn and "/stream/" in arn:
        return TableStreamSource(scope, mapping)
    return None


def _sequence(record: dict[str, Any]) -> int:
    return int(record["SequenceNumber"])


def _last_sequence(shard: dict[str, Any]) -> str:
    records = shard["records"]
    return str(records[-1]["SequenceNumber"] if records else shard["starting_sequence_number"])


def _kinesis_event(shard: str, record: dict[str, Any], arn: str, scope: Scope) -> dict[str, Any]:
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": record["PartitionKey"],
            "sequenceNumber": record["SequenceNumber"],
            "data": _as_base64(record["Data"]),
            "approximateArrivalTimestamp": record["ApproximateArrivalTimestamp"],
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard}:{record['SequenceNumber']}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": f"arn:aws:iam::{scope.account}:role/lambda-role",
        "awsRegion": scope.region,
        "eventSourceARN": arn,
    }


def _as_base64(data: Any) -> str:
    # ministack stores what PutRecord sent, which the wire format has already encoded, or bytes
    # from its own services.
    if isinstance(data, bytes):
        return base64.b64encode(data).decode("ascii")
    return str(data)
