"""A batch counts once, bad ticks are set aside with their bytes, and the shard always moves on."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.contracts.ticks import pack_ticks
from quantumzero.domain.calendars import session_on, to_us
from quantumzero.domain.errors import ConflictError, UnavailableError
from quantumzero.domain.tick_folding import FoldRules
from quantumzero.domain.ticks import Quote, Trade
from quantumzero.usecases.process_ticks import BatchOutcome, ProcessTicks, StreamRecord
from tests.fakes.held_ticks import HeldCheckpoints, HeldQuarantine
from tests.fakes.repeatable import chance

if TYPE_CHECKING:
    from quantumzero.domain.bars import Bar

DAY = session_on(date(2005, 3, 1))
assert DAY is not None
OPEN, CLOSE = to_us(DAY.opens_at), to_us(DAY.closes_at)
SECOND = 1_000_000
SHARD = "shardId-000000000000"
SYMBOLS = ("AAPL", "IBM")
RULES = FoldRules(frozenset(SYMBOLS), ("5m", "1d"))


class Pipeline:
    """The use case on held stores, which outlive its processes."""

    def __init__(self) -> None:
        self.checkpoints = HeldCheckpoints()
        self.quarantine = HeldQuarantine()
        self.restart()

    def restart(self) -> None:
        self.process = ProcessTicks(
            checkpoints=self.checkpoints, quarantine=self.quarantine, rules=RULES
        )

    def send(self, *payloads: bytes, first: int = 0) -> BatchOutcome:
        return self.process(SHARD, numbered(payloads, first))

    def bars(self) -> list[Bar]:
        """Return the closed bars; symbols close independently, so only each one's order counts."""
        return sorted(
            self.checkpoints.outbox, key=lambda bar: (bar.symbol, bar.timeframe, bar.opens_at)
        )


def numbered(payloads: tuple[bytes, ...] | list[bytes], first: int = 0) -> list[StreamRecord]:
    return [
        StreamRecord(10**30 + first + position, data, "2005-03-01")
        for position, data in enumerate(payloads)
    ]


def made_trades(count: int, seed: int) -> list[Trade]:
    draw = chance(seed)
    return [
        Trade(
            draw.choice(SYMBOLS),
            OPEN + draw.randrange(1_000 * SECOND),
            draw.randrange(440_000, 460_000),
            draw.randrange(1, 1_000),
            number,
        )
        for number in range(count)
    ]


def in_order(trades: list[Trade]) -> list[Trade]:
    return sorted(trades, key=lambda one: one.time_us)


def clean_bars(trades: list[Trade]) -> list[Bar]:
    pipeline = Pipeline()
    payloads = pack_ticks("clean", trades, watermark=CLOSE, ticks_per_record=10**6)
    pipeline.send(*payloads)
    return pipeline.bars()


def test_a_batch_closes_its_bars_in_one_commit_and_a_second_delivery_changes_nothing() -> None:
    pipeline = Pipeline()
    payloads = pack_ticks("vendor", made_trades(40, 1), watermark=CLOSE)
    outcome = pipeline.send(*payloads)
    bars = list(pipeline.checkpoints.outbox)
    assert (outcome.folded, outcome.quarantined, outcome.bars_closed) == (40, 0, len(bars))
    assert sum(bar.volume for bar in bars if bar.timeframe == "1d") == sum(
        trade.size for trade in made_trades(40, 1)
    )
    assert pipeline.send(*payloads) == BatchOutcome()
    pipeline.restart()
    assert pipeline.send(*payloads) == BatchOutcome()
    assert pipeline.checkpoints.outbox == bars


def test_a_warm_process_reads_its_checkpoint_once() -> None:
    pipeline = Pipeline()
    for number, trade in enumerate(in_order(made_trades(10, 2))):
        pipeline.send(*pack_ticks("vendor", [trade]), first=number)
    assert pipeline.checkpoints.loads == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_batches_cut_anywhere_crashed_and_redelivered_give_the_clean_bars(seed: int) -> None:
    draw = chance(seed)
    trades = in_order(made_trades(draw.randrange(1, 80), seed))
    payloads = []
    while trades:
        size = draw.randrange(1, 10)
        part, trades = trades[:size], trades[size:]
        payloads += pack_ticks("vendor", part, ticks_per_record=3)
    payloads += pack_ticks("vendor", [], watermark=CLOSE)
    records = numbered(payloads)
    pipeline = Pipeline()

    def crash() -> None:
        if draw.random() < 0.3:
            raise UnavailableError("the process died after its commit")

    pipeline.checkpoints.after_commit = crash
    done = 0
    while done < len(records):
        start = max(0, done - draw.randrange(5))  # some records again
        end = min(len(records), done + draw.randrange(1, 8))
        try:
            pipeline.process(SHARD, records[start:end])
        except UnavailableError:
            if draw.random() < 0.5:
                pipeline.restart()
            continue
        done = end
    everything = made_trades(chance(seed).randrange(1, 80), seed)
    assert pipeline.bars() == clean_bars(everything)
    assert pipeline.quarantine.objects == {}


def test_another_writers_commit_is_read_again_and_only_the_rest_is_folded() -> None:
    pipeline = Pipeline()
    first, second, third = (
        pack_ticks("vendor", [trade])[0] for trade in in_order(made_trades(3, 3))
    )
    pipeline.send(first)
    beside = ProcessTicks(
        checkpoints=pipeline.checkpoints, quarantine=pipeline.quarantine, rules=RULES
    )
    assert beside(SHARD, numbered([first, second])).folded == 1
    assert pipeline.send(first, second, third).folded == 1
    assert pipeline.checkpoints.loads == 3


def test_writers_that_always_win_make_the_batch_fail_for_a_later_delivery() -> None:
    pipeline = Pipeline()

    def conflict() -> None:
        raise ConflictError("beaten")

    pipeline.checkpoints.after_commit = conflict
    pipeline.process._checkpoints = _NeverFirst()  # type: ignore[assignment]
    with pytest.raises(ConflictError):
        pipeline.send(*pack_ticks("vendor", made_trades(1, 4)))


class _NeverFirst(HeldCheckpoints):
    def commit(self, *_args: object, **_named: object) -> None:
        raise ConflictError("another writer was first")


def test_nothing_is_committed_before_the_bad_ticks_are_in_quarantine() -> None:
    pipeline = Pipeline()
    pipeline.quarantine.fails = True
    good, bad = made_trades(1, 5), b"poison"
    payloads = [bad, *pack_ticks("vendor", good, watermark=CLOSE)]
    with pytest.raises(UnavailableError):
        pipeline.send(*payloads)
    assert pipeline.checkpoints.outbox == []
    pipeline.quarantine.fails = False
    assert pipeline.send(*payloads).quarantined == 1
    assert pipeline.bars() == clean_bars(good)


def test_a_poison_record_is_kept_with_its_bytes_and_the_shard_moves_on() -> None:
    pipeline = Pipeline()
    poison = b"\x00\xffnot json"
    outcome = pipeline.send(poison)
    assert outcome == BatchOutcome(quarantined=1)
    ((day, name), content) = next(iter(pipeline.quarantine.objects.items()))
    assert (day, name) == ("2005-03-01", f"{SHARD}-{10**30}")
    assert base64.b64decode(str(content["raw_base64"])) == poison
    assert pipeline.quarantine.reasons() == ["undecodable"]
    assert pipeline.send(poison) == BatchOutcome()


def bad_records(trades: list[Trade]) -> list[tuple[bytes, list[str]]]:
    """Return records with nothing good in them that is not a repeat, and the reasons they earn."""
    first = in_order(trades)[0]
    last = in_order(trades)[-1]
    late = Trade(first.symbol, OPEN, 450_000, 1, 900_001)
    absurd = Trade(last.symbol, last.time_us, 9_000_000, 1, 900_002)
    future = Trade(last.symbol, CLOSE + 9 * 86_400 * SECOND, 450_000, 1, 900_003)
    nothing = Trade(last.symbol, last.time_us, 450_000, 0, 900_004)
    free = Trade(last.symbol, last.time_us, 0, 1, 900_005)
    stranger = Trade("ZZZZ", last.time_us, 450_000, 1, 900_006)
    crossed = Quote(last.symbol, last.time_us, 450_001, 450_000, 1, 1)
    text_price = {"v": 1, "source": "x", "series": [["IBM", [OPEN], ["1"], [1], [900_007]]]}
    return [
        (b"{", ["undecodable"]),
        (json.dumps(text_price).encode(), ["malformed"]),
        (pack_ticks("x", [late])[0], ["late"]),
        (pack_ticks("x", [absurd, nothing, free])[0],
         ["price_absurd", "size_not_positive", "price_not_positive"]),
        (pack_ticks("x", [future])[0], ["time_in_future"]),
        (pack_ticks("x", [stranger], [crossed])[0], ["unknown_symbol"]),
        (pack_ticks("x", [], [crossed])[0], ["crossed_quote"]),
        (pack_ticks("x", [], unread=["{}"])[0], ["malformed"]),
        (pack_ticks("x", [last])[0], []),
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_poison_duplicates_and_late_ticks_leave_the_bars_of_the_clean_sorted_set(seed: int) -> None:
    draw = chance(seed)
    trades = made_trades(60, seed)
    early, rest = in_order(trades)[:50], in_order(trades)[50:]
    bad = bad_records(trades)
    draw.shuffle(bad)
    payloads = [data for trade in early for data in pack_ticks("vendor", [trade])]
    tail = [data for trade in rest for data in pack_ticks("vendor", [trade])]
    tail += [data for trade in rest for data in pack_ticks("vendor", [trade])]
    pipeline = Pipeline()
    pipeline.send(*payloads)
    pipeline.send(*tail, *(data for data, _ in bad), first=len(payloads))
    pipeline.send(*pack_ticks("vendor", [], watermark=CLOSE), first=10_000)
    assert pipeline.bars() == clean_bars(trades)
    expected = sorted(reason for _, reasons in bad for reason in reasons)
    assert sorted(pipeline.quarantine.reasons()) == expected


def test_the_good_ticks_of_a_record_with_a_bad_one_count() -> None:
    pipeline = Pipeline()
    document = {
        "v": 1,
        "source": "vendor",
        "series": [["IBM", [OPEN, OPEN + 1], [450_000, "high"], [5, 5], [1, 2]]],
        "watermark": CLOSE,
    }
    outcome = pipeline.send(json.dumps(document).encode())
    assert (outcome.folded, outcome.quarantined) == (1, 1)
    assert {bar.volume for bar in pipeline.checkpoints.outbox} == {5}
