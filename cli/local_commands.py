"""The commands that run, stop and show the local cloud."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from cli.live_view import figures
from cli.replay_run import console, run, running, say
from local.cloud import LocalCloud
from local.settings import HOME, ROOT, LocalSettings, Ports
from quantumzero.domain.errors import InvalidInputError, RefusedError

Home = Annotated[Path, typer.Option(help="Folder of state, logs and results.")]
Sessions = Annotated[int | None, typer.Option(min=1, help="Sessions to replay; all when absent.")]


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
    speed: Annotated[
        float | None,
        typer.Option(min=0, help="Sessions a second; 0: no pause. 2 when absent, 0 with --once."),
    ] = None,
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
    pace = (0.0 if once else 2.0) if speed is None else speed
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
        cloud=os.environ.get("CLOUD", "ministack"),
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
    from local.proof.comparison import compare_with_recomputation  # loads the data

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
