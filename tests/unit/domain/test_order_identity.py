"""The same intent always has the same name, another one another."""

from __future__ import annotations

from datetime import UTC, datetime

from quantumzero.domain.order_identity import claim_id, client_order_id, is_ours

INTENT = {
    "account": "main",
    "strategy": "sma-cross",
    "version": 1,
    "decided_at": datetime(2005, 2, 28, 21, 0, tzinfo=UTC),
    "symbol": "AAPL",
}


def test_the_name_never_changes_between_releases() -> None:
    assert client_order_id(**INTENT) == client_order_id(**INTENT)
    assert client_order_id(**INTENT) == "qz1-yttdojouopp64pl5b5kvn7on4w"


def test_each_part_of_the_intent_changes_the_name() -> None:
    changes = [
        {"account": "other"},
        {"strategy": "other"},
        {"version": 2},
        {"decided_at": datetime(2005, 3, 1, 21, 0, tzinfo=UTC)},
        {"symbol": "IBM"},
        {"leg": "exit"},
        {"intent": 1},
    ]
    names = {client_order_id(**{**INTENT, **change}) for change in ({}, *changes)}
    assert len(names) == 8


def test_names_fit_every_broker_and_are_known_as_ours() -> None:
    name = client_order_id(**INTENT)
    assert len(name) == 30
    assert is_ours(name)
    assert not is_ours("someone-elses")


def test_a_claim_belongs_to_one_request_on_one_order() -> None:
    assert claim_id("a", "r1") == claim_id("a", "r1")
    assert len({claim_id("a", "r1"), claim_id("a", "r2"), claim_id("b", "r1")}) == 3
