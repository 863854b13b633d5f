"""Strategy documents: versions that never change, and which of them trade."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quantumzero.domain.errors import NotFoundError
from quantumzero.ports.decisions import EnabledStrategy

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)


def test_the_same_text_keeps_its_version_and_another_text_gets_the_next(stores):
    assert stores.strategies.create("a", "one", now=NOW) == (1, True)
    assert stores.strategies.create("a", "one", now=NOW) == (1, False)
    assert stores.strategies.create("a", "two", now=NOW) == (2, True)
    assert stores.strategies.create("a", "one", now=NOW) == (3, True)
    assert [stores.strategies.document("a", version) for version in (1, 2, 3)] == [
        "one", "two", "one",
    ]  # fmt: skip


def test_a_new_strategy_does_not_trade(stores):
    stores.strategies.create("a", "one", now=NOW)
    stored = stores.strategies.strategy("a")
    assert (stored.latest_version, stored.enabled, stored.enabled_version) == (1, False, None)
    assert stored.updated_at == NOW
    assert list(stores.strategies.enabled()) == []


def test_the_version_that_trades_stays_when_a_new_one_is_stored(stores):
    stores.strategies.create("a", "one", now=NOW)
    stores.strategies.set_enabled("a", 1, now=NOW)
    stores.strategies.create("a", "two", now=NOW + timedelta(hours=1))
    stored = stores.strategies.strategy("a")
    assert (stored.latest_version, stored.enabled_version) == (2, 1)
    assert list(stores.strategies.enabled()) == [EnabledStrategy("a", 1, "one")]


def test_enabling_and_disabling_may_be_repeated(stores):
    stores.strategies.create("a", "one", now=NOW)
    later = NOW + timedelta(minutes=5)
    for _ in range(2):
        stored = stores.strategies.set_enabled("a", 1, now=later)
    assert (stored.enabled, stored.enabled_version, stored.updated_at) == (True, 1, later)
    for _ in range(2):
        stored = stores.strategies.set_enabled("a", None, now=later)
    assert (stored.enabled, stored.enabled_version) == (False, None)
    assert stores.strategies.strategy("a") == stored


def test_strategies_are_listed_by_name(stores):
    for name in ("zeta", "alpha", "beta"):
        stores.strategies.create(name, f"text of {name}", now=NOW)
        stores.strategies.set_enabled(name, 1, now=NOW)
    assert [each.name for each in stores.strategies.strategies()] == ["alpha", "beta", "zeta"]
    assert [each.name for each in stores.strategies.enabled()] == ["alpha", "beta", "zeta"]


def test_what_is_not_stored_is_said_to_be_unknown(stores):
    with pytest.raises(NotFoundError, match="'a'"):
        stores.strategies.strategy("a")
    stores.strategies.create("a", "one", now=NOW)
    with pytest.raises(NotFoundError, match="version was 2"):
        stores.strategies.document("a", 2)
    with pytest.raises(NotFoundError):
        stores.strategies.set_enabled("a", 2, now=NOW)
    with pytest.raises(NotFoundError):
        stores.strategies.set_enabled("b", None, now=NOW)
    assert [each.name for each in stores.strategies.strategies()] == ["a"]
