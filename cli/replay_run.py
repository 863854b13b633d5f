"""One run of the local cloud in the foreground: start, replay under the live view, then a summary or staying up."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.live import Live

from cli.live_figures import LiveFigures
from cli.live_view import LiveView
from cli.run_file import RunFile
from local.barriers import in_words
from local.cloud import LocalCloud
from local.first_state import OPERATOR, PASSWORD
from local.replay.broker_faults import broker_faults, fired
from local.replay.chaos import Chaos
from local.replay.record import build_record, write_record
from local.replay.summary import summarise
from local.replay.supervisor import Progress, Replay

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from local.settings import LocalSettings

console = Console(highlight=False)
# What a session under way may still take after Ctrl-C; then it is cut off and replayed at the next start.
_LAST_SESSION_SECONDS = 6.0
_TOLD_EVERY_SECONDS = 5.0
# SIGINT too: a shell that starts a job in the background lets it ignore that one.
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Manner:
    """How to run: stop after the replay or stay, from the beginning or on, and the seeds of faults if any.

    seed draws what is killed, broker_seed what the broker does wrong.
    """

    once: bool
    fresh: bool
    seed: int | None = None
    broker_seed: int | None = None


def say(sentence: str) -> None:
    """Print one stage as it begins or ends."""
    console.print(f"· {sentence}", markup=False, soft_wrap=True)


def run(settings: LocalSettings, manner: Manner) -> bool:
    """Bring the cloud up, replay, and either stop with a summary or stay until told to stop.

    Returns whether the replay ended sound; a run that was stopped on its way counts as sound.
    """
    for number in _STOPS:
        signal.signal(number, _interrupt)
    began = float(os.environ.get("QZ_SETUP_BEGAN", 0))
    install = time.time() - began if began else 0.0
    file = RunFile(settings.home)
    file.claim(settings.cloud)
    try:
        cloud = LocalCloud.create(settings, say)
        file.announce(cloud.dashboard_url)
        return _run(cloud, manner, install)
    except KeyboardInterrupt:
        say("stopped; `make up` goes on from here")
        return True
    finally:
        file.release()


def _run(cloud: LocalCloud, manner: Manner, install: float) -> bool:
    settings = cloud.settings
    plan = None
    if manner.seed is not None:
        sessions = settings.sessions or 260
        plan = Chaos(cloud=cloud, seed=manner.seed, sessions=sessions, say=say)
    try:
        cloud.start(fresh=manner.fresh)
        if manner.broker_seed is not None:
            cloud.exchange.add_faults(broker_faults(manner.broker_seed))
        replay = Replay(
            cloud,
            barrier_every=settings.barrier_every,
            speed=settings.speed,
            **({"before_step": plan.before_step} if plan else {}),
        )
        return Watch(cloud, replay, manner, install, plan).until_end()
    finally:
        if plan:
            plan.end()
        for number in _STOPS:
            signal.signal(number, signal.SIG_IGN)
        cloud.stop()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


class Watch:
    """Runs the replay on a thread of its own, shows it, and concludes it when it is done."""

    def __init__(
        self,
        cloud: LocalCloud,
        replay: Replay,
        manner: Manner,
        install: float,
        plan: Chaos | None,
    ) -> None:
        self._cloud = cloud
        self._replay = replay
        self._manner = manner
        self._install = install
        self._plan = plan
        self._failure: list[BaseException] = []
        self._worker = threading.Thread(target=self._work, daemon=True)
        self._figures = LiveFigures(cloud, replay.progress)
        self._view = LiveView(cloud.dashboard_url, replay.progress, self._figures)

    def until_end(self) -> bool:
        """Return at the replay's end, or stay until interrupted; raise what the replay failed with."""
        say(f"dashboard at {self._cloud.dashboard_url} (sign in: {OPERATOR} / {PASSWORD})")
        self._worker.start()
        try:
            if not console.is_terminal:
                return self._watch(lambda: say(line(self._replay.progress)))
            self._figures.start()
            with Live(self._view, console=console, refresh_per_second=4):
                return self._watch(lambda: None)
        finally:
            self._figures.stop()
            self._replay.stop_requested = True
            self._worker.join(_LAST_SESSION_SECONDS)

    def _work(self) -> None:
        try:
            self._replay.run()
        except BaseException as error:
            self._failure.append(error)

    def _watch(self, tell: Callable[[], None]) -> bool:
        told = time.monotonic()
        while self._worker.is_alive():
            self._worker.join(timeout=0.2)
            if time.monotonic() - told > _TOLD_EVERY_SECONDS:
                told = time.monotonic()
                tell()
        if self._failure:
            raise self._failure[0]
        summary = conclude(self._cloud, self._replay.progress, self._install, self._plan)
        if self._manner.once:
            console.print_json(json.dumps(summary))
            return sound(summary)
        self._view.finished = verdict(summary)
        if console.is_terminal:
            self._figures.rows |= {"equity": f"{float(summary['final_equity']):,.2f}"}
        else:
            say(verdict(summary))
        name = self._cloud.barrier(self._cloud.exchange.standing())
        say(f"saved at {in_words(name)}; the page stays until Ctrl-C")
        while True:
            time.sleep(3600)


def line(progress: Progress) -> str:
    """Return the progress in one line."""
    return (
        f"{progress.session}: {progress.sessions_done} of {progress.sessions_total} sessions, "
        f"{progress.ticks:,} ticks"
    )


def conclude(
    cloud: LocalCloud, progress: Progress, install: float, plan: Chaos | None
) -> dict[str, Any]:
    """Write the record and the summary of the finished replay; return the summary.

    Both are of the whole replay, however often it was stopped; ticks and seconds are of this run.
    """
    home = cloud.settings.home
    books = cloud.exchange.books()
    record = build_record(
        cloud.api, books, first=cloud.settings.first_session, sessions=progress.sessions_done
    )
    write_record(home / "run-record.json", {**cloud.settings.choices, **record})
    summary = summarise(cloud.api, books, sessions=progress.sessions_done, ticks=progress.ticks)
    summary["seconds"] = {
        "install": round(install, 1),
        "deploy": round(cloud.deploy_seconds, 1),
        "trade": round((progress.ended or time.monotonic()) - progress.began, 1),
    }
    summary["steps_seconds"] = {name: round(value, 2) for name, value in progress.steps.items()}
    if plan:
        summary["faults"] = {
            "worker_kills": plan.worker_kills,
            "carried_out": plan.done,
            "missed": plan.missed,
        }
        summary["recoveries"] = progress.recoveries
    if faults := fired(cloud.exchange.faults()):
        summary["broker_faults"] = faults
    write_whole(home / "summary.json", json.dumps(summary, indent=2) + "\n")
    return summary


def write_whole(file: Path, text: str) -> None:
    """Write a file so that nobody ever reads half of it."""
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_text(text)
    unfinished.replace(file)


def sound(summary: dict[str, Any]) -> bool:
    """Say whether ledger and exchange agree and no order was sent twice or lost."""
    return bool(
        summary["ledger_matches_broker"]
        and not summary["duplicate_orders"]
        and not summary["lost_orders"]
    )


def verdict(summary: dict[str, Any]) -> str:
    """Return the end of the replay in a sentence."""
    begun = (
        f"{summary['sessions']} sessions done: {summary['orders']} orders, {summary['fills']} fills, "
        f"equity {float(summary['final_equity']):,.2f}; "
    )
    if sound(summary):
        return begun + "the ledger equals the exchange to the cent"
    what = "; ".join(summary["differences"]) or (
        f"{summary['duplicate_orders']} orders sent twice, {summary['lost_orders']} lost, equity at "
        f"the exchange {summary['broker_equity']}"
    )
    return f"{begun}LEDGER AND EXCHANGE DIFFER: {what}"
