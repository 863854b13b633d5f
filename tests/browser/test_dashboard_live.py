"""The built page in Chromium against the deployed local cloud while a replay runs behind it.

What a person does is told in web/e2e/live: sign in, see the curve, candles, fills and reasons change, halt, be refused
an enable, resume. Here the cloud and its replay are given to it, and both sides' books are compared afterwards.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from cli.chromium import find_chromium
from local.cloud import DEPLOYED, LocalCloud
from local.first_state import OPERATOR, PASSWORD
from local.replay.summary import summarise
from local.replay.supervisor import Replay
from local.settings import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(400)

# The first order of the shipped strategy follows session 22; more follow every few sessions up to the last.
SESSIONS_BEFORE_THE_PAGE = 24
SESSIONS_PER_SECOND = 1.0


@pytest.fixture
def cloud(deployed_cloud: LocalCloud) -> LocalCloud:
    """Rewind emulator and exchange, and replay up to where there is something to see."""
    deployed_cloud.rewind(DEPLOYED)
    replay = Replay(deployed_cloud, barrier_every=10)
    replay.stop_after = SESSIONS_BEFORE_THE_PAGE
    replay.run()
    return deployed_cloud


@contextmanager
def replaying(cloud: LocalCloud) -> Iterator[Replay]:
    """Replay on at the page's pace; whatever ended it early is raised here."""
    replay = Replay(cloud, barrier_every=10, speed=SESSIONS_PER_SECOND)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            replay.run()
        except BaseException as error:
            failures.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield replay
    finally:
        replay.stop_requested = True
        worker.join(timeout=120)
    assert failures == []


def browse(cloud: LocalCloud, report: Path) -> tuple[int, dict[str, Any], str]:
    """Run the live project of the page's own tests; return its exit code, its report and what it printed."""
    done = subprocess.run(
        ("npx", "playwright", "test", "--project", "live", "--reporter=line,json"),
        cwd=ROOT / "web",
        env={
            **os.environ,
            "CHROMIUM": find_chromium() or "",
            "PLAYWRIGHT_JSON_OUTPUT_NAME": str(report),
            "QZ_DASHBOARD_URL": cloud.dashboard_url,
            "QZ_USER": OPERATOR,
            "QZ_PASSWORD": PASSWORD,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    words = done.stdout[-6000:] + done.stderr[-2000:]
    return done.returncode, json.loads(report.read_text())["stats"], words


def test_a_person_follows_halts_and_resumes_a_running_replay_in_the_browser(
    cloud: LocalCloud, tmp_path: Path
) -> None:
    with replaying(cloud) as replay:
        code, stats, words = browse(cloud, tmp_path / "live.json")
    assert code == 0, words
    assert (stats["unexpected"], stats["skipped"], stats["flaky"]) == (0, 0, 0), words
    assert stats["expected"] >= 5
    assert replay.progress.sessions_done > SESSIONS_BEFORE_THE_PAGE
    assert cloud.api.get("/v1/risk")["state"] == "ACTIVE"
    books = cloud.exchange.books()
    summary = summarise(
        cloud.api, books, sessions=replay.progress.sessions_done, ticks=replay.progress.ticks
    )
    assert summary["differences"] == []
    assert (summary["duplicate_orders"], summary["lost_orders"]) == (0, 0)
