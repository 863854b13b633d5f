"""What repairs everything faster: sweep, comparison with the broker, and the two ends of a session."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from quantumzero.adapters.aws.leases import DynamoHeartbeats
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.adapters.brokers.alpaca import AlpacaClock
from quantumzero.adapters.brokers.alpaca_activities import AlpacaActivities
from quantumzero.adapters.brokers.alpaca_corporate_actions import AlpacaCorporateActions
from quantumzero.adapters.brokers.paper_corporate_actions import StoredCorporateActions
from quantumzero.adapters.clocks import SystemClock
from quantumzero.bootstrap.aws import client
from quantumzero.bootstrap.inference import infer_signal, unordered_decisions
from quantumzero.bootstrap.ledger import (
    BrokerChoice,
    BrokerSettings,
    alpaca_http,
    apply_broker_order,
    bars,
    broker,
    broker_keys,
    cancel_orders,
    ledger,
    market_clock,
    place_order,
    rest_legs,
)
from quantumzero.bootstrap.risk import decide_order
from quantumzero.bootstrap.settings import read_settings
from quantumzero.usecases.book_incomes import BookIncomes
from quantumzero.usecases.carry_decisions import CarryDecisions
from quantumzero.usecases.check_protection import CheckProtection
from quantumzero.usecases.close_session import CloseSession
from quantumzero.usecases.initialise_account import InitialiseAccount
from quantumzero.usecases.prepare_session import PrepareSession
from quantumzero.usecases.reconcile_account import ReconcileAccount
from quantumzero.usecases.stop_at_limits import StopAtLimits
from quantumzero.usecases.sweep_orders import SweepOrders

if TYPE_CHECKING:
    from quantumzero.ports.brokers import CorporateActions
    from quantumzero.ports.clocks import MarketClock

# The key id that the deployment makes up (stacks/blocks/broker_secret.py).
NOT_FILLED_IN = "not-filled-in-yet"


class HealthSettings(msgspec.Struct, frozen=True):
    """Environment of whoever notes its success."""

    table_leases: str


class TimeframeSettings(msgspec.Struct, frozen=True):
    """Environment of whoever values holdings; a comma list."""

    timeframes: str = "1d"


class SessionSettings(msgspec.Struct, frozen=True):
    """Environment of prepare_session; symbols is a comma list."""

    symbols: str
    market_data_url: str


@cache
def heartbeats() -> DynamoHeartbeats:
    """Return where successes are noted."""
    table = read_settings(HealthSettings).table_leases
    return DynamoHeartbeats(client("dynamodb"), table, SystemClock())


@cache
def carry_decisions() -> CarryDecisions:
    """Return the use case that finds decisions without an order."""
    return CarryDecisions(
        decisions=unordered_decisions(),
        infer=infer_signal(),
        decide=decide_order(),
        place=place_order(),
        bars=bars(),
        alerts=ledger(),
        market=market_clock(),
        machine=SystemClock(),
    )


@cache
def sweep_orders() -> SweepOrders:
    """Return the use case of sweep_orders."""
    return SweepOrders(
        carry=carry_decisions(),
        ledger=ledger(),
        bars=bars(),
        broker=broker(),
        apply=apply_broker_order(),
        place=place_order(),
        cancel=cancel_orders(),
        alerts=ledger(),
        heartbeats=heartbeats(),
        market=market_clock(),
        machine=SystemClock(),
        protection=check_protection(),
    )


@cache
def check_protection() -> CheckProtection:
    """Return the use case that lets stops and targets go."""
    return CheckProtection(
        ledger=ledger(),
        bars=bars(),
        timeframes=_listed(read_settings(TimeframeSettings).timeframes),
        place=place_order(),
        rest=rest_legs(),
        sessions=ledger(),
        cancel=cancel_orders(),
        alerts=ledger(),
        market=market_clock(),
        machine=SystemClock(),
    )


@cache
def book_incomes() -> BookIncomes | None:
    """Return the use case that books what the vendor tells of; on paper nobody pays dividends."""
    if read_settings(BrokerChoice).on_paper:
        return None
    vendor = alpaca_http(read_settings(BrokerSettings).broker_url)
    return BookIncomes(
        activities=AlpacaActivities(vendor), ledger=ledger(), backoff=JitteredBackoff()
    )


@cache
def reconcile_account() -> ReconcileAccount:
    """Return the use case of reconcile_account."""
    return ReconcileAccount(
        books=ledger(),
        switch=ledger(),
        alerts=ledger(),
        heartbeats=heartbeats(),
        broker=broker(),
        apply=apply_broker_order(),
        reports=ledger(),
        bars=bars(),
        timeframe=_listed(read_settings(TimeframeSettings).timeframes)[0],
        market=market_clock(),
        machine=SystemClock(),
        backoff=JitteredBackoff(base=0.2, longest=1.0),
        incomes=book_incomes(),
    )


@cache
def prepare_session() -> PrepareSession:
    """Return the use case of prepare_session."""
    settings = read_settings(SessionSettings)
    return PrepareSession(
        symbols=_listed(settings.symbols),
        broker_clock=_broker_clock(),
        actions=_corporate_actions(settings.market_data_url),
        bars=bars(),
        sessions=ledger(),
        initialise=InitialiseAccount(books=ledger(), broker=broker()),
        sweep=sweep_orders(),
        reconcile=reconcile_account(),
        heartbeats=heartbeats(),
        backoff=JitteredBackoff(),
    )


def _broker_clock() -> MarketClock:
    if read_settings(BrokerChoice).on_paper:
        return market_clock()
    return AlpacaClock(alpaca_http(read_settings(BrokerSettings).broker_url))


def _corporate_actions(url: str) -> CorporateActions:
    """Return the vendor's; on paper its keys need not be given, and the stored ones are all there are."""
    if read_settings(BrokerChoice).on_paper and broker_keys().key_id == NOT_FILLED_IN:
        return StoredCorporateActions(bars())
    return AlpacaCorporateActions(alpaca_http(url))


@cache
def close_session() -> CloseSession:
    """Return the use case of close_session."""
    return CloseSession(
        books=ledger(),
        sessions=ledger(),
        bars=bars(),
        timeframes=_listed(read_settings(TimeframeSettings).timeframes),
        market=market_clock(),
        heartbeats=heartbeats(),
        stops=StopAtLimits(switch=ledger(), alerts=ledger()),
    )


def _listed(text: str) -> list[str]:
    return [name for part in text.split(",") if (name := part.strip())]
