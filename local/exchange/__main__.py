"""Start the exchange simulator: python -m local.exchange --port P --admin-port A --state-dir D."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

from aiohttp import web

from local.exchange.admin_api import AdminApi
from local.exchange.application import PublicApi
from local.exchange.free_run import Speed, read_speed, run_freely
from local.exchange.simulator import DEFAULT_KEY_ID, DEFAULT_SECRET_KEY, Options, Simulator
from local.exchange.state import Settings
from quantumzero.domain.errors import QuantumZeroError

HOST = "127.0.0.1"
STOPPED = "stopped"


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; print one JSON line with both ports when ready.

    Returns the exit status.
    """
    given = _parser().parse_args(arguments)
    try:
        speed = read_speed(given.speed) if given.speed else None
        simulator = Simulator(_options(given))
    except QuantumZeroError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        asyncio.run(_serve(simulator, given.port, given.admin_port, speed))
    except OSError as error:
        sys.stderr.write(f"cannot listen: {error}; choose another port, or 0 for a free one\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.exchange", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--admin-port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--state-dir", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="a file or folder of CSV or Parquet")
    parser.add_argument("--from", dest="start", type=date.fromisoformat, help="first session")
    parser.add_argument("--sessions", type=int, help="how many sessions")
    parser.add_argument("--cash", type=Decimal, default=Decimal(100_000))
    parser.add_argument("--participation", type=Decimal, default=Decimal("0.0005"))
    parser.add_argument("--commission-per-share", type=Decimal, default=Decimal(0))
    parser.add_argument(
        "--multiplier", type=Decimal, default=Decimal(1), help="2 is a margin account"
    )
    parser.add_argument("--allow-short", action="store_true")
    parser.add_argument("--restore", help="a snapshot's name; the newest one without it")
    parser.add_argument("--speed", help="run by itself: 2 (sessions a second) or 60x real time")
    parser.add_argument("--rate-limit", type=int, default=0, help="requests a minute, 0 is none")
    parser.add_argument("--data-connections", type=int, default=1, help="market data streams")
    return parser


def _options(given: argparse.Namespace) -> Options:
    settings = Settings(
        participation=given.participation,
        allow_short=given.allow_short,
        multiplier=given.multiplier,
        commission_per_share=given.commission_per_share,
    )
    return Options(
        state_folder=given.state_dir,
        data=given.data,
        start=given.start,
        sessions=given.sessions,
        cash=given.cash,
        settings=settings,
        key_id=os.environ.get("EXCHANGE_KEY_ID", DEFAULT_KEY_ID),
        secret_key=os.environ.get("EXCHANGE_SECRET_KEY", DEFAULT_SECRET_KEY),
        restore=given.restore,
        rate_limit=given.rate_limit,
        data_connections=given.data_connections,
    )


async def _serve(simulator: Simulator, port: int, admin_port: int, speed: Speed | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    runners = [
        await _listen(PublicApi(simulator).application(), port),
        await _listen(AdminApi(simulator).application(), admin_port),
    ]
    ports = [runner.addresses[0][1] for runner in runners]
    sys.stdout.write(json.dumps({"port": ports[0], "admin_port": ports[1]}) + "\n")
    sys.stdout.flush()
    free = asyncio.create_task(run_freely(simulator, speed)) if speed else None
    await stop.wait()
    if free is not None:
        free.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await free
    for runner in runners:
        await runner.cleanup()
    simulator.snapshot(STOPPED)


async def _listen(application: web.Application, port: int) -> web.AppRunner:
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    return runner


if __name__ == "__main__":
    sys.exit(main())
