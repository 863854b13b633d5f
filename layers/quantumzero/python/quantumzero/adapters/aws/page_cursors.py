"""Cursors of listings: the keys of the last item shown, as text that a caller hands back unread."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence


def write_cursor(item: dict[str, Any], keys: Sequence[str]) -> str:
    """Return the cursor that continues after the item; keys are those of the table and index read."""
    text = json.dumps([item[key]["S"] for key in keys], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str, keys: Sequence[str]) -> dict[str, Any]:
    """Return the exclusive start key; raises InvalidInputError for a cursor of something else."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = json.loads(text)
    except (binascii.Error, ValueError):
        values = None
    if (
        not isinstance(values, list)
        or len(values) != len(keys)
        or not all(isinstance(value, str) and value for value in values)
    ):
        raise InvalidInputError(
            "cursor was not one that this listing gave; start again without it, or hand back "
            "next_cursor with the same filters",
            field="query.cursor",
        )
    return {key: {"S": value} for key, value in zip(keys, values, strict=True)}
