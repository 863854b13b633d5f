"""Return an invocation's result when its log is complete, not after a guessed pause.

AWS: the answer does not wait for the log.
ministack: waits up to 50 ms for a first line of stderr, so a handler that logs nothing costs 50
ms a call. The worker now writes a mark after every call and the reader stops at the mark.
"""

from __future__ import annotations

import queue
import time
from typing import Any

from ministack.core import lambda_runtime

from local.emulator.sources import expect, rewrite_text

MARK = "\x1eend of invocation\x1e"
_LONGEST_WAIT_SECONDS = 0.25


def apply() -> None:
    """Write the mark in the worker and read up to it in the emulator."""
    rewrite_text(
        lambda_runtime,
        "_PYTHON_WORKER_SCRIPT",
        "        _real_stdout.flush()\n\nrun()",
        f"        sys.stderr.write({MARK + chr(10)!r}); sys.stderr.flush()\n"
        "        _real_stdout.flush()\n\nrun()",
    )
    worker: Any = lambda_runtime.Worker
    drain_by_guess = worker._drain_stderr_bounded
    expect(drain_by_guess, "first_line_wait: float = 0.050,", "hard_cap: float = 0.250,")

    def drain_to_mark(self: Any) -> str:
        if not str(self.config.get("Runtime", "")).startswith("python"):
            return str(drain_by_guess(self))
        return "\n".join(_lines_before_mark(self))

    worker._drain_stderr_bounded = drain_to_mark


def _lines_before_mark(worker: Any) -> list[str]:
    lines: list[str] = []
    ends_at = time.monotonic() + _LONGEST_WAIT_SECONDS
    while (left := ends_at - time.monotonic()) > 0:
        try:
            line = worker._stderr_queue.get(timeout=left)
        except queue.Empty:
            break
        text, mark, _ = line.partition(MARK)
        if text or not mark:
            lines.append(text)
        if mark:
            break
    return lines
