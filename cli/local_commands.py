"""The commands that run, stop and show the local cloud."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from cli.live_figures import figures
from cli.replay_run import Manner, console, run, say
from cli.run_file import RunFile
from local.cloud import LocalCloud
from local.preflight import check_parts, check_strategy, choose_market
from local.processes import StartedProcesses
from local.replay.chaos import FEWEST_SESSIONS
from local.settings import HOME, ROOT, LocalSettings, Ports
from quantumzero.domain.errors import RefusedError, UnavailableError

_STOP_SECONDS = 60.0
_SHIPPED = ROOT / "strategies" / "sma-cross.yaml"


def cash_of(text: str) -> Decimal:
    """Read an amount of money, or say what it may be."""
    try:
        cash = Decimal(text)
    except InvalidOperation as error:
        raise typer.BadParameter(
            f"cash was {text!r}; it may be an amount such as 100000"
        ) from error
    if not cash.is_finite() or cash <= 0 or cash != cash.quantize(Decimal("0.01")):
        raise typer.BadParameter(f"cash was {text}; it must be more than 0, in whole cents")
    return cash


def date_of(text: str) -> str:
    """Read an exchange date, or say what it may be."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise typer.BadParameter(f"the date was {text!r}; it may be one like 2004-08-19") from error


Home = Annotated[Path, typer.Option(help="Folder of state, logs and results.")]
Sessions = Annotated[int | None, typer.Option(min=1, help="Sessions to replay at most.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="0: a free one.")]


def up(
    once: Annotated[bool, typer.Option("--once", help="Replay, print the summary, stop.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start the replay over.")] = False,
    sessions: Sessions = 260,
    data: Annotated[
        Path | None, typer.Option(exists=True, help="Your own CSV or Parquet, file or folder.")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", parser=date_of, help="First session, YYYY-MM-DD.")
    ] = None,
    speed: Annotated[
        float | None,
        typer.Option(min=0, help="Sessions a second; 0: no pause. 2 when absent, 0 with --once."),
    ] = None,
    cash: Annotated[Decimal, typer.Option(parser=cash_of, help="Cash of the account.")] = Decimal(
        100_000
    ),
    strategy: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="The document that trades.")
    ] = _SHIPPED,
    faults: Annotated[
        int | None,
        typer.Option("--broker-faults", help="Draws what the broker does wrong, from this seed."),
    ] = None,
    dashboard_port: Port = None,
    emulator_port: Port = None,
    exchange_port: Port = None,
    home: Home = HOME,
) -> None:
    """Run the whole product on this machine, on replayed market data."""
    pace = (0.0 if once else 2.0) if speed is None else speed
    settings = LocalSettings(
        home=home.resolve(),
        ports=ports_of(dashboard_port, emulator_port, exchange_port),
        data=data.resolve() if data else None,
        sessions=sessions,
        cash=cash,
        speed=pace,
        strategy=strategy.resolve(),
        cloud=os.environ.get("CLOUD", "ministack"),
    )
    settings = ready(settings, first)
    manner = Manner(once=once, fresh=fresh or once, broker_seed=faults)
    raise typer.Exit(0 if run(settings, manner) else 1)


def ports_of(dashboard: int | None, emulator: int | None, exchange: int | None) -> Ports:
    """Return the ports; those that were asked for by name are never replaced by others."""
    asked = {"dashboard": dashboard, "emulator": emulator, "exchange": exchange}
    named = {name: port for name, port in asked.items() if port is not None}
    return Ports(**named, named=frozenset(named))


def ready(settings: LocalSettings, first: str | None) -> LocalSettings:
    """Return the settings with the data's symbols; say what is wrong before anything is started."""
    already = RunFile(settings.home).running()
    if already is not None:
        where = f", {already['dashboard']}" if already["dashboard"] else ""
        raise RefusedError(
            f"QuantumZero already runs in {settings.home} (process {already['pid']}{where}); stop "
            f"it with `qz down --home {settings.home}`, or choose another --home"
        )
    check_parts(settings)
    settings = choose_market(settings, first, say)
    check_strategy(settings)
    return settings


def chaos(
    seed: Annotated[int, typer.Option(help="Draws the moments of the faults.")] = 7,
    sessions: Annotated[
        int, typer.Option(min=FEWEST_SESSIONS, help="Sessions to replay at most.")
    ] = 260,
    home: Home = HOME,
) -> None:
    """Replay while workers, emulator and exchange are killed; then compare with the plain recomputation."""
    settings = ready(LocalSettings(home=home.resolve(), sessions=sessions), None)
    sound = run(settings, Manner(once=True, fresh=True, seed=seed))
    equal = compare(settings.home)
    raise typer.Exit(0 if sound and equal else 1)


def down(home: Home = HOME) -> None:
    """Stop what `qz up` started; the state stays."""
    home = home.resolve()
    record = RunFile(home).running()
    if record is None:
        left = StartedProcesses(home / "processes.json").end_leftovers()
        names = ", ".join(f"{name} (process {pid})" for name, pid in left.items())
        say(f"ended what a killed run had left: {names}" if left else "nothing runs here")
        return
    os.kill(record["pid"], signal.SIGTERM)
    until = time.monotonic() + _STOP_SECONDS
    while RunFile(home).running():
        if time.monotonic() > until:
            raise RefusedError(
                f"process {record['pid']} did not stop within {_STOP_SECONDS:.0f} s; end it with "
                f"`kill -9 {record['pid']}`, then run this again"
            )
        time.sleep(0.1)
    say("stopped; `make up` goes on from here")


def status(home: Home = HOME) -> None:
    """Say what runs and how far it is."""
    home = home.resolve()
    record = RunFile(home).running()
    if record is None:
        left = StartedProcesses(home / "processes.json").leftovers()
        names = ", ".join(f"{name} (process {pid})" for name, pid in left.items())
        say(
            f"a killed run has left {names}; `make up` goes on, `make down` ends them"
            if left
            else "nothing runs here; start with `make up`"
        )
        return
    say(f"runs as process {record['pid']}; dashboard at {record['dashboard'] or 'starting'}")
    try:
        cloud = LocalCloud.attach(LocalSettings(home=home, cloud=record["cloud"]))
        done = cloud.exchange.sessions()
        rows = {"sessions": f"{done['done']} of {done['total']}", **figures(cloud)}
    except (OSError, UnavailableError):
        say("it is starting, stopping or coming back from a fault; ask again in a moment")
        return
    for name, value in rows.items():
        console.print(f"  {name:<20}{value}", markup=False)


def proof(home: Home = HOME) -> None:
    """Compare the last replay with a backtest, and with a recomputation that shares no code with it."""
    raise typer.Exit(0 if compare(home.resolve()) else 1)


def compare(home: Path) -> bool:
    """Say whether the last replay equals the backtest of the same document over the same bars, and,
    where one was written for it, the plain recomputation.
    """
    from local.proof import backtest_comparison, comparison  # loads the data

    record = comparison.read_record(home)
    equal = backtest_comparison.say_comparison_with_backtest(record, say)
    say("the replay EQUALS the backtest" if equal else "the replay DIFFERS from the backtest")
    if comparison.recomputable(record):
        same = comparison.say_comparison_with_recomputation(record, say)
        say("the replay EQUALS the plain recomputation" if same else "the replay DIFFERS from it")
        equal &= same
    return equal


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
