"""`make test`: the ladder of tests, lowest rung first, with counts and minutes for each.

Every rung runs even when one fails. A skipped test counts as a failure: nothing here may skip itself. The last line
gives the totals.

Run: python -m cli.test_ladder [RUNG ...]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from cli.chromium import find_chromium

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / ".local" / "test-results"


@dataclass(frozen=True, slots=True)
class Count:
    """How many tests of a rung passed, failed or skipped, and its seconds."""

    passed: int
    failed: int
    skipped: int
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Rung:
    """One kind of test: how to run it and how to read its counts."""

    name: str
    command: tuple[str, ...]
    folder: str
    read: Callable[[Path], Count]
    result: str


def read_junit(file: Path) -> Count:
    """Read the counts of a pytest run from its JUnit file."""
    suites = ET.parse(file).getroot().iter("testsuite")  # noqa: S314  # our own file
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return Count(total - failed - skipped, failed, skipped)


def read_vitest(file: Path) -> Count:
    """Read the counts of a Vitest run from its JSON report."""
    report = json.loads(file.read_text())
    return Count(
        report["numPassedTests"],
        report["numFailedTests"] + report.get("numFailedTestSuites", 0),
        report["numPendingTests"] + report.get("numTodoTests", 0),
    )


def read_playwright(file: Path) -> Count:
    """Read the counts of a Playwright run from its JSON report."""
    stats = json.loads(file.read_text())["stats"]
    return Count(stats["expected"] + stats["flaky"], stats["unexpected"], stats["skipped"])


def pytest_rung(name: str, *options: str) -> Rung:
    """Describe a rung that pytest runs from tests/<name>."""
    result = f"{name}.xml"
    command = (sys.executable, "-m", "pytest", f"tests/{name}", *options)
    return Rung(name, (*command, f"--junitxml={RESULTS / result}"), ".", read_junit, result)


RUNGS = (
    pytest_rung("unit", "-n", "2"),
    pytest_rung("contract", "-n", "2"),
    pytest_rung("simulation", "-n", "2"),
    pytest_rung("functions", "-n", "2"),
    pytest_rung("stacks"),
    Rung(
        "web unit",
        (
            "npx",
            "vitest",
            "run",
            "--reporter=default",
            "--reporter=json",
            f"--outputFile.json={RESULTS / 'web.json'}",
        ),
        "web",
        read_vitest,
        "web.json",
    ),
    Rung(
        "web pages",
        ("npx", "playwright", "test", "--project", "fixture", "--reporter=line,json"),
        "web",
        read_playwright,
        "pages.json",
    ),
    pytest_rung("local_cloud"),
    pytest_rung("browser"),
)


def climb(rung: Rung) -> Count:
    """Run one rung; a rung that leaves no result counts as one failure."""
    file = RESULTS / rung.result
    file.unlink(missing_ok=True)
    environment = {
        **os.environ,
        "CHROMIUM": find_chromium() or "",
        "PLAYWRIGHT_JSON_OUTPUT_NAME": str(file),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    began = time.monotonic()
    code = subprocess.run(
        rung.command, cwd=ROOT / rung.folder, env=environment, check=False
    ).returncode
    seconds = time.monotonic() - began
    if not file.exists():
        return Count(0, 1, 0, seconds)
    count = rung.read(file)
    failed = count.failed or int(code != 0)
    return Count(count.passed, failed, count.skipped, seconds)


def main(wanted: list[str]) -> int:
    """Climb the wanted rungs, all when none is named."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    counts: dict[str, Count] = {}
    for rung in RUNGS:
        if not wanted or rung.name in wanted:
            print(f"── {rung.name}", flush=True)
            counts[rung.name] = climb(rung)
    print(f"\n{'rung':<14}{'passed':>8}{'failed':>8}{'skipped':>9}{'minutes':>9}")
    for name, count in counts.items():
        print(
            f"{name:<14}{count.passed:>8}{count.failed:>8}{count.skipped:>9}"
            f"{count.seconds / 60:>9.1f}"
        )
    passed = sum(count.passed for count in counts.values())
    failed = sum(count.failed + count.skipped for count in counts.values())
    minutes = sum(count.seconds for count in counts.values()) / 60
    print(f"all rungs took {minutes:.1f} minutes; a skipped test counts as failed")
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
