"""The RISK item over releases: what the first one wrote is read, and what is not changed is written as it was."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from quantumzero.adapters.aws.ledger_table import item_of, values_of
from quantumzero.adapters.aws.risk_items import (
    account_risk,
    limit_attribute,
    limit_values,
    risk_item,
    scope_text,
    scoped_state,
)
from quantumzero.domain.risk.account_risk import (
    AccountRisk,
    ScopedState,
    TradingState,
    default_limits,
)
from quantumzero.domain.risk.limit_values import NAMES
from quantumzero.domain.risk.limits import SessionRule

# As the first release writes it.
FIRST = {
    "pk": {"S": "A#main"},
    "sk": {"S": "RISK"},
    "state": {"S": "ACTIVE"},
    "epoch": {"N": "3"},
    "gross_used": {"N": "105"},
    "open_reserved": {"N": "63"},
    "gross_limit": {"N": "1000"},
    "symbol_limit": {"N": "400.00"},
    "order_limit": {"N": "300.00"},
    "collar_percent": {"N": "5"},
    "limits_version": {"N": "2"},
    "prepared_until": {"S": "2005-03-01"},
    "used:AAPL": {"N": "105"},
}
OTHERS = replace(
    default_limits(Decimal(1000)),
    net_exposure=Decimal("500.5"),
    order_quantity=None,
    drift_percent=Decimal(30),
    duplicate_seconds=None,
    open_orders=Decimal(3),
    session=SessionRule.EXTENDED,
    short_selling=True,
    restricted=frozenset({"IBM", "AAPL"}),
    strategies=frozenset({"sma-cross"}),
    sectors={"AAPL": "technology", "XOM": "energy"},
)


def test_an_item_of_the_first_release_has_the_defaults_of_every_newer_limit() -> None:
    risk = account_risk(values_of(FIRST))
    assert risk.limits == replace(default_limits(Decimal(1000)), version=2)
    assert (risk.open_orders, risk.scopes, risk.buckets, risk.limits_due) == (0, {}, {}, None)
    assert (risk.opening_equity, risk.peak_equity) == (None, None)


def test_limits_as_by_default_are_written_as_the_first_release_does() -> None:
    used = {"AAPL": Decimal(105)}
    limits = replace(default_limits(Decimal(1000)), version=2)
    risk = AccountRisk(
        TradingState.ACTIVE, limits, Decimal(105), Decimal(63), symbol_used=used, epoch=3
    )
    assert risk_item("A#main", risk, "2005-03-01") == FIRST


def test_every_limit_is_read_back_as_it_was_written() -> None:
    written = values_of(item_of({**limit_values(OTHERS), "limits_version": 1}))
    first = {**values_of(FIRST), **written}
    assert account_risk(first).limits == OTHERS
    assert len({limit_attribute(name) for name in NAMES}) == len(NAMES)


def test_a_scope_begins_with_its_state_and_keeps_every_line_of_its_reason() -> None:
    scoped = ScopedState(TradingState.REDUCING, None, "one\ntwo", None)
    assert scope_text(scoped).startswith("REDUCING")
    assert scoped_state(scope_text(scoped)) == scoped
