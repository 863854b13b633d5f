"""`python -m cli.copy_table SOURCE TARGET [--prune]`: bring a restored table's items back into the one that is used.

A restore makes a new table, and the stacks know the old one by name. With --prune what the source does not have is
deleted from the target: right for the ledger, whose items belong together.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import botocore.session

if TYPE_CHECKING:
    from collections.abc import Iterator

_BATCH = 25
Key = tuple[str, str]


def copy_table(client: Any, source: str, target: str, *, prune: bool) -> tuple[int, int]:
    """Copy every item; return how many were copied and how many deleted."""
    kept: set[Key] = set()
    requests: list[dict[str, Any]] = []
    for item in _items(client, source):
        kept.add(_key(item))
        requests.append({"PutRequest": {"Item": item}})
        requests = _sent(client, target, requests, _BATCH)
    _sent(client, target, requests, 1)
    newer = [_key(item) for item in _items(client, target)] if prune else []
    gone = [key for key in newer if key not in kept]
    deletions = [{"DeleteRequest": {"Key": {"pk": {"S": pk}, "sk": {"S": sk}}}} for pk, sk in gone]
    for start in range(0, len(deletions), _BATCH):
        _sent(client, target, deletions[start : start + _BATCH], 1)
    return len(kept), len(gone)


def _items(client: Any, table: str) -> Iterator[dict[str, Any]]:
    for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def _key(item: dict[str, Any]) -> Key:
    return item["pk"]["S"], item["sk"]["S"]


def _sent(
    client: Any, table: str, requests: list[dict[str, Any]], least: int
) -> list[dict[str, Any]]:
    """Write the requests once there are enough, until the table has taken all; return what is left to write."""
    if len(requests) < least:
        return requests
    while requests:
        answer = client.batch_write_item(RequestItems={table: requests})
        requests = answer.get("UnprocessedItems", {}).get(table, [])
    return []


def main(arguments: list[str]) -> int:
    """Copy with the credentials and the region of the environment."""
    names = [each for each in arguments if not each.startswith("--")]
    options = set(arguments) - set(names)
    if len(names) != 2 or options - {"--prune"}:
        sys.stderr.write(f"arguments were {arguments}; give SOURCE TARGET [--prune]\n")
        return 2
    client = botocore.session.get_session().create_client("dynamodb")
    copied, deleted = copy_table(client, *names, prune="--prune" in options)
    sys.stdout.write(f"{copied} items copied, {deleted} deleted\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
