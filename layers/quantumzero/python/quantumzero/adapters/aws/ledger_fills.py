"""What lots follow from, once more and small: fills and corrections without the other events of an account's orders.

`F#{order}#{version}` repeats a fill, in the transaction of its event `E#{order}#{version}`. `J#{first}` is a page of
many; whoever reads packs fills into pages. The events stay the truth: pages and notes can be made anew from them, and
the same fill found twice counts once. They have a partition of their own, A#{account}#fills: a listing then reads them
without touching the busy one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.ledger_table import Item, LedgerTable, Value, attribute, item_of
from quantumzero.domain.errors import RetryableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Fills = dict[str, Mapping[str, Any]]

# What of an event lots are made of; a page holds it in this order, and a name is only ever added at the end.
COLUMNS = (
    "client_order_id", "version", "strategy", "symbol", "side", "at", "traded_at", "fill_quantity", "fill_cost",
    "position_version", "event", "subject", "before", "after", "cost_after",
)  # fmt: skip
# A page and the notes that it replaces are one transaction: at most 100 actions.
PAGE = 90
_NEW = "attribute_not_exists(pk)"
_EVENT, _NOTE, _SHEET = "E#", "F#", "J#"


def fills_of(partition: str) -> str:
    """Return the partition in which an account's notes and pages are."""
    return f"{partition}#fills"


def fill_note(event: Item) -> Item:
    """Return the small item that repeats a fill's event."""
    kept = {name: event[name] for name in COLUMNS if name in event}
    return {
        **kept,
        "pk": {"S": fills_of(event["pk"]["S"])},
        "sk": {"S": _NOTE + event["sk"]["S"].removeprefix(_EVENT)},
    }


def sheet_item(partition: str, fills: Mapping[str, Mapping[str, Any]]) -> Item:
    """Return the page of those fills, named by the first of them."""
    names = sorted(fills)
    lines = [[name, *(_text(fills[name].get(column)) for column in COLUMNS)] for name in names]
    values: dict[str, Value | None] = {
        "pk": fills_of(partition),
        "sk": f"{_SHEET}{names[0]}",
        "schema": 1,
        "lines": json.dumps(lines, separators=(",", ":")),
    }
    return item_of(values)


def _text(value: Any) -> str | None:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _read_sheet(sheet: Mapping[str, Any]) -> Fills:
    lines = {name: line for name, *line in json.loads(sheet["lines"])}
    return {
        name: {
            column: value for column, value in zip(COLUMNS, line, strict=False) if value is not None
        }
        for name, line in lines.items()
    }


class LedgerFills(LedgerTable):
    """Reads notes and pages, and packs them."""

    def noted_fills(self) -> tuple[Fills, Fills]:
        """Return the fills that are notes and those of the pages, each by order and version."""
        notes: Fills = {}
        pages: Fills = {}
        # Notes come first: one that is packed meanwhile is found twice, never not at all.
        for found in self.query(
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": attribute(fills_of(self.partition))},
            ConsistentRead=True,
        ):
            kind, name = found["sk"][: len(_NOTE)], found["sk"][len(_NOTE) :]
            if kind == _NOTE:
                notes[name] = found
            else:
                pages |= _read_sheet(found)
        return notes, pages

    def every_fill(self) -> Fills:
        """Return every fill and correction from the events themselves, as releases before the notes wrote them."""
        return {values["sk"].removeprefix(_EVENT): values for values in self._fill_events()}

    def _fill_events(self) -> Iterator[dict[str, Any]]:
        columns = (*COLUMNS, "sk")
        names = {f"#{place}": name for place, name in enumerate(columns)}
        return self.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            FilterExpression="attribute_exists(fill_quantity) OR attribute_exists(subject)",
            ProjectionExpression=", ".join(names),
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={
                ":pk": attribute(self.partition),
                ":prefix": attribute(_EVENT),
            },
            ConsistentRead=True,
        )

    def pack(self, unpacked: Fills, notes: Fills, *, least: int | None = None) -> None:
        """Put pages, full ones or of least fills, and drop the notes that a page replaces."""
        names = sorted(unpacked)
        for start in range(0, len(names), PAGE):
            chosen = names[start : start + PAGE]
            if len(chosen) < (least or PAGE):
                return
            sheet = sheet_item(self.partition, {name: unpacked[name] for name in chosen})
            put = {"TableName": self.table, "Item": sheet, "ConditionExpression": _NEW}
            try:
                self.write([{"Put": put}, *self._dropped(name for name in chosen if name in notes)])
            except RetryableError:
                # Another reader was first, or the table is busy: what is in no page now is packed by the next reader.
                return

    def _dropped(self, names: Iterator[str]) -> Sequence[dict[str, Any]]:
        return [
            {
                "Delete": {
                    "TableName": self.table,
                    "Key": item_of({"pk": fills_of(self.partition), "sk": _NOTE + name}),
                }
            }
            for name in names
        ]
