"""A decision's size and protection come back as they were, and what was stored before they existed still reads."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from quantumzero.adapters.aws.decision_items import decision_from, decision_item, unordered_item
from quantumzero.domain.decisions import Action, Decision
from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.order_identity import order_id_of
from quantumzero.domain.protection_plan import Offset, ProtectionPlan
from quantumzero.domain.sizing import SizeRequest
from quantumzero.domain.strategy.document import SizingMethod

CLOSES_AT = datetime(2024, 3, 1, 21, tzinfo=UTC)
# As the release before this one wrote it.
BEFORE = {
    "pk": {"S": "D#cross"},
    "sk": {"S": "2024-03-01T21:00:00Z#AAPL"},
    "bucket": {"S": "D"},
    "sort": {"S": "2024-03-01T21:00:00Z#cross#AAPL"},
    "id": {"S": "cross-v1-AAPL-20240301T210000Z"},
    "strategy": {"S": "cross"},
    "version": {"N": "1"},
    "symbol": {"S": "AAPL"},
    "timeframe": {"S": "1d"},
    "closes_at": {"S": "2024-03-01T21:00:00Z"},
    "action": {"S": "enter_long"},
    "reason": {"S": "entered: close > open is true"},
    "price": {"N": "1234500"},
    "position": {"S": "0"},
    "bar_revision": {"N": "0"},
    "percent_of_equity": {"S": "12.5"},
    "values": {"S": '{"close":123.45}'},
}
SIZES = [
    SizeRequest(SizingMethod.FIXED_QUANTITY, Decimal("2.5"), None),
    SizeRequest(SizingMethod.FIXED_NOTIONAL, Decimal(5000), 100),
    SizeRequest(SizingMethod.RISK_PERCENT, Decimal(1), stop_distance=Decimal("1.2345678901234567")),
    SizeRequest(
        SizingMethod.VOLATILITY_TARGET,
        Decimal(15),
        volatility_percent=Decimal("23.456"),
        most_percent=Decimal(200),
    ),
]
PLAN = ProtectionPlan(
    stop_loss=Offset(money=Decimal("1.25")),
    take_profit=Offset(percent=Decimal(8)),
    time_stop_bars=20,
    timeframe="1d",
)


def decided(**changes: object) -> Decision:
    values: dict[str, object] = {
        "id": "cross-v1-AAPL-20240301T210000Z",
        "strategy": "cross",
        "version": 1,
        "symbol": "AAPL",
        "timeframe": "1d",
        "closes_at": CLOSES_AT,
        "action": Action.ENTER_LONG,
        "reason": "entered: close > open is true",
        "price": 1_234_500,
        "position": Decimal(0),
        "bar_revision": 0,
        "percent_of_equity": Decimal("12.5"),
        "values": {"close": 123.45},
    }
    return Decision(**{**values, **changes})  # type: ignore[arg-type]  # built by name


@pytest.mark.parametrize("size", SIZES)
def test_a_size_and_a_protection_come_back_as_they_were(size: SizeRequest) -> None:
    decision = decided(size=size, protection=PLAN, percent_of_equity=Decimal(0))
    assert decision_from(decision_item(decision)) == decision
    assert decision_from(unordered_item(decision, CLOSES_AT)) == decision


def test_a_decision_of_the_release_before_is_a_percent_of_equity() -> None:
    decision = decision_from(BEFORE)
    assert decision == decided()
    assert decision.sizing == SizeRequest(SizingMethod.PERCENT_OF_EQUITY, Decimal("12.5"))
    assert decision.protection is None
    # Nothing of an order's name follows from what was added.
    assert order_id_of("main", decision) == order_id_of("main", decided(size=SIZES[0]))


def test_a_decision_without_either_is_written_as_the_release_before_wrote_it() -> None:
    assert decision_item(decided()) == BEFORE


def test_what_a_newer_release_adds_to_a_size_is_passed_over() -> None:
    item = decision_item(decided(size=SIZES[0]))
    item["size"] = {"S": item["size"]["S"].replace("{", '{"colour":"blue",', 1)}
    assert decision_from(item).size == SIZES[0]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"method":"martingale","amount":"1","lot":1}'])
def test_a_size_that_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(CorruptDataError, match="a stored size was not readable"):
        decision_from({**BEFORE, "size": {"S": text}})
