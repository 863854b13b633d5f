"""Run handlers with the function's own libraries only, and end them with the emulator.

AWS: a handler sees its package, its layers and the runtime; a missing dependency is an import
error.
ministack: runs handlers with its own interpreter and site-packages, so its boto3 hides a missing
layer; and a worker busy at the moment the emulator dies runs on.
"""

from __future__ import annotations

import sys
from typing import Any

from ministack.core import lambda_runtime

from local.emulator.sources import rewrite, rewrite_text

# -I ignores PYTHON* variables and -S skips site-packages, so PYTHONPATH of the function is put in
# place by hand.
_INTERPRETER_FLAGS = ("-I", "-S")
_LIBRARIES = """\
    for _qz_path in reversed(os.environ.get("PYTHONPATH", "").split(os.pathsep)):
        if _qz_path:
            sys.path.insert(0, _qz_path)
    sys.path.insert(0, code_dir)
"""
# The emulator holds the other end of stdin: a hang-up means that it is gone, whatever the handler
# is doing.
_FOLLOW_EMULATOR = """\
def _qz_end_with_emulator():
    import select, threading
    poll = select.poll()
    poll.register(0, 0)

    def wait():
        while not any(kind & (select.POLLHUP | select.POLLERR) for _, kind in poll.poll()):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True, name="emulator-watch").start()

def run():
    _qz_end_with_emulator()
    # Redirect print() to stderr so stdout stays clean for JSON-line protocol
"""


def command(binary: str, script: str) -> list[str]:
    """Return the command of a worker process: isolated flags for Python, unchanged for others."""
    if binary == sys.executable:
        return [_base_interpreter(), *_INTERPRETER_FLAGS, script]
    return [binary, script]


def _base_interpreter() -> str:
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def apply() -> None:
    """Change the worker's command and its script's search path."""
    worker: Any = lambda_runtime.Worker
    rewrite(
        worker,
        "_spawn",
        "[binary, worker_path],",
        "qz_command(binary, worker_path),",
        command=command,
    )
    rewrite_text(
        lambda_runtime,
        "_PYTHON_WORKER_SCRIPT",
        "    sys.path.insert(0, code_dir)\n",
        _LIBRARIES,
    )
    rewrite_text(
        lambda_runtime,
        "_PYTHON_WORKER_SCRIPT",
        "def run():\n"
        "    # Redirect print() to stderr so stdout stays clean for JSON-line protocol\n",
        _FOLLOW_EMULATOR,
    )
