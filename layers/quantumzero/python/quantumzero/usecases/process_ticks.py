"""Fold a batch of the tick stream into a shard's bars, exactly once."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.contracts.tick_salvage import salvage_record
from quantumzero.contracts.ticks import decode_record
from quantumzero.domain.errors import ConflictError, CorruptDataError
from quantumzero.domain.tick_folding import FoldRules, TickFolder
from quantumzero.domain.ticks import Quote, Reason, Rejection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.contracts.ticks import TickRecord
    from quantumzero.domain.bar_building import ShardState
    from quantumzero.ports.ticks import Checkpoints, Quarantine

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """One record of a shard: its number, its bytes, and the day (ISO date) on which it arrived."""

    sequence: int
    data: bytes
    arrived_on: str


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What a batch changed; all zero when every record had been folded in before."""

    folded: int = 0
    repeated: int = 0
    outside_session: int = 0
    quarantined: int = 0
    bars_closed: int = 0


@dataclass(frozen=True, slots=True)
class _Refused:
    record: StreamRecord
    source: str
    rejections: list[Rejection]


class ProcessTicks:
    """Keeps the last committed state of each shard, so that a warm process reads nothing."""

    def __init__(
        self, *, checkpoints: Checkpoints, quarantine: Quarantine, rules: FoldRules
    ) -> None:
        self._checkpoints = checkpoints
        self._quarantine = quarantine
        self._rules = rules
        self._states: dict[str, ShardState] = {}

    def __call__(self, shard: str, records: Sequence[StreamRecord]) -> BatchOutcome:
        """Fold the records not folded before and commit their bars with the new state.

        Raises ConflictError when other writers keep winning and UnavailableError when a store does
        not answer; the batch may be delivered again then.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._process(shard, records)
            except ConflictError:
                if attempt == _ATTEMPTS:
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _process(self, shard: str, records: Sequence[StreamRecord]) -> BatchOutcome:
        # The folder changes the state in place: only a commit may put it back into the cache.
        state = self._states.pop(shard, None) or self._checkpoints.load(shard)
        previous = state.last_sequence
        folder = TickFolder(self._rules, state)
        refused: list[_Refused] = []
        for record in sorted(records, key=lambda one: one.sequence):
            if record.sequence <= state.last_sequence:
                continue
            source = fold_record(folder, record.data)
            if rejections := folder.take_rejections():
                refused.append(_Refused(record, source, rejections))
            state.last_sequence = record.sequence
        if state.last_sequence > previous:
            for one in refused:
                self._put_in_quarantine(shard, one)
            bars = sorted(folder.closed, key=lambda bar: (bar.closes_at, bar.symbol, bar.timeframe))
            self._checkpoints.commit(shard, state, previous_sequence=previous, bars=bars)
        self._states[shard] = state
        return BatchOutcome(
            folded=folder.counts.folded,
            repeated=folder.counts.repeated,
            outside_session=folder.counts.outside_session,
            quarantined=sum(len(one.rejections) for one in refused),
            bars_closed=len(folder.closed),
        )

    def _put_in_quarantine(self, shard: str, refused: _Refused) -> None:
        record = refused.record
        self._quarantine.put(
            day=record.arrived_on,
            name=f"{shard}-{record.sequence}",
            content={
                "shard": shard,
                "sequence": str(record.sequence),
                "source": refused.source,
                "rejections": [
                    {"reason": str(one.reason), "tick": one.tick, "detail": one.detail}
                    for one in refused.rejections
                ],
                "raw_base64": base64.b64encode(record.data).decode(),
            },
        )


def fold_record(folder: TickFolder, data: bytes) -> str:
    """Fold one record's bytes and return its source; whatever is wrong in it becomes a
    rejection.
    """
    try:
        record = decode_record(data)
    except CorruptDataError:
        try:
            record, rejections = salvage_record(data)
        except CorruptDataError as error:
            folder.rejections.append(Rejection(Reason.UNDECODABLE, "", str(error)))
            return ""
        folder.rejections += rejections
    _fold(folder, record)
    return record.source


def _fold(folder: TickFolder, record: TickRecord) -> None:
    folder.begin_record(record.as_of)
    for series in record.series:
        folder.add_trades(series.symbol, series.times, series.prices, series.sizes, series.ids)
    for row in record.quotes:
        folder.add_quote(
            Quote(row.symbol, row.time_us, row.bid, row.ask, row.bid_size, row.ask_size)
        )
    for text in record.unread:
        detail = "the feed could not read this vendor message"
        folder.rejections.append(Rejection(Reason.MALFORMED, text, detail))
    if record.watermark is not None:
        folder.advance(record.watermark)
