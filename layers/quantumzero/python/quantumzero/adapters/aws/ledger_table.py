"""The ledger's table: keys, attribute values, reads and transactions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zlib import crc32

from botocore.exceptions import ClientError

from quantumzero.adapters.aws.failures import met_others, translated
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.domain.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from quantumzero.ports.backoff import Backoff

Item = dict[str, dict[str, Any]]
Value = str | bool | int | Decimal | datetime

# How often a write that only met other writers is sent in all: every claim and every fill moves the one RISK item.
WRITE_ATTEMPTS = 5
_CHECKSUM = "x-amz-crc32"
_OF_NOTHING = str(crc32(b"{}"))
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


def time_text(time: datetime) -> str:
    """Return a time of fixed width that sorts as it happened (aware UTC)."""
    return time.strftime(_TIME)


def time_of(text: str) -> datetime:
    """Read what time_text wrote."""
    return datetime.fromisoformat(text)


def attribute(value: Value) -> dict[str, Any]:
    """Return the value as DynamoDB writes it; times as text, numbers without an exponent."""
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, datetime):
        return {"S": time_text(value)}
    if isinstance(value, int | Decimal):
        return {"N": f"{value:f}" if isinstance(value, Decimal) else str(value)}
    return {"S": str(value)}


def item_of(values: Mapping[str, Value | None]) -> Item:
    """Return an item; what is None is left out."""
    return {name: attribute(value) for name, value in values.items() if value is not None}


def values_of(item: Item) -> dict[str, Any]:
    """Return the plain values of an item: text, Decimal or bool."""
    return {name: _plain(typed) for name, typed in item.items()}


def _plain(typed: Mapping[str, Any]) -> Any:
    kind, value = next(iter(typed.items()))
    return Decimal(value) if kind == "N" else value


class LedgerTable:
    """One account's part of the table. The client is botocore's, made by bootstrap."""

    def __init__(
        self, client: Any, *, table: str, account: str, backoff: Backoff | None = None
    ) -> None:
        self._client = client
        self._backoff = backoff or JitteredBackoff()
        self.table = table
        self.account = account
        self.partition = f"A#{account}"

    def key(self, sort: str) -> Item:
        """Return the key of one item of the account."""
        return {"pk": {"S": self.partition}, "sk": {"S": sort}}

    def get(self, sort: str) -> dict[str, Any] | None:
        """Return one item's values as they are now, None when there is none."""
        answer = self.call("get_item", Key=self.key(sort), ConsistentRead=True)
        item = answer.get("Item")
        return values_of(item) if item else None

    def starting_with(self, prefix: str) -> Iterator[dict[str, Any]]:
        """Yield the values of every item whose sort key starts so, as they are now."""
        condition = "pk = :pk AND begins_with(sk, :prefix)"
        values = {":pk": attribute(self.partition), ":prefix": attribute(prefix)}
        yield from self.query(
            KeyConditionExpression=condition, ExpressionAttributeValues=values, ConsistentRead=True
        )

    def query(self, **arguments: Any) -> Iterator[dict[str, Any]]:
        """Yield the values of every matching item, every page."""
        while True:
            answer = self.call("query", **arguments)
            yield from map(values_of, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def write(self, actions: Sequence[Mapping[str, Any]]) -> None:
        """Write all actions or none.

        Raises ConflictError when a condition did not hold or other writers kept being there, and UnavailableError when
        the table does not answer: then it may be written, and writing it again meets its own conditions.
        """
        self._send("transact_write_items", {"TransactItems": actions})

    def call(self, operation: str, **arguments: Any) -> Any:
        """Call one operation on the table."""
        return self._send(operation, {"TableName": self.table, **arguments})

    def _send(self, operation: str, arguments: Mapping[str, Any]) -> Any:
        action = f"{operation} on the ledger"
        with translated(action):
            answer = self._repeated(getattr(self._client, operation), arguments)
        checksum = answer["ResponseMetadata"].get("HTTPHeaders", {}).get(_CHECKSUM, _OF_NOTHING)
        if len(answer) == 1 and checksum != _OF_NOTHING:
            # botocore takes an answer that it cannot read for one that says nothing, such as "there is no such item".
            raise UnavailableError(f"{action}: the answer was broken; read again")
        return answer

    def _repeated(self, send: Any, arguments: Mapping[str, Any]) -> Any:
        """Send, and send again a bounded number of times what did nothing because others were writing."""
        for attempt in range(1, WRITE_ATTEMPTS):
            try:
                return send(**arguments)
            except ClientError as error:
                if not met_others(error):
                    raise
            self._backoff.wait(attempt)
        return send(**arguments)
