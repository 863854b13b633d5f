"""One run of the local cloud in the foreground: start, replay under the live view, then a summary or staying up."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.live import Live

from cli.live_view import LiveView
from local.cloud import LocalCloud
from local.replay.chaos import Chaos
from local.replay.record import build_record, write_record
from local.replay.summary import summarise
from local.replay.supervisor import Progress, Replay
from quantumzero.domain.errors import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from local.settings import LocalSettings

console = Console(highlight=False)
_RUNNING = "run.json"


def say(sentence: str) -> None:
    """Print one stage as it begins or ends."""
    console.print(f"· {sentence}", markup=False)


def running(home: Path) -> dict[str, Any] | None:
    """Return what runs in the folder, None when nothing does."""
    file = home / _RUNNING
    if not file.exists():
        return None
    record: dict[str, Any] = json.loads(file.read_text())
    try:
        os.kill(record["pid"], 0)
    except ProcessLookupError:
        file.unlink(missing_ok=True)
        return None
    return record


def run(settings: LocalSettings, *, once: bool, fresh: bool, seed: int | None) -> None:
    """Bring the cloud up, replay, and either stop with a summary or stay until told to stop."""
    already = running(settings.home)
    if already:
        raise RefusedError(
            f"QuantumZero already runs here (process {already['pid']}, {already['dashboard']}); "
            "stop it with `make down` first"
        )
    settings.home.mkdir(parents=True, exist_ok=True)
    install = time.time() - float(os.environ.get("QZ_SETUP_BEGAN", time.time()))
    cloud = LocalCloud.create(settings, say)
    record = settings.home / _RUNNING
    record.write_text(json.dumps({"pid": os.getpid(), "dashboard": cloud.dashboard_url}))
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        cloud.start(fresh=fresh)
        plan = (
            Chaos(cloud=cloud, seed=seed, sessions=settings.sessions or 260, say=say)
            if seed is not None
            else None
        )
        replay = Replay(
            cloud,
            barrier_every=settings.barrier_every,
            speed=settings.speed,
            **({"before_step": plan.before_step} if plan else {}),
        )
        watch(cloud, replay, stay=not once)
        if plan:
            plan.end()
        if once:
            finish(cloud, replay.progress, install, plan)
    except KeyboardInterrupt:
        say("stopping; the state stays")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        cloud.stop()
        record.unlink(missing_ok=True)


def watch(cloud: LocalCloud, replay: Replay, *, stay: bool) -> None:
    """Run the replay under the live view; stay after its end when asked to."""
    failure: list[BaseException] = []

    def work() -> None:
        try:
            replay.run()
        except BaseException as error:
            failure.append(error)

    worker = threading.Thread(target=work, daemon=True)
    say(f"dashboard at {cloud.dashboard_url} (sign in: operator / Local-replay-1)")
    worker.start()
    try:
        if console.is_terminal:
            with Live(LiveView(cloud, replay.progress), console=console, refresh_per_second=4):
                wait(worker, stay=stay)
        else:
            wait(worker, stay=stay, tell=lambda: say(line(replay.progress)))
    finally:
        replay.stop_requested = True
        worker.join(timeout=30)
    if failure:
        raise failure[0]


def wait(worker: threading.Thread, *, stay: bool, tell: Any = None) -> None:
    """Wait for the replay's end, and on when staying; tell how far it is every five seconds."""
    told = time.monotonic()
    while worker.is_alive() or stay:
        worker.join(timeout=0.2)
        if not worker.is_alive() and stay:
            time.sleep(0.2)
        if tell and worker.is_alive() and time.monotonic() - told > 5:
            told = time.monotonic()
            tell()


def line(progress: Progress) -> str:
    """Return the progress in one line."""
    return (
        f"{progress.session}: {progress.sessions_done} of {progress.sessions_total} sessions, "
        f"{progress.ticks:,} ticks"
    )


def finish(cloud: LocalCloud, progress: Progress, install: float, plan: Chaos | None) -> None:
    """Print and write the summary; exit 1 when ledger and exchange disagree."""
    trade = time.monotonic() - progress.began
    summary = summarise(
        cloud.api,
        cloud.exchange.books(),
        sessions=progress.sessions_done,
        ticks=progress.ticks,
    )
    home = cloud.settings.home
    write_record(
        home / "run-record.json",
        build_record(
            cloud.api,
            cloud.exchange.books(),
            first=cloud.settings.first_session,
            sessions=progress.sessions_done,
        ),
    )
    summary["seconds"] = {
        "install": round(install, 1),
        "deploy": round(cloud.deploy_seconds, 1),
        "trade": round(trade, 1),
    }
    summary["steps_seconds"] = {name: round(value, 2) for name, value in progress.steps.items()}
    if plan:
        summary["faults"] = {"worker_kills": plan.worker_kills, "carried_out": plan.done}
        summary["recoveries"] = progress.recoveries
    (home / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    console.print_json(json.dumps(summary))
    sound = summary["ledger_matches_broker"] and not (
        summary["duplicate_orders"] or summary["lost_orders"]
    )
    if not sound:
        raise typer.Exit(1)
