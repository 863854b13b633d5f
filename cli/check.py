"""`make check`: every gate in one run; each says what it holds, all run even when one fails.

Run: python -m cli.check [GATE ...]
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent
_BIN = Path(sys.executable).parent
_PYTHON_SOURCES = ("app.py", "bench", "cli", "functions", "layers", "local", "stacks", "tests")


@dataclass(frozen=True, slots=True)
class Gate:
    """One command that must end with 0, in the folder it runs in."""

    name: str
    command: tuple[str, ...]
    folder: str = "."


GATES = (
    Gate("format", (str(_BIN / "ruff"), "format", "--check", "--quiet", *_PYTHON_SOURCES)),
    Gate("lint", (str(_BIN / "ruff"), "check", "--quiet", *_PYTHON_SOURCES)),
    Gate("types", (str(_BIN / "mypy"),)),
    Gate("import contracts", (str(_BIN / "lint-imports"), "--no-cache")),
    Gate("ceilings and house rules", (sys.executable, "-m", "pytest", "tests/unit/house")),
    Gate("functions page drift", (sys.executable, "-m", "cli.write_functions", "--check")),
    Gate("OpenAPI drift", (sys.executable, "-m", "functions.serve_api.write_openapi", "--check")),
    Gate("stack promises and nag", (sys.executable, "-m", "pytest", "tests/stacks")),
    Gate("web types drift", ("npm", "run", "--silent", "generate:check"), "web"),
    Gate("web types", ("npm", "run", "--silent", "typecheck"), "web"),
    Gate("web lint", ("npm", "run", "--silent", "lint"), "web"),
)


def run(gate: Gate) -> tuple[bool, float, str]:
    """Run one gate; return whether it held, its seconds and what it printed."""
    began = time.monotonic()
    done = subprocess.run(
        gate.command,
        cwd=ROOT / gate.folder,
        env={**os.environ, "PATH": f"{_BIN}{os.pathsep}{os.environ.get('PATH', '')}"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, time.monotonic() - began, done.stdout + done.stderr


def main(wanted: list[str]) -> int:
    """Run the gates whose names contain one of the wanted words, all when none is given."""
    console = Console(highlight=False)
    failed = []
    for gate in GATES:
        if wanted and not any(word in gate.name for word in wanted):
            continue
        held, seconds, words = run(gate)
        mark = "[green]holds[/]" if held else "[red]FAILS[/]"
        console.print(f"{mark}  {gate.name}  ({seconds:.1f} s)")
        if not held:
            failed.append(gate.name)
            console.print("\n".join(words.splitlines()[-60:]), markup=False)
    console.print(
        f"{len(failed)} gates fail: {', '.join(failed)}" if failed else "every gate holds"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
