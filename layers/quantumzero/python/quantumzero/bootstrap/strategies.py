"""Strategies: settings, stores and the ready use case of evaluate_strategies."""

from __future__ import annotations

from functools import cache, partial

import msgspec

from quantumzero.adapters.aws.decisions import DynamoDecisions
from quantumzero.adapters.aws.executions import StepFunctionsTradeCycles
from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.adapters.aws.strategies import DynamoStrategies
from quantumzero.adapters.clocks import SystemClock
from quantumzero.bootstrap.aws import client
from quantumzero.bootstrap.settings import read_settings
from quantumzero.bootstrap.ticks import bar_store
from quantumzero.usecases.evaluate_strategies import EvaluateStrategies


class StrategySettings(msgspec.Struct, frozen=True):
    """Environment of whoever reads strategies and decisions."""

    table_strategies: str
    table_decisions: str


class EvaluationSettings(msgspec.Struct, frozen=True):
    """Environment of evaluate_strategies beyond that."""

    account: str
    table_ledger: str
    state_machine_trade_cycle: str


@cache
def strategy_repository() -> DynamoStrategies:
    """Return the process's view of the strategy documents."""
    settings = read_settings(StrategySettings)
    return DynamoStrategies(client("dynamodb"), settings.table_strategies)


@cache
def decision_store() -> DynamoDecisions:
    """Return the process's view of decisions and states."""
    settings = read_settings(StrategySettings)
    return DynamoDecisions(
        client("dynamodb"),
        table_strategies=settings.table_strategies,
        table_decisions=settings.table_decisions,
        machine=SystemClock(),
    )


@cache
def evaluate_strategies() -> EvaluateStrategies:
    """Return the process's evaluation of closed bars."""
    settings = read_settings(EvaluationSettings)
    return EvaluateStrategies(
        strategies=strategy_repository(),
        decisions=decision_store(),
        bars=bar_store(),
        holdings=DynamoLedger(
            client("dynamodb"), table=settings.table_ledger, account=settings.account
        ),
        cycles=StepFunctionsTradeCycles(
            partial(client, "stepfunctions"), settings.state_machine_trade_cycle
        ),
    )
