"""Save every service at one instant, while the emulator runs on.

The process forks; the child has a frozen copy of all memory and writes it out, the parent goes on
after a few milliseconds. The fork happens on the event loop's thread, where no request is half
done, and under the locks that worker threads take, so that a table's items and its stream records
fit together.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

from ministack import app as ministack
from ministack.core import lambda_runtime, persistence
from ministack.services import dynamodb, kinesis, lambda_svc

from local.emulator.state_folder import Snapshot, SnapshotError, StateFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LONGEST_SAVE_SECONDS = 10.0
_LONGEST_LOCK_SECONDS = 2.0
_SAVING = asyncio.Lock()


async def take_snapshot(state: StateFolder, name: str) -> Snapshot:
    """Save everything under a name; must be called on the event loop's thread.

    Raises SnapshotError when a service cannot be saved or the save takes longer than 10 s;
    nothing is changed then.
    """
    async with _SAVING:
        folder = state.begin(name)
        await _write(state, folder)
        return await asyncio.to_thread(state.finish, folder, name)


async def save_at_stop(state: StateFolder) -> None:
    """Save everything as the state of a clean stop."""
    async with _SAVING:
        folder = state.begin("at-stop")
        await _write(state, folder)
        state.finish_stop(folder)


async def _write(state: StateFolder, folder: Path) -> None:
    child, answer = _fork_writer(folder / "services")
    # Linked while the child writes: an object added in between is one object more, never half a
    # one.
    links = asyncio.to_thread(state.link_objects, folder)
    outcome, _ = await asyncio.gather(asyncio.to_thread(_wait_for, child, answer), links)
    if outcome != "saved":
        raise SnapshotError(
            f"the state was not saved: {outcome}; the previous snapshots are unchanged"
        )


def _fork_writer(services: Path) -> tuple[int, int]:
    answer, child_answer = os.pipe()
    with _held():
        child = os.fork()
    if child:
        os.close(child_answer)
        return child, answer
    try:
        os.write(child_answer, _write_services(services).encode()[:60_000])
    finally:
        os._exit(0)


def _write_services(services: Path) -> str:
    logging.disable(logging.CRITICAL)
    persistence.STATE_DIR = str(services)
    lambda_svc.CODE_BLOB_DIR = str(services / "lambda-blobs")
    for name, get_state in ministack._build_persistence_save_dict().items():
        try:
            state: Any = get_state()
        except Exception as error:
            return f"{name} could not tell its state: {error!r}"
        if state is None:
            continue
        persistence.save_state(name, state)
        if not (services / f"{name}.json").exists():
            return f"{name} could not be written to {services}"
    return "saved"


def _wait_for(child: int, answer: int) -> str:
    killer = threading.Timer(_LONGEST_SAVE_SECONDS, os.kill, (child, signal.SIGKILL))
    killer.start()
    try:
        with os.fdopen(answer, "rb") as pipe:
            told = pipe.read().decode()
        os.waitpid(child, 0)
    finally:
        killer.cancel()
    return told or f"saving took longer than {_LONGEST_SAVE_SECONDS:.0f} s"


@contextlib.contextmanager
def _held() -> Iterator[None]:
    locks = (
        dynamodb._lock,
        dynamodb._stream_seq_lock,
        kinesis._sequence_lock,
        lambda_svc._dynamodb_stream_positions_lock,
        lambda_runtime._lock,
    )
    ends_at = time.monotonic() + _LONGEST_LOCK_SECONDS
    with contextlib.ExitStack() as held:
        for lock in locks:
            if not lock.acquire(timeout=max(0.0, ends_at - time.monotonic())):
                raise SnapshotError("a service held its lock for 2 s; take the snapshot again")
            held.callback(lock.release)
        yield
