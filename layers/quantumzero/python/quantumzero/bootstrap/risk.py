"""The risk check: its ready use case. Apart from bootstrap/ledger.py because it needs no broker."""

from __future__ import annotations

from functools import cache

import msgspec

from quantumzero.adapters.aws.decisions import DynamoDecisions
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.adapters.clocks import SystemClock
from quantumzero.bootstrap.aws import client
from quantumzero.bootstrap.ledger import LedgerSettings, bars, ledger, market_clock
from quantumzero.bootstrap.settings import read_settings
from quantumzero.usecases.check_risk import CheckRisk
from quantumzero.usecases.decide_order import DecideOrder


class DecisionSettings(msgspec.Struct, frozen=True):
    """Environment of whoever reads decisions."""

    table_decisions: str


@cache
def check_risk() -> CheckRisk:
    """Return the use case of check_risk."""
    decide = DecideOrder(
        account=read_settings(LedgerSettings).account,
        ledger=ledger(),
        books=ledger(),
        strategies=ledger(),
        bars=bars(),
        market=market_clock(),
        machine=SystemClock(),
        backoff=JitteredBackoff(),
    )
    # The strategies' table is for states, which the risk check never reads.
    decisions = DynamoDecisions(
        client("dynamodb"),
        table_strategies="",
        table_decisions=read_settings(DecisionSettings).table_decisions,
    )
    return CheckRisk(decisions=decisions, decide=decide)
