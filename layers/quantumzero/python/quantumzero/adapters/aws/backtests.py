"""The backtests table: runs, listed newest first by the index by_time, and the trials of strategies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.backtest_items import (
    BUCKET,
    run_from,
    run_item,
    run_key,
    trial_from,
    trial_item,
)
from quantumzero.adapters.aws.failures import translated
from quantumzero.adapters.aws.page_cursors import read_cursor, write_cursor
from quantumzero.domain.errors import ConflictError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.backtests import BacktestRun
    from quantumzero.ports.backtests import Trial

BY_TIME = "by_time"
_KEYS_OF_INDEX = ("pk", "sk", "bucket", "sort")


class DynamoBacktestRuns:
    """Implements BacktestRuns; every change is conditional on the revision that was read."""

    def __init__(self, dynamodb: Any, table: str) -> None:  # botocore clients have no static type
        self._dynamodb = dynamodb
        self._table = table

    def create(self, run: BacktestRun) -> BacktestRun:
        """Store the run unless one of its id is stored; return what is stored then."""
        try:
            with translated(f"storing backtest {run.id}"):
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=run_item(run),
                    ConditionExpression="attribute_not_exists(pk)",
                )
        except ConflictError:
            return self.run(run.id)
        return run

    def run(self, run_id: str) -> BacktestRun:
        """Return the run as stored now; raises NotFoundError."""
        with translated("reading a backtest"):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key=run_key(run_id), ConsistentRead=True
            )
        if "Item" not in answer:
            raise NotFoundError(
                f"backtest was {run_id!r}, which is not stored; list them with GET /v1/backtests"
            )
        return run_from(answer["Item"])

    def save(self, run: BacktestRun, *, trial: Trial | None = None) -> BacktestRun:
        """Store the change and the trial in one transaction; raises ConflictError."""
        saved = replace(run, revision=run.revision + 1)
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": run_item(saved),
            "ConditionExpression": "revision = :read",
            "ExpressionAttributeValues": {":read": {"N": str(run.revision)}},
        }
        with translated(f"changing backtest {run.id}"):
            if trial is None:
                self._dynamodb.put_item(**put)
            else:
                counted = {"TableName": self._table, "Item": trial_item(trial)}
                self._dynamodb.transact_write_items(
                    TransactItems=[{"Put": put}, {"Put": counted}],
                )
        return saved

    def runs(self, *, limit: int, cursor: str | None) -> tuple[Sequence[BacktestRun], str | None]:
        """Return runs newest first and a cursor for the next page.

        Raises InvalidInputError for a cursor that this listing did not give.
        """
        start = read_cursor(cursor, _KEYS_OF_INDEX) if cursor else None
        items: list[dict[str, Any]] = []
        while len(items) <= limit:
            with translated("listing backtests"):
                page = self._dynamodb.query(
                    TableName=self._table,
                    IndexName=BY_TIME,
                    KeyConditionExpression="#bucket = :bucket",
                    # The word bucket is reserved in DynamoDB's expressions.
                    ExpressionAttributeNames={"#bucket": "bucket"},
                    ExpressionAttributeValues={":bucket": {"S": BUCKET}},
                    ScanIndexForward=False,
                    Limit=limit + 1 - len(items),
                    **({"ExclusiveStartKey": start} if start else {}),
                )
            items += page["Items"]
            start = page.get("LastEvaluatedKey")
            if not start:
                break
        shown = items[:limit]
        next_cursor = write_cursor(shown[-1], _KEYS_OF_INDEX) if len(items) > limit else None
        return [run_from(item) for item in shown], next_cursor

    def trials(self, strategy: str) -> Sequence[Trial]:
        """Return every distinct result of the strategy, by key."""
        query: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": f"TRIAL#{strategy}"}},
            "ConsistentRead": True,
        }
        found: list[Trial] = []
        while True:
            with translated(f"reading the trials of strategy {strategy}"):
                page = self._dynamodb.query(**query)
            found += [trial_from(item) for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return found
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]
