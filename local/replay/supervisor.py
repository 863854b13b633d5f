"""Drives a replay in lockstep: the exchange's clock moves on only when the pipeline is quiet.

In a replay the jobs that belong to market time (pre-open, sweep, poll, close) are called here, by the replay's clock;
their deployed schedules are off. Every step may be repeated: each is idempotent by its business key.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from quantumzero.domain.errors import StoppedError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

_LOST = (BotoCoreError, ClientError, ConnectionError, TimeoutError, OSError, UnavailableError)


class ReplayCloud(Protocol):
    """What the supervisor needs of a running local cloud."""

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        """Call a deployed function by its folder's name and return its answer."""

    def wait_quiet(self, until: str, timeout: float) -> None:
        """Return when all that follows from the bars closed until then is done, or raise UnavailableError."""

    def barrier(self, session: str) -> Any:
        """Snapshot emulator and exchange under the session's name."""

    def recover(self) -> str | None:
        """Bring everything back to the newest barrier that both have; return its name."""

    exchange: Any


@dataclass(slots=True)
class Progress:
    """What a watcher may show; replaced figures only, written by the supervisor alone.

    sessions_before were done by an earlier run; ticks, began and ended (monotonic s) are of this run.
    """

    sessions_done: int = 0
    sessions_total: int = 0
    sessions_before: int | None = None
    session: str = ""
    ticks: int = 0
    began: float = field(default_factory=time.monotonic)
    ended: float | None = None
    recoveries: int = 0
    finished: bool = False
    steps: dict[str, float] = field(default_factory=dict)


class Replay:
    """One replay over the exchange's sessions, from wherever its clock stands."""

    def __init__(
        self,
        cloud: ReplayCloud,
        *,
        barrier_every: int,
        speed: float = 0.0,
        before_step: Callable[[str, str], None] = lambda _session, _step: None,
    ) -> None:
        self._cloud = cloud
        self._barrier_every = barrier_every
        self._speed = speed
        self._before_step = before_step
        self._tick_counts: dict[str, int] = {}
        self.progress = Progress()
        self.stop_requested = False
        self.stop_after: int | None = None

    def run(self) -> Progress:
        """Replay every remaining session; return when the data ends or a stop was requested."""
        failures = 0
        while not self.stop_requested:
            began = time.monotonic()
            try:
                if not self._session():
                    break
                failures = 0
            except _LOST as error:
                # Whoever asked for the stop is ending the cloud: brought back, it would be left behind.
                if self.stop_requested:
                    break
                failures += 1
                if failures > 5:
                    raise
                self._recover(error)
                continue
            self._pace(began)
        self.progress.ended = time.monotonic()
        self.progress.finished = not self.stop_requested
        return self.progress

    def _session(self) -> bool:
        exchange = self._cloud.exchange
        state = exchange.sessions()
        self.progress.sessions_total = state["total"]
        self.progress.sessions_done = state["done"]
        before = self.progress.sessions_before
        self.progress.sessions_before = (
            state["done"] if before is None else min(before, state["done"])
        )
        if self.stop_after is not None and state["done"] >= self.stop_after:
            return False
        opened = exchange.open_session()
        if opened is None:
            return False
        session = self.progress.session = opened["session"]
        self._settle(session, self._step(session, "prepare_session", {}))
        self._before_step(session, "exchange")
        self._tick_counts[session] = exchange.run_session()["ticks"]
        self.progress.ticks = sum(self._tick_counts.values())
        self._settle(session, self._step(session, "sweep_orders", {}))
        self._step(session, "poll_market", {})
        self._quiet(opened)
        self._step(session, "close_session", {"closes_at": opened["closes_at"]})
        self.progress.sessions_done += 1
        if self.progress.sessions_done % self._barrier_every == 0:
            self._quiet(opened)
            self._cloud.barrier(session)
        return True

    def _step(self, session: str, function: str, event: dict[str, Any]) -> Any:
        self._before_step(session, function)
        began = time.monotonic()
        answer = self._cloud.invoke(function, event)
        self._count(function, began)
        return answer

    def _settle(self, session: str, swept: dict[str, Any]) -> None:
        """Sweep until no order's fate is open: the market must not move past an order that is still in doubt.

        A lost answer is settled by a lease and a quiet period of machine time, so this may take over a minute.
        """
        until = time.monotonic() + 300
        while swept["unresolved"]:
            if self.stop_requested or time.monotonic() > until:
                raise UnavailableError(f"{swept['unresolved']} orders were still in doubt")
            time.sleep(1)
            swept = self._step(session, "sweep_orders", {"settled": True})

    def _quiet(self, opened: dict[str, Any]) -> None:
        self._before_step(opened["session"], "quiet")
        began = time.monotonic()
        self._cloud.wait_quiet(opened["closes_at"], timeout=120)
        self._count("quiet", began)

    def _count(self, step: str, began: float) -> None:
        steps = self.progress.steps
        steps[step] = steps.get(step, 0.0) + time.monotonic() - began

    def _recover(self, error: Exception) -> None:
        self.progress.recoveries += 1
        barrier = self._cloud.recover()
        if barrier is None:
            raise UnavailableError(
                f"the replay lost its cloud ({error}) and there is no barrier to go back to; "
                "start again with `make up`"
            ) from error
        self._tick_counts = {s: n for s, n in self._tick_counts.items() if s <= barrier}

    def _pace(self, began: float) -> None:
        if self._speed > 0:
            rest = 1 / self._speed - (time.monotonic() - began)
            while rest > 0 and not self.stop_requested:
                time.sleep(min(rest, 0.1))
                rest -= 0.1


class FunctionFailedError(StoppedError):
    """A deployed function failed each time it was asked; going back to a barrier would not help."""


def decode(answer: dict[str, Any], function: str) -> Any:
    """Return a function's answer, or raise FunctionFailedError with its error's class and words."""
    payload = json.loads(answer["Payload"].read() or b"null")
    if answer.get("FunctionError"):
        kind, words = payload.get("errorType"), payload.get("errorMessage")
        raise FunctionFailedError(f"{function} failed with {kind}: {words}")
    return payload
