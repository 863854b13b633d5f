"""Run many seeded worlds of the product's own use cases, say what was exercised, and keep every seed that fails.

Run: python -m tests.simulation.campaign --seeds 20000 [--from FIRST | --commit] [--minutes M] [--workers N]
Ends with 1 on a violation, on a row of the fault matrix that nothing exercised, and on a trace that two processes with
different hash seeds do not share.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from tests.simulation.invariants import Violation
from tests.simulation.life import Account, live, run_seeds, shrunk, trace
from tests.simulation.weather import ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from tests.simulation.life import Failure

    Chunk = Future[tuple[Account, list[Failure]]]

ROOT = Path(__file__).absolute().parents[2]
REGRESSIONS = Path(__file__).with_name("regressions.txt")
CHUNK = 100
TRACED = 300
# With fewer seeds than this a rare row may honestly not have come up.
ENOUGH_FOR_EVERY_ROW = 1000
SAY_EVERY = 10.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a campaign; return 0 when everything held."""
    asked = _parser().parse_args(arguments)
    if asked.trace:
        print(traces(asked.first, asked.seeds))
        return 0
    first = seed_of_commit() if asked.commit else asked.first
    started = time.monotonic()
    ends = started + asked.minutes * 60 if asked.minutes else None
    account, failures = _run(first, None if ends else asked.seeds, ends, asked.workers)
    seconds = time.monotonic() - started
    kept = [shrunk(failure) for failure in failures[:10]]
    if len(failures) < account.seeds:
        # What breaks every world is no matter of the seed.
        keep(kept)
    equal = same_trace(first, min(TRACED, account.seeds))
    _report(account, first, seconds, kept)
    print(f"trace of {min(TRACED, account.seeds)} seeds in two processes: {_equal(equal)}")
    idle = idle_rows(account)
    for row in idle:
        print(f"{row} was never exercised: {ROWS[row]}")
    print(f"{len(failures)} violations")
    enough = account.seeds >= ENOUGH_FOR_EVERY_ROW
    return int(bool(failures) or not equal or (enough and bool(idle)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=20000, help="how many worlds")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first seed")
    parser.add_argument("--commit", action="store_true", help="take the first seed from HEAD")
    parser.add_argument("--minutes", type=float, default=0, help="run for so long instead")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--trace", action="store_true", help="print only the hash of the traces")
    return parser


def _run(
    first: int, seeds: int | None, ends: float | None, workers: int
) -> tuple[Account, list[Failure]]:
    """Run chunks on the workers until the seeds or the time are used up."""
    account = Account()
    failures: list[Failure] = []
    chunks = _chunks(first, seeds)
    said = time.monotonic()
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        running: set[Chunk] = set()
        while True:
            while len(running) < workers and (ends is None or time.monotonic() < ends):
                chunk = next(chunks, None)
                if chunk is None:
                    break
                running.add(pool.submit(run_seeds, *chunk))
            if not running:
                return account, failures
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for each in done:
                counted, failed = each.result()
                account.merge(counted)
                failures += failed
            if time.monotonic() - said > SAY_EVERY:
                said = time.monotonic()
                print(f"  {account.seeds} seeds, {len(failures)} violations", flush=True)


def _chunks(first: int, seeds: int | None) -> Iterator[tuple[int, int]]:
    start = 0
    while seeds is None or start < seeds:
        count = CHUNK if seeds is None else min(CHUNK, seeds - start)
        yield first + start, count
        start += count


def _report(account: Account, first: int, seconds: float, kept: Sequence[Failure]) -> None:
    rate = account.seeds / seconds if seconds else 0.0
    print(f"{account.seeds} seeds from {first} in {seconds:.1f} s: {rate:.0f} seeds/s")
    checks = ", ".join(f"{name} {count}" for name, count in sorted(account.checks.items()))
    print(f"checks: {sum(account.checks.values())} ({checks})")
    for name, text in ROWS.items():
        print(f"  {name:4} {account.rows[name]:9} {text}")
    for title, counts in (
        ("orders", account.states),
        ("steps", account.events),
        ("kinds that filled", account.kinds),
    ):
        print(f"{title}: " + ", ".join(f"{name} {n}" for name, n in sorted(counts.items())))
    for failure in kept:
        print(f"seed {failure.seed}, {failure.steps} steps a session: {failure.text}")


def _equal(equal: bool) -> str:
    return "equal" if equal else "DIFFERENT"


def idle_rows(account: Account) -> list[str]:
    """Return the rows of the matrix that nothing exercised."""
    return [row for row in ROWS if not account.rows[row]]


def keep(failures: Sequence[Failure]) -> None:
    """Write failing seeds down for ever."""
    known = REGRESSIONS.read_text().splitlines()
    fresh = [each.line for each in failures if each.line not in known]
    if fresh:
        REGRESSIONS.write_text("\n".join([*known, *fresh]) + "\n")


def regressions() -> list[tuple[int, int]]:
    """Return seed and steps of every world that once failed."""
    lines = REGRESSIONS.read_text().splitlines()
    parts = [line.split() for line in lines if line and not line.startswith("#")]
    return [(int(part[0]), int(part[1])) for part in parts]


def seed_of_commit() -> int:
    """Return the first seed of this commit: fresh seeds for every change, the same ones for its repetition."""
    found = subprocess.run(
        ["git", "rev-parse", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return int(found.stdout[:10] or "0", 16)


def traces(first: int, seeds: int) -> str:
    """Return one hash per seed, in one line."""
    return " ".join(_trace(seed) for seed in range(first, first + seeds))


def _trace(seed: int) -> str:
    try:
        return trace(live(seed))[:16]
    except Violation as found:
        return str(found)


def same_trace(first: int, seeds: int) -> bool:
    """Tell whether two processes with different hash seeds live the same worlds."""
    command = [sys.executable, "-m", "tests.simulation.campaign", "--trace"]
    command += ["--seeds", str(seeds), "--from", str(first)]
    running = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for hash_seed in ("1", "4711")
    ]
    told = [each.communicate()[0] for each in running]
    return told[0] == told[1] and all(each.returncode == 0 for each in running)


if __name__ == "__main__":
    sys.exit(main())
