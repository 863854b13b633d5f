"""Bursts of ticks through the deployed path: packed by the product, put on the stream, drained into bars."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.clients import client
from quantumzero.adapters.aws.tick_stream import KinesisTickStream
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.contracts.ticks import pack_ticks
from quantumzero.domain.calendars import Session, next_session, to_us
from quantumzero.domain.ticks import Trade

if TYPE_CHECKING:
    from datetime import date

    from local.cloud import LocalCloud

SYMBOLS = ("AAPL", "GOOG", "IBM", "MSFT")
_PRICE, _SWING = 500_000, 2_000  # units of 0.0001
_DRAIN_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Burst:
    """One session's ticks, packed; volumes are shares of each symbol."""

    session: Session
    records: list[bytes]
    ticks: int
    volumes: dict[str, int]


def make_burst(session: Session, ticks: int) -> Burst:
    """Spread that many trades over the session, each symbol in turn; the last record closes the session's bars."""
    opens, closes = to_us(session.opens_at), to_us(session.closes_at)
    step = (closes - opens) // (ticks + 1)
    volumes = dict.fromkeys(SYMBOLS, 0)
    trades = []
    for number in range(ticks):
        symbol = SYMBOLS[number % len(SYMBOLS)]
        size = 1 + number % 300
        volumes[symbol] += size
        price = _PRICE + number * 7_919 % _SWING
        trades.append(Trade(symbol, opens + number * step, price, size, opens + number))
    records = pack_ticks("bench", trades, as_of=closes, watermark=closes)
    return Burst(session, records, ticks, volumes)


def drain_seconds(cloud: LocalCloud, burst: Burst) -> float:
    """Put the burst on the stream and return the seconds until the API shows its bars; raises when one is wrong."""
    stream = KinesisTickStream(
        client("kinesis", cloud.endpoint), cloud.outputs["TicksStreamName"], JitteredBackoff()
    )
    closes_at = f"{burst.session.closes_at:%Y-%m-%dT%H:%M:%SZ}"
    began = time.monotonic()
    stream.put(burst.records[:-1])
    stream.put(burst.records[-1:])  # the watermark, after all that it promises
    cloud.wait_quiet(closes_at, _DRAIN_SECONDS)
    for symbol, volume in burst.volumes.items():
        bar = cloud.api.get("/v1/bars", symbol=symbol, limit=1)["bars"][-1]
        if (bar["closes_at"], bar["volume"]) != (closes_at, volume):
            raise AssertionError(
                f"the burst's bar of {symbol} was {bar}; it must close at {closes_at} with {volume} "
                "shares: the figure is void"
            )
    return time.monotonic() - began


def measure_bursts(
    cloud: LocalCloud, after: date, *, ticks: int, rounds: int
) -> tuple[list[float], float]:
    """Drain one burst a session, in those that follow a date; return ticks a second, and the bytes of a tick."""
    rates, size, day = [], 0.0, after
    for number in range(rounds + 1):
        session = next_session(day)
        day = session.opens_at.date()
        burst = make_burst(session, ticks)
        seconds = drain_seconds(cloud, burst)
        size = sum(map(len, burst.records)) / burst.ticks
        if number:  # the first warms the path
            rates.append(burst.ticks / seconds)
    return rates, size
