"""The relay of trade updates: apart from the rest because it needs the WebSocket client."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from quantumzero.adapters.aws.leases import DynamoLeases
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.adapters.brokers.alpaca_trade_updates import AlpacaTradeUpdates
from quantumzero.adapters.brokers.paper_trade_updates import PaperTradeUpdates
from quantumzero.adapters.clocks import SystemClock
from quantumzero.bootstrap.aws import client
from quantumzero.bootstrap.guarantees import HealthSettings, heartbeats
from quantumzero.bootstrap.ledger import (
    BrokerChoice,
    BrokerSettings,
    apply_broker_order,
    broker,
    broker_keys,
    ledger,
    market_clock,
    rest_legs,
)
from quantumzero.bootstrap.settings import read_settings
from quantumzero.usecases.relay_trade_updates import RelayTradeUpdates

if TYPE_CHECKING:
    from quantumzero.ports.brokers import TradeUpdates


class RelaySettings(msgspec.Struct, frozen=True):
    """Environment of relay_trade_updates; the whole address of the stream."""

    trade_updates_url: str


def prepare_relay() -> None:
    """Read the settings and make the table's clients at the cold start."""
    if not read_settings(BrokerChoice).on_paper:
        read_settings(RelaySettings)
        read_settings(BrokerSettings)
    ledger()
    heartbeats()


@cache
def relay_trade_updates() -> RelayTradeUpdates:
    """Return the use case of relay_trade_updates."""
    leases = DynamoLeases(
        client("dynamodb"), read_settings(HealthSettings).table_leases, SystemClock()
    )
    return RelayTradeUpdates(
        stream=_stream(),
        apply=apply_broker_order(),
        leases=leases,
        heartbeats=heartbeats(),
        alerts=ledger(),
        market=market_clock(),
        machine=SystemClock(),
        legs=rest_legs(),
    )


def _stream() -> TradeUpdates:
    if read_settings(BrokerChoice).on_paper:
        return PaperTradeUpdates(broker(), market_clock())
    keys = broker_keys()
    return AlpacaTradeUpdates(
        read_settings(RelaySettings).trade_updates_url,
        key_id=keys.key_id,
        secret_key=keys.secret_key,
        backoff=JitteredBackoff(base=0.5, longest=15.0),
    )
