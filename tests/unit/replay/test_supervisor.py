"""The lockstep: order of the steps, going back to a barrier, settling doubtful orders, stopping."""

from __future__ import annotations

from typing import Any

import pytest

from local.replay.supervisor import Replay
from quantumzero.domain.errors import UnavailableError

SESSIONS = ["2004-08-19", "2004-08-20", "2004-08-23", "2004-08-24"]


class FakeExchange:
    def __init__(self, calls: list[str]) -> None:
        self.calls = calls
        self.next = 0

    def sessions(self) -> dict[str, int]:
        return {"total": len(SESSIONS), "done": self.next}

    def open_session(self) -> dict[str, str] | None:
        if self.next == len(SESSIONS):
            return None
        self.next += 1
        self.calls.append(f"open {SESSIONS[self.next - 1]}")
        return {"session": SESSIONS[self.next - 1], "closes_at": "2004-08-19T20:00:00Z"}

    def run_session(self) -> dict[str, int]:
        self.calls.append("run")
        return {"ticks": 24}


class FakeCloud:
    """Records what the supervisor does; `failing` names a step that fails once."""

    def __init__(self, failing: str = "", unresolved: int = 0) -> None:
        self.calls: list[str] = []
        self.exchange: Any = FakeExchange(self.calls)
        self.barriers: list[tuple[str, int]] = []
        self.failing = failing
        self.unresolved = unresolved

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        self.calls.append(function + (" settled" if event.get("settled") else ""))
        if function == self.failing and self.exchange.next == 3:
            self.failing = ""
            raise UnavailableError("the cloud went away")
        if event.get("settled"):
            self.unresolved -= 1
        return {"unresolved": self.unresolved}

    def wait_quiet(self, until: str, timeout: float) -> None:
        del until, timeout
        self.calls.append("quiet")

    def barrier(self, session: str) -> None:
        self.barriers.append((session, self.exchange.next))

    def recover(self) -> str | None:
        if not self.barriers:
            return None
        session, self.exchange.next = self.barriers[-1]
        return session


def test_a_session_fills_before_it_polls_and_closes_after_all_is_quiet() -> None:
    cloud = FakeCloud()
    Replay(cloud, barrier_every=10).run()
    assert cloud.calls[:7] == [
        "open 2004-08-19",
        "prepare_session",
        "run",
        "sweep_orders",
        "poll_market",
        "quiet",
        "close_session",
    ]


def test_every_session_is_replayed_and_its_ticks_counted_once() -> None:
    progress = Replay(FakeCloud(), barrier_every=10).run()
    assert (progress.sessions_done, progress.ticks, progress.finished) == (4, 96, True)


def test_a_lost_cloud_goes_back_to_the_newest_barrier_and_counts_nothing_twice() -> None:
    cloud = FakeCloud(failing="poll_market")
    progress = Replay(cloud, barrier_every=2).run()
    assert cloud.calls.count("open 2004-08-23") == 2
    assert cloud.calls.count("open 2004-08-20") == 1
    assert (progress.recoveries, progress.ticks) == (1, 96)


def test_a_lost_cloud_without_a_barrier_is_a_clear_error() -> None:
    with pytest.raises(UnavailableError, match="no barrier to go back to"):
        Replay(FakeCloud(failing="poll_market"), barrier_every=10).run()


def test_the_market_waits_while_an_order_is_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.replay.supervisor.time.sleep", lambda _seconds: None)
    cloud = FakeCloud(unresolved=2)
    Replay(cloud, barrier_every=10).run()
    assert cloud.calls[1:5] == [
        "prepare_session", "sweep_orders settled", "sweep_orders settled", "run",
    ]  # fmt: skip


def test_a_requested_stop_ends_after_the_session_under_way() -> None:
    cloud = FakeCloud()
    replay = Replay(cloud, barrier_every=1)
    cloud.barrier = lambda _session: setattr(replay, "stop_requested", True)  # type: ignore[method-assign]
    progress = replay.run()
    assert (progress.sessions_done, progress.finished) == (1, False)
