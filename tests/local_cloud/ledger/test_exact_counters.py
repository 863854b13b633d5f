"""Counters of the reservation on the emulator: threads at once never pass a count, a strategy's exposure or a rate."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.adapters.aws.risk_limits import DynamoLimits
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.domain.decisions import Action, Decision
from quantumzero.domain.errors import ConflictError
from quantumzero.domain.orders import OrderState
from quantumzero.domain.risk.account_risk import RiskLimits, default_limits
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.ports.ledger import AccountPicture
from quantumzero.usecases.decide_order import DecideOrder
from quantumzero.usecases.stop_at_limits import StopAtLimits
from tests.fakes.ledger_table import create_ledger_table
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from tests.local_cloud.emulator.cloud import Cloud

THREADS = 16
SIGNALS = 48
CASH = Decimal(1000000)
SECTOR = {f"S{index:03}": "technology" for index in range(0, SIGNALS, 2)}
# 1 % of the equity each: 10000 in whole shares of 40. limits -> how many pass, and the code of the others.
CASES: dict[str, tuple[dict[str, Any], int, str]] = {
    "count": ({"open_orders": Decimal(7)}, 7, "MAX_OPEN"),
    "strategy": ({"strategy_exposure": Decimal(95000)}, 9, "EXPOSURE_STRATEGY"),
    "rate": ({"messages_per_minute": Decimal(11)}, 11, "RATE_LIMIT"),
    "sector": ({"sectors": SECTOR, "sector_exposure": Decimal(55000)}, 29, "EXPOSURE_SECTOR"),
}


def opened(cloud: Cloud, table: str, limits: RiskLimits) -> tuple[DynamoLedger, DynamoLimits]:
    client = cloud.client("dynamodb")
    create_ledger_table(client, table)
    ledger = DynamoLedger(client, table=table, account="main")
    ledger.initialise(AccountPicture(CASH, 1, ()), limits, session=date(2005, 3, 1))
    return ledger, DynamoLimits(client, table=table, account="main")


@pytest.mark.parametrize("case", CASES)
def test_threads_at_once_take_exactly_the_room_that_there_is(cloud: Cloud, case: str) -> None:
    changes, room, code = CASES[case]
    ledger, store = opened(cloud, f"exact-{case}", replace(default_limits(CASH), **changes))
    desk = OrderDesk()
    deciding = DecideOrder(
        account="main",
        ledger=ledger,
        books=ledger,
        strategies=ledger,
        bars=desk.bars,
        market=desk.market,
        machine=desk.machine,
        backoff=JitteredBackoff(),
        stops=StopAtLimits(switch=ledger, alerts=ledger),
        limits=replace(desk.limits, limits=store),
    )
    decisions = []
    for index in range(SIGNALS):
        desk.price(f"S{index:03}", "40")
        entry = desk.decision(f"S{index:03}", Action.ENTER_LONG, percent_of_equity=Decimal(1))
        decisions.append(entry)

    def decide(decision: Decision) -> object:
        try:
            return deciding.decide(decision, NO_MODEL)
        except ConflictError:
            # The platform calls again later.
            return None

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(decide, [*decisions, *decisions[::5]]))
    for decision in decisions:
        assert decide(decision) is not None
    orders, _ = ledger.orders(state=None, symbol=None, limit=500, cursor=None)
    approved = [each for each in orders if each.state is OrderState.INTENT]
    risk = ledger.risk()
    assert len(orders) == SIGNALS
    assert len(approved) == room
    assert {each.code for each in orders if each not in approved} == {code}
    assert risk.open_orders == sum(risk.working.values()) == room
    reserved = sum(each.reserved_value for each in approved)
    assert risk.gross_used == risk.open_reserved == sum(risk.strategy_reserved.values()) == reserved
