"""The tables of strategies and decisions as the stacks describe them, for tests on moto."""

from __future__ import annotations

from typing import Any


def create_strategy_tables(client: Any) -> None:
    """Create the tables `strategies` and `decisions` with their indexes."""
    create_table(client, "strategies", "by_kind", ("kind", "pk"))
    create_table(client, "decisions", "by_time", ("bucket", "sort"))


def create_table(client: Any, table: str, index: str, keys: tuple[str, str]) -> None:
    """Create a table with string keys pk and sk and one index."""
    client.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in {"pk", "sk", *keys}
        ],
        KeySchema=_schema("pk", "sk"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": _schema(*keys),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


def _schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
