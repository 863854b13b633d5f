"""What the broker lends is read with every clean comparison, and orders are held to it until the next."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.decisions import Action
from quantumzero.domain.risk.account_risk import BrokerPower
from quantumzero.domain.risk.proposal import NO_MODEL
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.ports.brokers import BrokerAccount, BrokerPosition
    from quantumzero.usecases.decide_order import Verdict


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    return desk


def lending(desk: OrderDesk, amount: str) -> None:
    """Let the broker name that buying power."""
    told = desk.broker.holdings

    def holdings() -> tuple[BrokerAccount, Sequence[BrokerPosition]]:
        account, positions = told()
        return replace(account, buying_power=Decimal(amount)), positions

    desk.broker.holdings = holdings


def decide(desk: OrderDesk) -> Verdict:
    return desk.decide.decide(desk.decision("AAPL", Action.ENTER_LONG), NO_MODEL)


def test_an_entry_is_held_to_what_the_broker_lends(desk: OrderDesk) -> None:
    lending(desk, "15000")
    assert desk.reconcile.reconcile().clean
    verdict = decide(desk)
    assert (verdict.approved, verdict.code) == (False, "BUYING_POWER")
    assert "15000 of the broker's buying power" in verdict.reason


def test_a_word_older_than_a_quarter_of_an_hour_counts_for_nothing(desk: OrderDesk) -> None:
    lending(desk, "15000")
    desk.reconcile.reconcile()
    desk.machine.advance(15 * 60 + 1)
    assert decide(desk).approved


def test_a_broker_that_lends_more_changes_nothing(desk: OrderDesk) -> None:
    lending(desk, "400000")
    desk.reconcile.reconcile()
    assert decide(desk).approved
    power = desk.ledger.risk().broker_power
    assert power == BrokerPower(Decimal(400000), Decimal(100000), desk.machine.now())


def test_what_is_promised_already_is_not_missing_at_the_broker(desk: OrderDesk) -> None:
    desk.buy("AAPL")
    reserved = desk.ledger.risk().open_reserved
    assert reserved > 0
    lending(desk, str(100000 - reserved))
    desk.reconcile.reconcile()
    power = desk.ledger.risk().broker_power
    assert power is not None
    assert power.shortfall == 0


def test_a_comparison_that_is_not_clean_says_nothing_of_what_may_be_spent(desk: OrderDesk) -> None:
    lending(desk, "15000")
    desk.broker.cash -= 5
    assert not desk.reconcile.reconcile().clean
    assert desk.ledger.risk().broker_power is None
