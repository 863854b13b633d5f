"""The risk check: its ready use case. Apart from bootstrap/ledger.py because it needs no broker."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import msgspec

from quantumzero.adapters.aws.risk_limits import DynamoLimits
from quantumzero.adapters.aws.strategies import DynamoStrategies
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.adapters.clocks import SystemClock
from quantumzero.bootstrap.aws import client
from quantumzero.bootstrap.inference import RegistrySettings, decision_reader
from quantumzero.bootstrap.ledger import (
    BrokerChoice,
    LedgerSettings,
    bars,
    ledger,
    market_clock,
)
from quantumzero.bootstrap.settings import read_settings
from quantumzero.domain.risk.limit_changes import read_ceilings
from quantumzero.usecases.change_limits import ChangeLimits
from quantumzero.usecases.check_risk import CheckRisk
from quantumzero.usecases.decide_order import DecideOrder
from quantumzero.usecases.stop_at_limits import StopAtLimits


class LimitSettings(msgspec.Struct, frozen=True):
    """Environment of whoever changes limits: hard ceilings (name=number, with commas) and the delay of raises."""

    limit_ceilings: str = ""
    limit_raise_minutes: int = 60


@cache
def change_limits() -> ChangeLimits:
    """Return the one way in which limits change."""
    settings = read_settings(LimitSettings)
    stored = read_settings(LedgerSettings)
    return ChangeLimits(
        limits=DynamoLimits(client("dynamodb"), table=stored.table_ledger, account=stored.account),
        machine=SystemClock(),
        backoff=JitteredBackoff(),
        delay=timedelta(minutes=settings.limit_raise_minutes),
        ceilings=read_ceilings(settings.limit_ceilings),
    )


@cache
def strategy_documents() -> DynamoStrategies:
    """Return where it is kept which strategies are enabled."""
    return DynamoStrategies(client("dynamodb"), read_settings(RegistrySettings).table_strategies)


@cache
def decide_order() -> DecideOrder:
    """Return the use case that turns a decision into an order."""
    return DecideOrder(
        account=read_settings(LedgerSettings).account,
        ledger=ledger(),
        books=ledger(),
        strategies=ledger(),
        bars=bars(),
        market=market_clock(),
        machine=SystemClock(),
        backoff=JitteredBackoff(),
        stops=StopAtLimits(switch=ledger(), alerts=ledger()),
        limits=change_limits(),
        broker=read_settings(BrokerChoice).broker,
        documents=strategy_documents(),
    )


@cache
def check_risk() -> CheckRisk:
    """Return the use case of check_risk."""
    return CheckRisk(decisions=decision_reader(), decide=decide_order())
