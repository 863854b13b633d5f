"""Serve ministack's application with the control endpoint beside it, and stop cleanly."""

from __future__ import annotations

import asyncio
import faulthandler
import json
import logging
import os
import signal
import socket
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from hypercorn.asyncio import serve as serve_asgi
from hypercorn.config import Config
from ministack import app as ministack
from ministack.core import lambda_runtime

from local.emulator import quiet, saving
from local.emulator.lifecycle import ACTIVITY, READY, STOPPING
from local.emulator.state_folder import SnapshotError, StateFolder

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_LOGGER = logging.getLogger("emulator")
_PREFIX = "/_qz/"
_READING_SECONDS = 0.003
_SETTLED_SECONDS = 0.005
_LONGEST_DRAIN_SECONDS = 2.0


def serve(host: str, port: int, state: StateFolder, started_from: str) -> None:
    """Serve until SIGTERM or SIGINT; the process ends in here, after its state is saved."""
    config = Config()
    config.bind = [f"{host}:{port}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    threading.Thread(target=_tell_ready, args=(host, port), daemon=True, name="ready").start()
    asyncio.run(_serve(Control(state, started_from), config, state))


async def _serve(control: Control, config: Config, state: StateFolder) -> None:
    # A hang is told apart from slow work by `kill -USR1`: every thread's stack goes to the log.
    faulthandler.register(signal.SIGUSR1)
    loop = asyncio.get_running_loop()
    for kind in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(kind, _begin_stop, state)
    # Stopping ends the process from _stop, so the server itself is never asked to shut down.
    await serve_asgi(control, config, shutdown_trigger=asyncio.Event().wait)


def _tell_ready(host: str, port: int) -> None:
    while True:
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                break
        time.sleep(0.02)
    READY.set()
    ACTIVITY.note()


_STOP_TASKS: list[asyncio.Task[None]] = []


def _begin_stop(state: StateFolder) -> None:
    if not STOPPING.is_set():
        STOPPING.set()
        ACTIVITY.note()
        _STOP_TASKS.append(asyncio.get_running_loop().create_task(_stop(state)))


async def _stop(state: StateFolder) -> None:
    """Let running handlers finish, save, end the workers and this process.

    What does not finish in 2 s is saved as running and starts again after the restart.
    """
    code = 0
    ends_at = time.monotonic() + _LONGEST_DRAIN_SECONDS
    while time.monotonic() < ends_at and _working():
        await asyncio.sleep(0.02)
    try:
        await saving.save_at_stop(state)
    except Exception:
        _LOGGER.exception("the state was not saved; the next start uses the newest snapshot")
        code = 1
    _kill_workers()
    logging.shutdown()
    os._exit(code)


def _working() -> bool:
    reading = quiet.reading()
    return bool(
        reading["busy_workers"] or reading["running_executions"] or reading["pending_async_invokes"]
    )


def _kill_workers() -> None:
    with lambda_runtime._lock:
        pools = [worker for pool in lambda_runtime._workers.values() for worker in pool]
    for worker in pools:
        if worker._proc is not None:
            worker._proc.kill()


class Control:
    """The ASGI application: paths below /_qz/ are answered here, all others by ministack."""

    def __init__(self, state: StateFolder, started_from: str) -> None:
        """Keep what the answers need."""
        self._state = state
        self._started_from = started_from
        self._answers: dict[str, Callable[[dict[str, str]], Awaitable[Any]]] = {
            "health": self._health,
            "quiet": self._quiet,
            "wait": self._wait,
            "workers": self._workers,
            "snapshot": self._snapshot,
            "snapshots": self._snapshots,
        }

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not scope["path"].startswith(_PREFIX):
            await ministack.app(scope, receive, send)
            return
        given = parse_qs(scope.get("query_string", b"").decode())
        query = {name: values[-1] for name, values in given.items()}
        status, body = await self._answer(scope["path"].removeprefix(_PREFIX), query)
        encoded = json.dumps(body).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(encoded)).encode()),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": encoded})

    async def _answer(self, name: str, query: dict[str, str]) -> tuple[int, Any]:
        answer = self._answers.get(name)
        if answer is None:
            known = ", ".join(sorted(self._answers))
            return 404, {"error": f"control path was {name!r}; there are: {known}"}
        try:
            return 200, await answer(query)
        except (SnapshotError, ValueError) as error:
            return 409, {"error": str(error)}

    async def _health(self, query: dict[str, str]) -> Any:
        return {
            "ready": READY.is_set(),
            "pid": os.getpid(),
            "started_from": self._started_from,
            "stopping": STOPPING.is_set(),
        }

    async def _quiet(self, query: dict[str, str]) -> Any:
        return quiet.reading()

    async def _wait(self, query: dict[str, str]) -> Any:
        begun = time.monotonic()
        ends_at = begun + min(600.0, float(query.get("timeout", "30")))
        while True:
            seen = ACTIVITY.count
            if quiet.settled():
                await asyncio.sleep(_SETTLED_SECONDS)
                if ACTIVITY.count == seen and quiet.settled():
                    break
            if time.monotonic() > ends_at:
                break
            await asyncio.sleep(_READING_SECONDS)
        return {**quiet.reading(), "waited_seconds": round(time.monotonic() - begun, 4)}

    async def _workers(self, query: dict[str, str]) -> Any:
        return {"workers": quiet.workers()}

    async def _snapshot(self, query: dict[str, str]) -> Any:
        begun = time.monotonic()
        snapshot = await saving.take_snapshot(self._state, query.get("name", ""))
        return {"name": snapshot.name, "seconds": round(time.monotonic() - begun, 4)}

    async def _snapshots(self, query: dict[str, str]) -> Any:
        return {
            "snapshots": [
                {"name": snapshot.name, "taken_at": snapshot.taken_at}
                for snapshot in self._state.snapshots()
            ]
        }
