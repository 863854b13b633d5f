"""Cursors that were not made by the ledger are refused with words."""

from __future__ import annotations

import base64
import json

import pytest

from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.domain.errors import InvalidInputError


@pytest.mark.parametrize(
    "cursor",
    [
        "%%%",
        base64.urlsafe_b64encode(b"[]").decode(),
        base64.urlsafe_b64encode(b"{}").decode(),
        base64.urlsafe_b64encode(json.dumps(["A#other", "O#1", "other", "x"]).encode()).decode(),
    ],
)
def test_a_cursor_of_somebody_else_is_refused(cursor: str) -> None:
    ledger = DynamoLedger(None, table="ledger", account="main")
    with pytest.raises(InvalidInputError, match="cursor") as caught:
        ledger.orders(state=None, symbol=None, limit=5, cursor=cursor)
    assert caught.value.field == "query.cursor"
