"""The risk check: its ready use case. Apart from bootstrap/ledger.py because it needs no broker."""

from __future__ import annotations

from functools import cache

from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.adapters.clocks import SystemClock
from quantumzero.bootstrap.inference import decision_reader
from quantumzero.bootstrap.ledger import LedgerSettings, bars, ledger, market_clock
from quantumzero.bootstrap.settings import read_settings
from quantumzero.usecases.check_risk import CheckRisk
from quantumzero.usecases.decide_order import DecideOrder
from quantumzero.usecases.stop_at_limits import StopAtLimits


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
    )


@cache
def check_risk() -> CheckRisk:
    """Return the use case of check_risk."""
    return CheckRisk(decisions=decision_reader(), decide=decide_order())
