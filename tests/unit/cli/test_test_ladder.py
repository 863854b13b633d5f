"""The ladder reads counts truthfully: a skipped or missing test is never a pass."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cli.test_ladder import Count, read_junit, read_playwright, read_vitest

if TYPE_CHECKING:
    from pathlib import Path


def test_junit_counts_errors_as_failures_and_skips_apart(tmp_path: Path) -> None:
    file = tmp_path / "result.xml"
    file.write_text(
        '<testsuites><testsuite tests="9" failures="1" errors="2" skipped="1"/></testsuites>'
    )
    assert read_junit(file) == Count(5, 3, 1)


def test_vitest_counts_a_broken_file_as_a_failure(tmp_path: Path) -> None:
    file = tmp_path / "web.json"
    file.write_text(
        json.dumps(
            {
                "numPassedTests": 7,
                "numFailedTests": 1,
                "numFailedTestSuites": 1,
                "numPendingTests": 2,
            }
        )
    )
    assert read_vitest(file) == Count(7, 2, 2)


def test_playwright_counts_are_read_from_its_statistics(tmp_path: Path) -> None:
    file = tmp_path / "pages.json"
    file.write_text(
        json.dumps({"stats": {"expected": 4, "flaky": 0, "unexpected": 1, "skipped": 3}})
    )
    assert read_playwright(file) == Count(4, 1, 3)
