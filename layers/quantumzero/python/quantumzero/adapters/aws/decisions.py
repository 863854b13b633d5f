"""Decisions in their table, `D#{strategy}`/`{closes_at}#{symbol}`, and the states they came from in
the strategies table, `S#{strategy}`/`STATE#{version}#{symbol}`.

A decision's attributes are its fields; values is JSON text, so that every double comes back as it
was. bucket and sort are the keys of the index by_time. A decision to act is written a second time,
under `UNORDERED`/`{closes_at}#{strategy}#{symbol}`, until its order was seen. A state has
last_closes_at, splits_applied and evaluator (binary).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.decision_items import (
    UNORDERED,
    decision_from,
    decision_item,
    decision_key,
    unordered_item,
    unordered_key,
)
from quantumzero.adapters.aws.failures import translated
from quantumzero.adapters.aws.page_cursors import read_cursor, write_cursor
from quantumzero.contracts.formats import utc_text, utc_time
from quantumzero.domain.errors import ConflictError
from quantumzero.ports.decisions import StrategyState, UnorderedDecision

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from quantumzero.domain.decisions import Decision
    from quantumzero.ports.clocks import MachineClock

BY_TIME = "by_time"
_KEYS_OF_TABLE = ("pk", "sk")
_KEYS_OF_INDEX = ("pk", "sk", "bucket", "sort")
_BATCH = 100  # DynamoDB's limit for one BatchGetItem
_PAGE = 500


class DynamoDecisionReader:
    """What was decided."""

    def __init__(self, dynamodb: Any, table_decisions: str) -> None:  # botocore clients are untyped
        self._dynamodb = dynamodb
        self._decisions = table_decisions

    def decision(self, strategy: str, symbol: str, closes_at: datetime) -> Decision | None:
        """Return the stored decision on that bar, if any."""
        with translated(f"reading a decision of strategy {strategy}"):
            answer = self._dynamodb.get_item(
                TableName=self._decisions,
                Key=decision_key(strategy, symbol, closes_at),
                ConsistentRead=True,
            )
        item = answer.get("Item")
        return None if item is None else decision_from(item)

    def decisions(
        self, *, strategy: str | None, symbol: str | None, limit: int, cursor: str | None
    ) -> tuple[Sequence[Decision], str | None]:
        """Return decisions newest first and a cursor for the next page.

        Raises InvalidInputError for a cursor that this listing did not give.
        """
        query, keys = self._listing(strategy, symbol)
        start = read_cursor(cursor, keys) if cursor else None
        items: list[dict[str, Any]] = []
        while True:
            with translated("listing decisions"):
                page = self._dynamodb.query(
                    **query,
                    Limit=_PAGE if symbol else min(limit + 1 - len(items), _PAGE),
                    **({"ExclusiveStartKey": start} if start else {}),
                )
            items += page["Items"]
            start = page.get("LastEvaluatedKey")
            if len(items) > limit or not start:
                break
        shown = items[:limit]
        next_cursor = write_cursor(shown[-1], keys) if len(items) > limit else None
        return [decision_from(item) for item in shown], next_cursor

    def _listing(
        self, strategy: str | None, symbol: str | None
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        query: dict[str, Any] = {"TableName": self._decisions, "ScanIndexForward": False}
        if strategy is None:
            query |= {
                "IndexName": BY_TIME,
                "KeyConditionExpression": "#bucket = :partition",
                # The word bucket is reserved in DynamoDB's expressions.
                "ExpressionAttributeNames": {"#bucket": "bucket"},
                "ExpressionAttributeValues": {":partition": {"S": "D"}},
            }
        else:
            query |= {
                "KeyConditionExpression": "pk = :partition",
                "ExpressionAttributeValues": {":partition": {"S": f"D#{strategy}"}},
            }
        if symbol is not None:
            query["FilterExpression"] = "symbol = :symbol"
            query["ExpressionAttributeValues"][":symbol"] = {"S": symbol}
        return query, _KEYS_OF_INDEX if strategy is None else _KEYS_OF_TABLE


class DynamoUnorderedDecisions(DynamoDecisionReader):
    """What was decided to do and is not known to be done."""

    def unordered(self) -> Sequence[UnorderedDecision]:
        """Return the decisions to act whose order was not seen yet, read consistently."""
        query: dict[str, Any] = {
            "TableName": self._decisions,
            "KeyConditionExpression": "pk = :partition",
            "ExpressionAttributeValues": {":partition": {"S": UNORDERED}},
            "ConsistentRead": True,
        }
        found: list[UnorderedDecision] = []
        while True:
            with translated("reading the decisions without an order"):
                page = self._dynamodb.query(**query)
            found += [
                UnorderedDecision(decision_from(item), utc_time(item["noted_at"]["S"]))
                for item in page["Items"]
            ]
            if "LastEvaluatedKey" not in page:
                return found
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def mark_ordered(self, decision: Decision) -> None:
        """Delete the note that the decision has no order yet."""
        with translated(f"noting that decision {decision.id} is an order"):
            self._dynamodb.delete_item(TableName=self._decisions, Key=unordered_key(decision))


class DynamoDecisions(DynamoUnorderedDecisions):
    """One decision for every strategy and bar, written once."""

    def __init__(
        self,
        dynamodb: Any,
        *,
        table_strategies: str,
        table_decisions: str,
        machine: MachineClock,
    ) -> None:
        super().__init__(dynamodb, table_decisions)
        self._strategies = table_strategies
        self._machine = machine

    def states(
        self, strategy: str, version: int, symbols: Collection[str]
    ) -> Mapping[str, StrategyState]:
        """Return the stored states by symbol, all read consistently."""
        keys = [_state_key(strategy, version, symbol) for symbol in sorted(symbols)]
        found: dict[str, StrategyState] = {}
        while keys:
            asked, keys = keys[:_BATCH], keys[_BATCH:]
            with translated(f"reading the states of strategy {strategy}"):
                answer = self._dynamodb.batch_get_item(
                    RequestItems={self._strategies: {"Keys": asked, "ConsistentRead": True}}
                )
            for item in answer["Responses"].get(self._strategies, []):
                state = _state(item)
                found[state.symbol] = state
            keys += answer.get("UnprocessedKeys", {}).get(self._strategies, {}).get("Keys", [])
        return found

    def commit(
        self, state: StrategyState, decision: Decision, *, previous: datetime | None
    ) -> bool:
        """Store both in one transaction; False, changing nothing, when another writer was first."""
        put_state: dict[str, Any] = {
            "TableName": self._strategies,
            "Item": _state_item(state),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if previous is not None:
            put_state["ConditionExpression"] = "last_closes_at = :previous"
            put_state["ExpressionAttributeValues"] = {":previous": {"S": utc_text(previous)}}
        puts = [put_state, self._put(decision_item(decision))]
        if decision.actionable:
            puts.append(self._put(unordered_item(decision, self._machine.now())))
        try:
            with translated(f"storing decision {decision.id}"):
                self._dynamodb.transact_write_items(TransactItems=[{"Put": put} for put in puts])
        except ConflictError:
            return False
        return True

    def _put(self, item: dict[str, Any]) -> dict[str, Any]:
        return {
            "TableName": self._decisions,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk)",
        }


def _state_key(strategy: str, version: int, symbol: str) -> dict[str, Any]:
    return {"pk": {"S": f"S#{strategy}"}, "sk": {"S": f"STATE#{version:06}#{symbol}"}}


def _state_item(state: StrategyState) -> dict[str, Any]:
    item = {
        **_state_key(state.strategy, state.version, state.symbol),
        "splits_applied": {"N": str(state.splits_applied)},
        "evaluator": {"B": state.evaluator},
    }
    if state.last_closes_at is not None:
        item["last_closes_at"] = {"S": utc_text(state.last_closes_at)}
    return item


def _state(item: dict[str, Any]) -> StrategyState:
    _, version, symbol = item["sk"]["S"].split("#")
    last = item.get("last_closes_at", {}).get("S")
    return StrategyState(
        strategy=item["pk"]["S"].removeprefix("S#"),
        version=int(version),
        symbol=symbol,
        last_closes_at=None if last is None else utc_time(last),
        splits_applied=int(item["splits_applied"]["N"]),
        evaluator=bytes(item["evaluator"]["B"]),
    )
