"""A small world of ticks: a shard's records twice, in pieces, poisoned, after a crash, or lost before they were read.

Whatever the delivery does, the bars are those of the sorted ticks without repeats that really arrived.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from quantumzero.contracts.ticks import pack_ticks
from quantumzero.domain.calendars import session_on, to_us
from quantumzero.domain.errors import QuantumZeroError, UnavailableError
from quantumzero.domain.tick_folding import FoldRules
from quantumzero.domain.ticks import Trade
from quantumzero.usecases.process_ticks import ProcessTicks, StreamRecord
from tests.fakes.held_ticks import HeldCheckpoints, HeldQuarantine
from tests.simulation.invariants import Violation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.bars import Bar

DAY = session_on(date(2005, 3, 1))
assert DAY is not None  # a Tuesday
OPEN, CLOSE = to_us(DAY.opens_at), to_us(DAY.closes_at)
SYMBOLS = ("AAPL", "IBM")
RULES = FoldRules(frozenset(SYMBOLS), ("5m", "1d"))
SHARD = "shardId-000000000000"
ATTEMPTS = 5


class MarketWorld:
    """One shard, one consumer that may die after its commit, and a stream that repeats itself."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.exercised: Counter[str] = Counter()
        self.checks: Counter[str] = Counter()
        self.checkpoints = HeldCheckpoints()
        self.quarantine = HeldQuarantine()
        self.poisoned = 0
        self.process = self._consumer()

    def _consumer(self) -> ProcessTicks:
        return ProcessTicks(checkpoints=self.checkpoints, quarantine=self.quarantine, rules=RULES)

    def live(self) -> None:
        """Deliver a session's ticks in the seed's way. Raises Violation."""
        trades = self._trades()
        lost = self.dice.random() < 0.2
        if lost:
            self.exercised["F22"] += 1
            start = self.dice.randrange(len(trades))
            trades = trades[:start] + trades[start + 5 :]
        self._deliver(self._records(trades))
        bars = sorted(self.checkpoints.outbox, key=_order)
        self._ensure("bars", bars == _clean(trades), "the bars are not those of the clean ticks")
        kept = len(self.quarantine.objects)
        self._ensure("poison", kept == self.poisoned, f"{kept} of {self.poisoned} poison kept")

    def _ensure(self, name: str, holds: bool, text: str) -> None:
        self.checks[name] += 1
        if not holds:
            raise Violation(name, text)

    def _trades(self) -> list[Trade]:
        dice = self.dice
        made = [
            Trade(
                dice.choice(SYMBOLS),
                OPEN + dice.randrange(900_000_000),
                dice.randrange(440_000, 460_000),
                dice.randrange(1, 1_000),
                number,
            )
            for number in range(dice.randrange(6, 20))
        ]
        return sorted(made, key=lambda one: one.time_us)

    def _records(self, trades: Sequence[Trade]) -> list[StreamRecord]:
        """Return the shard's records: some ticks twice, those of one moment in another order, poison between."""
        dice, payloads = self.dice, []
        rest = list(trades)
        while rest:
            part, rest = rest[: (size := dice.randrange(1, 6))], rest[size:]
            dice.shuffle(part)
            payloads += pack_ticks("vendor", sorted(part, key=lambda one: one.time_us))
            if dice.random() < 0.4:
                self.exercised["F19"] += 1
                payloads += pack_ticks("vendor", part[-1:])
            if dice.random() < 0.1:
                self.exercised["F20"] += 1
                self.poisoned += 1
                payloads.append(b"\x00\xffpoison")
        payloads += pack_ticks("vendor", [], watermark=CLOSE)
        numbered = enumerate(payloads)
        return [StreamRecord(10**30 + number, data, "2005-03-01") for number, data in numbered]

    def _deliver(self, records: Sequence[StreamRecord]) -> None:
        dice = self.dice
        self.checkpoints.after_commit = self._maybe_die
        done = tries = 0
        while done < len(records):
            start = max(0, done - dice.randrange(4))
            end = min(len(records), done + dice.randrange(1, 6))
            self.exercised["F21"] += start < done
            try:
                self.process(SHARD, records[start:end])
            except QuantumZeroError:
                tries += 1
                self._ensure("moves on", tries <= 100, "the shard stands still")
                continue
            done = end

    def _maybe_die(self) -> None:
        if self.dice.random() < 0.25:
            self.exercised["F21"] += 1
            if self.dice.random() < 0.5:
                self.process = self._consumer()
            raise UnavailableError("the process died after its commit")


def _order(bar: Bar) -> tuple[str, str, object]:
    return (bar.symbol, bar.timeframe, bar.opens_at)


def _clean(trades: Sequence[Trade]) -> list[Bar]:
    checkpoints = HeldCheckpoints()
    process = ProcessTicks(checkpoints=checkpoints, quarantine=HeldQuarantine(), rules=RULES)
    payloads = pack_ticks("clean", list(trades), watermark=CLOSE, ticks_per_record=10**6)
    process(SHARD, [StreamRecord(n, data, "2005-03-01") for n, data in enumerate(payloads)])
    return sorted(checkpoints.outbox, key=_order)
