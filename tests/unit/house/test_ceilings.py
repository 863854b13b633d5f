"""The house's mechanical rules: sizes, clocks, and import contracts that really refuse."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "layers/quantumzero/python/quantumzero"
SOURCES = ("app.py", "bench", "cli", "functions", "layers", "local", "stacks")
FILE_CEILING, FUNCTION_CEILING, HANDLER_CEILING = 300, 40, 60


def python_files(*places: str) -> Iterator[Path]:
    for place in places:
        path = ROOT / place
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def functions_of(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of the statements after the docstring: signatures and prose are free."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_file_is_longer_than_the_ceiling() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for file in python_files(*SOURCES, "tests")
        if (lines := len(file.read_text().splitlines())) > FILE_CEILING
    }
    assert long == {}


def test_no_function_is_longer_than_the_ceiling() -> None:
    long = {
        f"{file.relative_to(ROOT)}:{function.name}": lines
        for file in python_files(*SOURCES)
        for function in functions_of(file)
        if (lines := body_lines(function)) > FUNCTION_CEILING
    }
    assert long == {}


def test_no_handler_is_longer_than_its_ceiling() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for file in sorted((ROOT / "functions").glob("*/handler.py"))
        if (lines := len(file.read_text().splitlines())) > HANDLER_CEILING
    }
    assert long == {}


FORBIDDEN_CALLS = {
    "datetime.now", "datetime.utcnow", "date.today", "time.time", "time.monotonic", "time.sleep",
    "uuid.uuid4", "uuid4", "random.random", "random.randint", "random.choice", "random.uniform",
    "threading.Thread", "os.urandom", "secrets.token_hex",
}  # fmt: skip


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("room", ["domain", "research", "usecases"])
def test_no_raw_clock_randomness_or_thread_in_the_inner_rooms(room: str) -> None:
    found = {
        f"{file.relative_to(ROOT)}:{node.lineno} {dotted(node.func)}"
        for file in (PACKAGE / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and any(
            dotted(node.func) == call or dotted(node.func).endswith("." + call)
            for call in FORBIDDEN_CALLS
        )
    }
    assert found == set()


def test_only_the_bootstrap_and_the_command_line_read_the_environment() -> None:
    found = {
        str(file.relative_to(ROOT))
        for place in (PACKAGE, ROOT / "functions")
        for file in place.rglob("*.py")
        if "os.environ" in file.read_text()
        and "bootstrap" not in file.parts
        and "write_openapi" not in file.name
    }
    assert found == set()


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("domain/bars.py", "import botocore"),
        ("usecases/__init__.py", "import quantumzero.adapters"),
        ("domain/__init__.py", "import quantumzero.ports"),
    ],
)
def test_a_planted_forbidden_import_breaks_the_contracts(
    tmp_path: Path, where: str, line: str
) -> None:
    for place in ("functions", "local", "cli", "stacks"):
        shutil.copytree(
            ROOT / place, tmp_path / place, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copytree(PACKAGE, tmp_path / "quantumzero")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / "quantumzero" / where
    planted.write_text(planted.read_text() + f"\n{line}\n")
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 1
    assert "BROKEN" in checked.stdout
