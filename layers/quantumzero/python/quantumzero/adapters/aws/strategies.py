"""The strategies table: `S#{name}`/`META` says what trades, `S#{name}`/`V#{version}` holds a
document's text.

META: kind ("strategy", the key of the index by_kind), latest_version, latest_hash (SHA-256 of the
newest text), enabled, enabled_version (absent when nothing trades), updated_at. A version is never
changed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.failures import translated
from quantumzero.contracts.formats import utc_text, utc_time
from quantumzero.domain.errors import NotFoundError
from quantumzero.ports.decisions import EnabledStrategy
from quantumzero.ports.strategies import StoredStrategy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

BY_KIND = "by_kind"
_KIND = "strategy"


class DynamoStrategies:
    """Documents, version by version; a document once read is kept for the process, it never changes."""

    def __init__(self, dynamodb: Any, table: str) -> None:  # botocore clients have no static type
        self._dynamodb = dynamodb
        self._table = table
        self._documents: dict[tuple[str, int], str] = {}

    def enabled(self) -> Sequence[EnabledStrategy]:
        """Return every strategy that trades now, by name."""
        return [
            EnabledStrategy(stored.name, version, self.document(stored.name, version))
            for stored in self.strategies()
            if stored.enabled and (version := stored.enabled_version) is not None
        ]

    def strategies(self) -> Sequence[StoredStrategy]:
        """Return every strategy by name; an index lags a moment behind a change."""
        return sorted((_stored(item) for item in self._index()), key=lambda stored: stored.name)

    def strategy(self, name: str) -> StoredStrategy:
        """Return one strategy as stored now; raises NotFoundError."""
        item = self._get(_key(name, "META"))
        if item is None:
            raise NotFoundError(
                f"strategy was {name!r}, which is not stored; list them with GET /v1/strategies"
            )
        return _stored(item)

    def document(self, name: str, version: int) -> str:
        """Return the text of one version; raises NotFoundError."""
        known = self._documents.get((name, version))
        if known is not None:
            return known
        item = self._get(_key(name, _version_key(version)))
        if item is None:
            raise NotFoundError(f"version was {version}; strategy {name} has no such version")
        text = self._documents[name, version] = str(item["document"]["S"])
        return text

    def create(self, name: str, document: str, *, now: datetime) -> tuple[int, bool]:
        """Store the text as the next version unless it is the newest one's; say whether it is new.

        Raises ConflictError when another version was stored at the same moment.
        """
        digest = hashlib.sha256(document.encode()).hexdigest()
        meta = self._get(_key(name, "META"))
        latest = int(meta["latest_version"]["N"]) if meta else 0
        if meta and meta["latest_hash"]["S"] == digest:
            return latest, False
        version = latest + 1
        text = {
            **_key(name, _version_key(version)),
            "document": {"S": document},
            "hash": {"S": digest},
            "created_at": {"S": utc_text(now)},
        }
        with translated(f"storing version {version} of strategy {name}"):
            self._dynamodb.transact_write_items(
                TransactItems=[
                    {"Update": self._next_version(name, latest, digest, now)},
                    {
                        "Put": {
                            "TableName": self._table,
                            "Item": text,
                            "ConditionExpression": "attribute_not_exists(pk)",
                        }
                    },
                ]
            )
        return version, True

    def set_enabled(self, name: str, version: int | None, *, now: datetime) -> StoredStrategy:
        """Let the version trade, or none; raises NotFoundError for what is not stored."""
        if version is not None:
            self.document(name, version)
        values: dict[str, Any] = {
            ":enabled": {"BOOL": version is not None},
            ":now": {"S": utc_text(now)},
        }
        change = "SET enabled = :enabled, updated_at = :now"
        if version is None:
            change += " REMOVE enabled_version"
        else:
            change += ", enabled_version = :version"
            values[":version"] = {"N": str(version)}
        self.strategy(name)
        with translated(f"changing what trades of strategy {name}"):
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(name, "META"),
                UpdateExpression=change,
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
            )
        return _stored(answer["Attributes"])

    def _next_version(self, name: str, latest: int, digest: str, now: datetime) -> dict[str, Any]:
        change = "SET kind = :kind, latest_version = :next, latest_hash = :hash, updated_at = :now"
        values: dict[str, Any] = {
            ":kind": {"S": _KIND},
            ":next": {"N": str(latest + 1)},
            ":hash": {"S": digest},
            ":now": {"S": utc_text(now)},
        }
        if latest == 0:
            change += ", enabled = :no"
            values[":no"] = {"BOOL": False}
            condition = "attribute_not_exists(pk)"
        else:
            values[":latest"] = {"N": str(latest)}
            condition = "latest_version = :latest"
        return {
            "TableName": self._table,
            "Key": _key(name, "META"),
            "UpdateExpression": change,
            "ConditionExpression": condition,
            "ExpressionAttributeValues": values,
        }

    def _get(self, key: dict[str, Any]) -> dict[str, Any] | None:
        with translated("reading a strategy"):
            answer = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        item: dict[str, Any] | None = answer.get("Item")
        return item

    def _index(self) -> Iterator[dict[str, Any]]:
        start: dict[str, Any] = {}
        while True:
            with translated("listing the strategies"):
                page = self._dynamodb.query(
                    TableName=self._table,
                    IndexName=BY_KIND,
                    KeyConditionExpression="kind = :kind",
                    ExpressionAttributeValues={":kind": {"S": _KIND}},
                    **start,
                )
            yield from page["Items"]
            if not page.get("LastEvaluatedKey"):
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _key(name: str, sort: str) -> dict[str, Any]:
    return {"pk": {"S": f"S#{name}"}, "sk": {"S": sort}}


def _version_key(version: int) -> str:
    return f"V#{version:06}"


def _stored(item: dict[str, Any]) -> StoredStrategy:
    enabled_version = item.get("enabled_version", {}).get("N")
    return StoredStrategy(
        name=item["pk"]["S"].removeprefix("S#"),
        latest_version=int(item["latest_version"]["N"]),
        enabled=bool(item["enabled"]["BOOL"]),
        enabled_version=None if enabled_version is None else int(enabled_version),
        updated_at=utc_time(item["updated_at"]["S"]),
    )
