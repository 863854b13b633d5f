"""The commands that run, stop and show the local cloud."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.live import Live

from cli.live_view import LiveView, figures
from local.cloud import LocalCloud
from local.replay.chaos import Chaos
from local.replay.summary import summarise
from local.replay.supervisor import Progress, Replay
from local.settings import HOME, ROOT, LocalSettings, Ports
from quantumzero.domain.errors import InvalidInputError, RefusedError

console = Console(highlight=False)
_RUNNING = "run.json"

Home = Annotated[Path, typer.Option(help="Folder of state, logs and results.")]
Sessions = Annotated[int | None, typer.Option(min=1, help="Sessions to replay; all when absent.")]


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


def cash_of(text: str) -> Decimal:
    """Read an amount of money, or say what it may be."""
    try:
        cash = Decimal(text)
    except InvalidOperation as error:
        raise InvalidInputError(f"cash was {text!r}; it may be a number such as 100000") from error
    if not cash.is_finite() or cash <= 0:
        raise InvalidInputError(f"cash was {text}; it must be more than 0")
    return cash


def up(
    once: Annotated[bool, typer.Option("--once", help="Replay, print the summary, stop.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start the replay over.")] = False,
    sessions: Sessions = 260,
    data: Annotated[
        Path | None, typer.Option(exists=True, help="Your own CSV or Parquet, file or folder.")
    ] = None,
    first: Annotated[str, typer.Option("--from", help="First session, YYYY-MM-DD.")] = "2004-08-19",
    speed: Annotated[float, typer.Option(min=0, help="Sessions a second; 0: no pause.")] = -1.0,
    cash: Annotated[str, typer.Option(help="Cash of the account.")] = "100000",
    strategy: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="The document that trades.")
    ] = ROOT / "strategies" / "sma-cross.yaml",
    dashboard_port: Annotated[int, typer.Option(help="Port of the page.")] = 4580,
    emulator_port: Annotated[int, typer.Option(help="Port of the emulator.")] = 4566,
    exchange_port: Annotated[int, typer.Option(help="Port of the exchange.")] = 4570,
    home: Home = HOME,
) -> None:
    """Run the whole product on this machine, on replayed market data."""
    pace = (0.0 if once else 2.0) if speed < 0 else speed
    settings = LocalSettings(
        home=home.resolve(),
        ports=Ports(
            emulator_port, exchange_port, 0 if exchange_port == 0 else 4571, dashboard_port
        ),
        data=data.resolve() if data else None,
        first_session=first,
        sessions=sessions,
        cash=cash_of(cash),
        speed=pace,
        strategy=strategy.resolve(),
        any_port=sys.argv.count("--dashboard-port") == 0,
    )
    run(settings, once=once, fresh=fresh or once, seed=None)


def chaos(
    seed: Annotated[int, typer.Option(help="Draws the moments of the faults.")] = 7,
    sessions: Sessions = 260,
    home: Home = HOME,
) -> None:
    """Replay while workers, emulator and exchange are killed; then compare with the plain recomputation."""
    settings = LocalSettings(home=home.resolve(), sessions=sessions)
    run(settings, once=True, fresh=True, seed=seed)


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
    summary = summarise(cloud.api, cloud.exchange.books(), ticks=progress.ticks)
    summary["seconds"] = {
        "install": round(install, 1),
        "deploy": round(cloud.deploy_seconds, 1),
        "trade": round(trade, 1),
    }
    summary["steps_seconds"] = {name: round(value, 2) for name, value in progress.steps.items()}
    if plan:
        summary["faults"] = {"worker_kills": plan.worker_kills, "carried_out": plan.done}
        summary["recoveries"] = progress.recoveries
    file = cloud.settings.home / "summary.json"
    file.write_text(json.dumps(summary, indent=2) + "\n")
    console.print_json(json.dumps(summary))
    sound = summary["ledger_matches_broker"] and not (
        summary["duplicate_orders"] or summary["lost_orders"]
    )
    if not sound:
        raise typer.Exit(1)


def down(home: Home = HOME) -> None:
    """Stop what `qz up` started; the state stays."""
    record = running(home.resolve())
    if record is None:
        say("nothing runs here")
        return
    os.kill(record["pid"], signal.SIGTERM)
    until = time.monotonic() + 60
    while running(home.resolve()):
        if time.monotonic() > until:
            raise RefusedError(f"process {record['pid']} did not stop within a minute")
        time.sleep(0.1)
    say("stopped; `make up` goes on from here")


def status(home: Home = HOME) -> None:
    """Say what runs and how far it is."""
    record = running(home.resolve())
    if record is None:
        say("nothing runs here; start with `make up`")
        return
    say(f"runs as process {record['pid']}; dashboard at {record['dashboard']}")
    cloud = LocalCloud.attach(LocalSettings(home=home.resolve()))
    for name, value in figures(cloud).items():
        console.print(f"  {name:<20}{value}", markup=False)


def proof(home: Home = HOME) -> None:
    """Compare the last replay with a plain recomputation that shares no code with it."""
    from local.proof.comparison import compare_with_recomputation  # noqa: PLC0415  # loads the data

    raise typer.Exit(compare_with_recomputation(home.resolve(), say))


def sim(
    port: Annotated[int, typer.Option(help="Port of the exchange; 0: a free one.")] = 4570,
    admin_port: Annotated[int, typer.Option(help="Port of its admin; 0: a free one.")] = 4571,
    speed: Annotated[float, typer.Option(min=0, help="Sessions a second; 0: lockstep.")] = 0.0,
    data: Annotated[Path | None, typer.Option(exists=True)] = None,
    home: Home = HOME,
) -> None:
    """Run the exchange simulator alone, for your own clients."""
    state = home.resolve() / "sim"
    command = [sys.executable, "-m", "local.exchange", "--port", str(port)]
    command += ["--admin-port", str(admin_port), "--state-dir", str(state)]
    command += ["--speed", str(speed)] if speed else []
    command += ["--data", str(data.resolve())] if data else []
    raise typer.Exit(subprocess.run(command, cwd=ROOT, check=False).returncode)
