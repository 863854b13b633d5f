"""Requests are read out of the ledger's change stream by what an item became and what it was before."""

from __future__ import annotations

from typing import Any

import pytest

from quantumzero.adapters.aws.ledger_requests import requests_of
from quantumzero.adapters.aws.ledger_table import Item, item_of
from quantumzero.domain.ledger_requests import Asked, LedgerRequest

ORDER = {"client_order_id": "qz1-a", "state": "INTENT", "cancel_requested": False}
SENT = {**ORDER, "state": "ACCEPTED"}
ASKED = {**SENT, "cancel_requested": True, "reason": "cancel asked by me"}
RISK = {"state": "ACTIVE", "epoch": 1}
HALTED = {**RISK, "state": "HALTED"}


def change(sort: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any]:
    image: dict[str, Any] = {"Keys": {"pk": {"S": "A#main"}, "sk": {"S": sort}}}
    images: dict[str, Item | None] = {
        "OldImage": None if old is None else item_of(old),
        "NewImage": None if new is None else item_of(new),
    }
    return image | {name: each for name, each in images.items() if each is not None}


def scoped(state: str) -> dict[str, Any]:
    return {**RISK, "scope:symbol:AAPL": f"{state}\n\nme\ntest", "halted_scope": "symbol:AAPL"}


@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [
        (None, {**ORDER, "origin": "manual"}, Asked.SEND),
        (None, {**ORDER, "replaces": "qz1-b"}, Asked.SEND),
        (None, ORDER, None),
        (None, {**ORDER, "origin": "manual", "held": True}, None),
        (None, {**ORDER, "origin": "manual", "state": "DENIED"}, None),
        (SENT, ASKED, Asked.CANCEL),
        (ASKED, {**ASKED, "state": "PARTIAL"}, None),
        (SENT, {**SENT, "cancel_requested": True}, None),
        (SENT, None, None),
    ],
)
def test_an_order_asks_to_be_sent_or_cancelled_once(
    old: dict[str, Any] | None, new: dict[str, Any] | None, asked: Asked | None
) -> None:
    expected = [] if asked is None else [LedgerRequest(asked, "qz1-a")]
    assert list(requests_of(change("O#qz1-a", old, new))) == expected


@pytest.mark.parametrize(
    ("old", "new", "scopes"),
    [
        (RISK, HALTED, [""]),
        (HALTED, {**HALTED, "epoch": 2}, []),
        (HALTED, RISK, []),
        (RISK, {**RISK, "state": "REDUCING"}, []),
        (RISK, scoped("HALTED"), ["symbol:AAPL"]),
        (scoped("REDUCING"), scoped("HALTED"), ["symbol:AAPL"]),
        (scoped("HALTED"), {**scoped("HALTED"), "gross_used": 5}, []),
        (RISK, scoped("REDUCING"), []),
        (scoped("HALTED"), {**scoped("HALTED"), "state": "HALTED"}, [""]),
    ],
)
def test_the_risk_item_asks_for_a_halt_when_it_becomes_one(
    old: dict[str, Any], new: dict[str, Any], scopes: list[str]
) -> None:
    expected = [LedgerRequest(Asked.HALT, scope) for scope in scopes]
    assert list(requests_of(change("RISK", old, new))) == expected


def test_other_items_ask_for_nothing() -> None:
    assert list(requests_of(change("AL#1", None, {"id": "a", "state": "HALTED"}))) == []
