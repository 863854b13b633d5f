"""The ledger's table as the stacks describe it, for tests on moto or an emulator."""

from __future__ import annotations

from typing import Any


def create_ledger_table(client: Any, name: str) -> None:
    """Create the table with its two indexes."""
    indexes = [
        ("open_orders", "open_bucket", "born_at"),
        ("orders_by_time", "order_bucket", "born_at"),
    ]
    names = ["pk", "sk", "open_bucket", "order_bucket", "born_at"]
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in names],
        KeySchema=_schema("pk", "sk"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": _schema(partition, sort),
                "Projection": {"ProjectionType": "ALL"},
            }
            for index, partition, sort in indexes
        ],
    )


def _schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
