"""What is free is the ledger's cash, or the broker's buying power where that is less, less a haircut."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.risk import buying_power
from quantumzero.domain.risk.account_risk import BrokerPower
from quantumzero.domain.risk.limit_values import looser, read_limit
from quantumzero.domain.risk.reservation import guard_of
from tests.unit.domain.risk.test_controls import ACCOUNT, CLOSE, ENTRY, EXIT

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal

# ENTRY costs 500 times 40.
VALUE = Decimal(20_000)


def entry(
    *, cash: int, reserved: int = 0, haircut: str = "0", power: BrokerPower | None = None
) -> Proposal:
    limits = replace(ACCOUNT.limits, haircut_percent=Decimal(haircut))
    account = replace(ACCOUNT, limits=limits, open_reserved=Decimal(reserved), broker_power=power)
    return replace(ENTRY, cash=Decimal(cash), account=account)


def lends(amount: str, free: int, *, minutes: int = 0) -> BrokerPower:
    return BrokerPower(Decimal(amount), Decimal(free), CLOSE - timedelta(minutes=minutes))


PASSES = {
    "exactly the cash": entry(cash=20_000),
    "cash beside a reservation": entry(cash=25_000, reserved=5_000),
    "the broker lends exactly that": entry(cash=50_000, power=lends("20000", 50_000)),
    "the broker lends more than there is cash": entry(cash=20_000, power=lends("80000", 20_000)),
    "a rounded cent is nothing": entry(cash=20_000, power=lends("19999.995", 20_000)),
    "an old word counts for nothing": entry(cash=20_000, power=lends("0", 20_000, minutes=16)),
    "half of it after a haircut": entry(cash=40_000, haircut="50"),
}
REFUSALS: dict[str, tuple[Proposal, str]] = {
    "a dollar too little": (entry(cash=19_999), "19999"),
    "promised to another order": (entry(cash=20_000, reserved=1), "19999"),
    "the broker lends less": (entry(cash=50_000, power=lends("19999", 50_000)), "19999"),
    "reserved since the broker's word": (
        entry(cash=50_000, reserved=30_001, power=lends("50000", 50_000)),
        "19999",
    ),
    "paid since the broker's word": (entry(cash=21_000, power=lends("48000", 50_000)), "19000"),
    "a word that just counts": (entry(cash=20_000, power=lends("0", 20_000, minutes=15)), "0"),
    "held back": (entry(cash=40_000, haircut="50.5"), "19800.0"),
}


@pytest.mark.parametrize("name", PASSES)
def test_what_is_free_pays(name: str) -> None:
    assert buying_power.check(PASSES[name]) is None
    bound = guard_of(PASSES[name]).reserved_before
    assert bound is not None
    assert PASSES[name].account.open_reserved <= bound


@pytest.mark.parametrize("name", REFUSALS)
def test_what_is_not_free_does_not_and_the_transaction_says_the_same(name: str) -> None:
    proposal, free = REFUSALS[name]
    refusal = buying_power.check(proposal)
    assert refusal is not None
    assert (refusal.code, refusal.limit, refusal.value) == ("BUYING_POWER", Decimal(free), VALUE)
    bound = guard_of(proposal).reserved_before
    assert bound is not None
    assert proposal.account.open_reserved > bound


def test_the_refusal_says_whose_money_it_was() -> None:
    lent = buying_power.check(REFUSALS["the broker lends less"][0])
    held_back = buying_power.check(REFUSALS["held back"][0])
    assert lent is not None
    assert held_back is not None
    assert "of the broker's buying power" in lent.text
    assert held_back.text.endswith("after a haircut of 50.5 %")


def test_an_exit_needs_no_money() -> None:
    poor = replace(EXIT, cash=Decimal(0), account=entry(cash=0, power=lends("0", 9)).account)
    assert buying_power.check(poor) is None


@pytest.mark.parametrize("text", ["100", "-1", "none", "NaN", "1.000000001"])
def test_a_haircut_is_a_part_and_never_all(text: str) -> None:
    with pytest.raises(InvalidInputError, match="from 0 to below 100"):
        read_limit("haircut_percent", text)


def test_a_smaller_haircut_loosens() -> None:
    values: list[Any] = [read_limit("haircut_percent", text) for text in ("0", "25")]
    assert looser("haircut_percent", values[1], values[0])
    assert not looser("haircut_percent", values[0], values[1])
