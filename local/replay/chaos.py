"""Breaks the local cloud on purpose, at moments drawn from a seed, while a replay runs.

Ten workers are killed (SIGKILL) in the middle of their work, the emulator is stopped and started once (SIGTERM), and
emulator and exchange are each killed once (SIGKILL).
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

WORKER_KILLS = 10


@dataclass(slots=True)
class Chaos:
    """A plan of faults by session number, and what became of each."""

    cloud: Any
    seed: int
    sessions: int
    say: Callable[[str], None]
    worker_kills: int = 0
    done: list[str] = field(default_factory=list)
    _plan: dict[int, list[str]] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _session_number: int = 0
    _draw: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        draw = random.Random(self.seed)  # noqa: S311  # a reproducible plan, not a secret
        numbers = draw.sample(range(5, self.sessions - 5), WORKER_KILLS + 3)
        for number in numbers[:WORKER_KILLS]:
            self._plan.setdefault(number, []).append("worker")
        events = ("restart emulator", "kill emulator", "kill exchange")
        for number, event in zip(numbers[WORKER_KILLS:], events, strict=True):
            self._plan.setdefault(number, []).append(event)
        self._draw = draw

    def before_step(self, session: str, step: str) -> None:
        """Carry out the session's faults before one of its steps; each fault happens once."""
        if session not in self._seen:
            self._seen.add(session)
            self._session_number = len(self._seen)
        due = self._plan.get(self._session_number, [])
        moment = self._draw.choice(("exchange", "poll_market", "quiet"))
        for event in [e for e in due if e == "worker" or step in (moment, "quiet")]:
            if event == "worker" and step != "poll_market":
                continue
            due.remove(event)
            self._carry_out(event, session, step)

    def _carry_out(self, event: str, session: str, step: str) -> None:
        self.say(f"{event} at {session} before {step}")
        self.done.append(f"{session} {step}: {event}")
        if event == "worker":
            threading.Thread(target=self._kill_a_worker, daemon=True).start()
        elif event == "restart emulator":
            self.cloud.restart_emulator()
        elif event == "kill emulator":
            self.cloud.side.end(at_once=True)
        else:
            self.cloud.exchange.end(at_once=True)

    def _kill_a_worker(self) -> None:
        """Kill the first worker found busy within a second, else any worker."""
        until = time.monotonic() + 1.0
        while time.monotonic() < until:
            workers = self.cloud.side.workers()
            busy = [worker for worker in workers if worker.busy and worker.pid]
            if busy:
                self._kill(self._draw.choice(busy))
                return
            time.sleep(0.002)
        alive = [worker for worker in self.cloud.side.workers() if worker.pid]
        if alive:
            self._kill(self._draw.choice(alive))

    def _kill(self, worker: Any) -> None:
        try:
            os.kill(worker.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.worker_kills += 1
        self.say(f"killed a worker of {worker.function}")
