"""Breaks the local cloud on purpose, at moments drawn from a seed, while a replay runs.

Ten workers are killed (SIGKILL) in the middle of their work, each kind of function in turn; the emulator is stopped and
started once (SIGTERM), and emulator and exchange are each killed once (SIGKILL).
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable

WORKER_KILLS = 10
FEWEST_SESSIONS = 30
_JOIN_SECONDS = 2.0
_HUNTED = (
    "process_ticks", "evaluate_strategies", "check_risk", "place_order", "infer_signal",
    "poll_market", "sweep_orders", "prepare_session", "place_order", "evaluate_strategies",
)  # fmt: skip
EVENTS = ("restart emulator", "kill emulator", "kill exchange")
_MOMENTS = ("exchange", "poll_market", "quiet")


@dataclass(slots=True)
class Chaos:
    """A plan of faults by session number, and what became of each."""

    cloud: Any
    seed: int
    sessions: int
    say: Callable[[str], None]
    worker_kills: int = 0
    done: list[str] = field(default_factory=list)
    _plan: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _ended: threading.Event = field(default_factory=threading.Event)
    _hunters: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.sessions < FEWEST_SESSIONS:
            raise InvalidInputError(
                f"sessions was {self.sessions}; the faults need {FEWEST_SESSIONS} or more"
            )
        draw = random.Random(self.seed)  # noqa: S311 - a reproducible plan, not a secret
        early = self.sessions * 2 // 3
        for function in draw.sample(_HUNTED, WORKER_KILLS):
            number = draw.randrange(4, early)
            self._plan.setdefault(number, []).append((function, "poll_market"))
        for event in EVENTS:
            number = draw.randrange(5, self.sessions - 5)
            self._plan.setdefault(number, []).append((event, draw.choice(_MOMENTS)))

    def before_step(self, session: str, step: str) -> None:
        """Carry out the faults due before this step; each happens once, also when its session is replayed again."""
        self._seen.add(session)
        due = self._plan.get(len(self._seen), [])
        for fault in [fault for fault in due if fault[1] == step]:
            due.remove(fault)
            self._carry_out(fault[0], session, step)

    @property
    def plan(self) -> dict[int, list[tuple[str, str]]]:
        """Return what is still to come: fault and step by session number."""
        return {number: list(faults) for number, faults in sorted(self._plan.items()) if faults}

    @property
    def missed(self) -> int:
        """Return how many faults of the plan have not happened."""
        return WORKER_KILLS + len(EVENTS) - len(self.done)

    def end(self) -> None:
        """Stop hunting, and return when no hunter is left."""
        self._ended.set()
        for hunter in self._hunters:
            hunter.join(_JOIN_SECONDS)

    def _carry_out(self, event: str, session: str, step: str) -> None:
        if event not in EVENTS:
            hunter = threading.Thread(target=self._hunt, args=(event, session), daemon=True)
            self._hunters.append(hunter)
            hunter.start()
            return
        self.say(f"{event} at {session} before {step}")
        self.done.append(f"{session} {step}: {event}")
        if event == "restart emulator":
            self.cloud.restart_emulator()
        elif event == "kill emulator":
            self.cloud.side.end(at_once=True)
        else:
            self.cloud.exchange.end(at_once=True)

    def _hunt(self, function: str, session: str) -> None:
        """Kill the first worker of the function that is found at work, from this session on."""
        name = self.cloud.function_name(function)
        while not self._ended.is_set():
            for worker in self.cloud.side.workers():
                if (
                    worker.function == name
                    and worker.busy
                    and worker.pid
                    and self._kill(worker.pid)
                ):
                    self.worker_kills += 1
                    self.done.append(f"{session}: worker of {function}")
                    self.say(f"killed a worker of {function} at its work")
                    return
            time.sleep(0.001)

    @staticmethod
    def _kill(pid: int) -> bool:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True
