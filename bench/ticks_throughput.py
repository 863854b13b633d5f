"""Ticks per second of decode, validate and fold on one core, beside the same work by common tools.

Both sides start from the same Kinesis events (a one-second buffer of 10,000 ticks in 500 symbols, packed by the
product's packer as it packs them for the stream), refuse the same faults, drop the same repeats and keep one-minute
bars. The peer uses powertools' BatchProcessor, pydantic models and a pandas groupby. Runs alternate; times are CPU
seconds. A thin market fills records less, so the same is measured again at 100 ticks a record.
"""

from __future__ import annotations

import base64
import random
import time
from datetime import date
from statistics import median
from typing import Any

import pandas as pd
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from pydantic import BaseModel, PositiveInt, ValidationError

from quantumzero.contracts.tick_checkpoint import encode_state
from quantumzero.contracts.ticks import TICKS_PER_RECORD, pack_ticks
from quantumzero.domain.bar_building import ShardState
from quantumzero.domain.calendars import session_on, to_us
from quantumzero.domain.tick_folding import FoldRules, TickFolder
from quantumzero.domain.ticks import Trade
from quantumzero.usecases.process_ticks import fold_record

TICKS, SYMBOLS, THIN_RECORD = 10_000, 500, 100
SECOND_US, LATENESS_US, MINUTE_US = 1_000_000, 10_000_000, 60_000_000
GOAL_TICKS_PER_SECOND, GOAL_RATIO = 800_000, 8.0
_NAMES = tuple(f"S{number:03}" for number in range(SYMBOLS))


def measure(rounds: int = 9) -> dict[str, Any]:
    """Return ticks a second of both sides, their ratio, and the goals."""
    return {
        **compare(rounds, TICKS_PER_RECORD),
        "thin_records": compare(rounds, THIN_RECORD),
        "goal_ticks_per_second": GOAL_TICKS_PER_SECOND,
        "goal_ratio": GOAL_RATIO,
        "rounds": rounds,
    }


def compare(rounds: int, ticks_per_record: int) -> dict[str, Any]:
    """Run the sides in turn on the same events; raises AssertionError when their bars differ."""
    session = session_on(date(2024, 3, 5))
    if session is None:
        raise AssertionError("2024-03-05 was a session")
    opens, closes = to_us(session.opens_at), to_us(session.closes_at)
    events = [_event(opens, second, ticks_per_record) for second in range(rounds + 1)]
    ours, peer, lean = _Ours(), _Peer(opens, closes), _LeanPeer(opens, closes)
    seconds: dict[Any, list[float]] = {ours: [], peer: [], lean: []}
    for number, event in enumerate(events):
        for side, spent in seconds.items():
            began = time.process_time()
            side.run(event)
            if number:  # the first round warms all up
                spent.append(time.process_time() - began)
    _require_same_bars(ours, peer)
    _require_same_bars(ours, lean)
    own = median(seconds[ours])
    began = time.process_time()
    state_bytes = len(encode_state(ours.folder.state))
    return {
        "ticks_per_record": ticks_per_record,
        "checkpoint_milliseconds": round((time.process_time() - began) * 1000, 1),
        "checkpoint_bytes": state_bytes,
        "ticks_per_second": round(TICKS / own),
        "peer_ticks_per_second": round(TICKS / median(seconds[peer])),
        "ratio": round(median(seconds[peer]) / own, 1),
        "lean_peer_ticks_per_second": round(TICKS / median(seconds[lean])),
        "lean_ratio": round(median(seconds[lean]) / own, 1),
    }


def _event(opens: int, second: int, ticks_per_record: int) -> dict[str, Any]:
    draw = random.Random(second)  # noqa: S311 - the same ticks in every run
    start = opens + second * SECOND_US
    trades = [
        Trade(
            draw.choice(_NAMES),
            start + draw.randrange(SECOND_US),
            1_000_000 + draw.randrange(-5_000, 5_000),
            draw.randrange(1, 500),
            second * TICKS + number,
        )
        for number in range(TICKS)
    ]
    payloads = pack_ticks(
        "bench", trades, as_of=start + SECOND_US, ticks_per_record=ticks_per_record
    )
    return {
        "Records": [
            {
                "eventSource": "aws:kinesis",
                "eventID": f"shardId-000000000000:{second}{number:04}",
                "kinesis": {
                    "sequenceNumber": f"{second}{number:04}",
                    "data": base64.b64encode(payload).decode(),
                    "partitionKey": "market",
                    "approximateArrivalTimestamp": 1_700_000_000.0,
                },
            }
            for number, payload in enumerate(payloads)
        ]
    }


class _Ours:
    def __init__(self) -> None:
        self.folder = TickFolder(FoldRules(frozenset(_NAMES), ("1m",)), ShardState())

    def run(self, event: dict[str, Any]) -> None:
        for record in event["Records"]:
            fold_record(self.folder, base64.b64decode(record["kinesis"]["data"]))
        if self.folder.rejections:
            raise AssertionError(f"clean ticks were refused: {self.folder.rejections[0]}")


class _TickModel(BaseModel):
    symbol: str
    time: int
    price: PositiveInt
    size: PositiveInt
    id: int


class _SeriesModel(BaseModel):
    symbol: str
    times: list[int]
    prices: list[int]
    sizes: list[int]
    ids: list[int]


_FIELDS = ("symbol", "time", "price", "size", "id")


class _Peer:
    """What a careful team writes with the usual tools: one model a tick, so that one may be bad."""

    def __init__(self, opens: int, closes: int) -> None:
        self._opens, self._closes = opens, closes
        self._processor = BatchProcessor(event_type=EventType.KinesisDataStreams)
        self._rows: list[tuple[str, int, int, int, int]] = []
        self._refused: list[Any] = []
        self._seen: set[tuple[str, int]] = set()
        self._last: dict[str, int] = {}
        self._newest: dict[str, int] = {}
        self._as_of = 0
        self.bars = pd.DataFrame()

    def run(self, event: dict[str, Any]) -> None:
        self._rows = []
        process_partial_response(
            event=event,
            record_handler=self._read,
            processor=self._processor,
            context=None,
        )
        self._fold(pd.DataFrame(self._rows, columns=list(_FIELDS)))

    def _read(self, record: Any) -> None:
        document = record.kinesis.data_as_json()
        self._as_of = max(self._as_of, document["as_of"])
        for symbol, *columns in document["series"]:
            for values in zip(*columns, strict=True):
                try:
                    tick = _TickModel.model_validate(
                        dict(zip(_FIELDS, (symbol, *values), strict=True))
                    )
                except ValidationError:
                    self._refused.append((symbol, *values))
                else:
                    self._rows.append((tick.symbol, tick.time, tick.price, tick.size, tick.id))

    def _fold(self, ticks: pd.DataFrame) -> None:
        reference = ticks["symbol"].map(self._last).fillna(ticks["price"])
        horizon = ticks["symbol"].map(self._newest).fillna(0) - LATENESS_US
        good = (
            ticks["symbol"].isin(_NAMES)
            & (ticks["price"] > 0)
            & (ticks["size"] > 0)
            & ticks["time"].between(self._opens, self._closes - 1)
            & (ticks["time"] >= horizon)
            & (ticks["time"] <= self._as_of + MINUTE_US)
            & ((ticks["price"] - reference).abs() <= 0.5 * reference)
        )
        ticks = ticks[good].drop_duplicates(["symbol", "id"])
        keys = list(zip(ticks["symbol"], ticks["id"], strict=True))
        ticks = ticks[[key not in self._seen for key in keys]]
        self._seen.update(keys)
        ticks = ticks.sort_values(["time", "id"])
        ticks = ticks.assign(opens=(ticks["time"] - self._opens) // MINUTE_US)
        bars = ticks.groupby(["symbol", "opens"], sort=False).agg(
            open=("price", "first"),
            high=("price", "max"),
            low=("price", "min"),
            close=("price", "last"),
            volume=("size", "sum"),
            trade_count=("size", "count"),
        )
        newest = ticks.groupby("symbol")[["price", "time"]].last()
        self._last.update(zip(newest.index, newest["price"], strict=True))
        self._newest.update(zip(newest.index, newest["time"], strict=True))
        joined = pd.concat([self.bars, bars]).groupby(level=[0, 1], sort=False)
        self.bars = joined.agg(
            {"open": "first", "high": "max", "low": "min", "close": "last", "volume": "sum",
             "trade_count": "sum"}
        )  # fmt: skip


class _LeanPeer(_Peer):
    """The same tools on whole columns: one malformed field costs the record."""

    def _read(self, record: Any) -> None:
        names = ("symbol", "times", "prices", "sizes", "ids")
        document = record.kinesis.data_as_json()
        self._as_of = max(self._as_of, document["as_of"])
        for series in document["series"]:
            one = _SeriesModel.model_validate(dict(zip(names, series, strict=True)))
            symbols = [one.symbol] * len(one.times)
            self._rows += zip(symbols, one.times, one.prices, one.sizes, one.ids, strict=True)


def _require_same_bars(ours: _Ours, peer: _Peer) -> None:
    found = {
        symbol: (window.open, window.high, window.low, window.close, window.volume)
        for symbol, state in ours.folder.state.symbols.items()
        for window in state.windows["1m"].values()
    }
    theirs = {
        symbol: (row.open, row.high, row.low, row.close, row.volume)
        for (symbol, _), row in zip(peer.bars.index, peer.bars.itertuples(), strict=True)
    }
    if found != theirs:
        raise AssertionError("the two sides made different bars: the comparison is void")


def main() -> dict[str, Any]:
    """Measure, print, and return the figures."""
    figures = measure()
    for one in (figures, figures["thin_records"]):
        print(
            f"process_ticks decode and fold, one core, {one['ticks_per_record']:,} ticks a record: "
            f"{one['ticks_per_second']:,} ticks/s (goal {GOAL_TICKS_PER_SECOND:,})\n"
            f"  BatchProcessor + pydantic + pandas, a model a tick: "
            f"{one['peer_ticks_per_second']:,} ticks/s, ratio {one['ratio']} (goal {GOAL_RATIO:g})\n"
            f"  the same on whole columns, which cannot set one bad tick aside: "
            f"{one['lean_peer_ticks_per_second']:,} ticks/s, ratio {one['lean_ratio']}"
        )
    print(
        f"checkpoint of {SYMBOLS} symbols: {figures['checkpoint_milliseconds']} ms, "
        f"{figures['checkpoint_bytes']:,} bytes"
    )
    return figures


if __name__ == "__main__":
    main()
