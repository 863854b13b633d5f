"""Polling a vendor for trades: its settings and the ready use case.

Apart from bootstrap/ticks.py because the vendor's client is heavy and process_ticks must not import
it.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Literal

import msgspec

from quantumzero.adapters.aws.leases import DynamoCursors, DynamoHeartbeats
from quantumzero.adapters.aws.secrets import read_secret
from quantumzero.adapters.aws.tick_stream import KinesisTickStream
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.adapters.clocks import SystemClock
from quantumzero.adapters.feeds.alpaca import AlpacaTradeFeed
from quantumzero.bootstrap.aws import client
from quantumzero.bootstrap.settings import read_settings
from quantumzero.bootstrap.ticks import names
from quantumzero.usecases.poll_market import Pace, PollMarket


class PollMarketSettings(msgspec.Struct, frozen=True):
    """Environment of poll_market; symbols is a comma list."""

    table_leases: str
    stream_ticks: str
    secret_broker: str
    broker_url: str
    market_data_url: str
    symbols: str
    market_clock: Literal["machine", "data"] = "machine"


@cache
def poll_market() -> PollMarket:
    """Return the process's poll of the vendor."""
    settings = read_settings(PollMarketSettings)
    dynamodb = client("dynamodb")
    secret = read_secret(client("secretsmanager"), settings.secret_broker)
    feed = AlpacaTradeFeed(
        key_id=secret["key_id"],
        secret_key=secret["secret_key"],
        data_url=settings.market_data_url,
        broker_url=settings.broker_url,
    )
    # A replayed exchange stands still while it is read: nothing is late, a session is one read.
    replayed = settings.market_clock == "data"
    return PollMarket(
        feed=feed,
        stream=KinesisTickStream(client("kinesis"), settings.stream_ticks, JitteredBackoff()),
        cursors=DynamoCursors(dynamodb, settings.table_leases),
        heartbeats=DynamoHeartbeats(dynamodb, settings.table_leases, SystemClock()),
        symbols=names(settings.symbols),
        pace=Pace(timedelta(0), None) if replayed else Pace(),
    )
