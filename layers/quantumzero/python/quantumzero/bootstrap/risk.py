"""The risk check: its ready use case. Apart from bootstrap/ledger.py because it needs no broker."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Literal

import msgspec

from quantumzero.adapters.aws.risk_limits import DynamoLimits
from quantumzero.adapters.aws.strategies import DynamoStrategies
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.adapters.brokers.alpaca_http import AlpacaHttp
from quantumzero.adapters.clocks import SystemClock
from quantumzero.adapters.feeds.alpaca_quotes import (
    CONNECT_SECONDS,
    READ_SECONDS,
    AlpacaQuotes,
)
from quantumzero.bootstrap.aws import client
from quantumzero.bootstrap.inference import RegistrySettings, decision_reader
from quantumzero.bootstrap.ledger import (
    BrokerChoice,
    LedgerSettings,
    bars,
    broker_keys,
    ledger,
    market_clock,
)
from quantumzero.bootstrap.settings import read_settings
from quantumzero.domain.risk.limit_changes import read_ceilings
from quantumzero.usecases.change_limits import ChangeLimits
from quantumzero.usecases.check_risk import CheckRisk
from quantumzero.usecases.decide_order import DecideOrder
from quantumzero.usecases.request_cancel import RequestCancel
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


class QuoteChoice(msgspec.Struct, frozen=True):
    """Environment of whoever decides: whether entries are held to the newest quote, and whose."""

    quotes: Literal["off", "alpaca"] = "off"


class QuoteSettings(msgspec.Struct, frozen=True):
    """Environment of whoever reads quotes."""

    market_data_url: str


@cache
def market_quotes() -> AlpacaQuotes | None:
    """Return the newest quotes where entries are held to them; the keys are read with the first."""
    if read_settings(QuoteChoice).quotes == "off":
        return None
    read_settings(QuoteSettings)
    return AlpacaQuotes(_quote_http)


@cache
def _quote_http() -> AlpacaHttp:
    keys = broker_keys()
    return AlpacaHttp(
        read_settings(QuoteSettings).market_data_url,
        key_id=keys.key_id,
        secret_key=keys.secret_key,
        connect_seconds=CONNECT_SECONDS,
        read_seconds=READ_SECONDS,
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
        quotes=market_quotes(),
    )


@cache
def check_risk() -> CheckRisk:
    """Return the use case of check_risk."""
    return CheckRisk(decisions=decision_reader(), decide=decide_order())


@cache
def request_cancel() -> RequestCancel:
    """Return the use case that asks for an order's end where there are no broker's keys."""
    return RequestCancel(
        ledger=ledger(),
        market=market_clock(),
        backoff=JitteredBackoff(),
        machine=SystemClock(),
    )
