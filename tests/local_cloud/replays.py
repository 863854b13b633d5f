"""Local clouds with a replay behind them, and the command that decides its days again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer
from typer.testing import CliRunner

from cli.replay_command import replay
from local.cloud import DEPLOYED, LocalCloud
from local.replay.supervisor import Replay
from local.settings import LocalSettings, Ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def with_two_sessions(cloud: LocalCloud) -> LocalCloud:
    """Rewind to the moment after the deployment, and replay two sessions so that there are prices and books."""
    cloud.rewind(DEPLOYED)
    run = Replay(cloud, barrier_every=10)
    run.stop_after = 2
    run.run()
    return cloud


@contextmanager
def replayed(home: Path, document: str, *, first: str, sessions: int) -> Iterator[LocalCloud]:
    """A cloud of its own in which the document has traded those sessions."""
    file = home / "strategy.yaml"
    file.write_text(document)
    settings = LocalSettings(
        home=home,
        ports=Ports(0, 0, 0, 0),
        first_session=first,
        sessions=sessions,
        strategy=file,
    )
    cloud = LocalCloud.create(settings, print)
    try:
        cloud.start(fresh=True)
        Replay(cloud, barrier_every=50).run()
        yield cloud
    finally:
        cloud.stop()


def qz_replay(cloud: LocalCloud, *words: str) -> tuple[int, str]:
    """Type the command; return its exit code and what it said on one line."""
    app = typer.Typer()
    app.command()(replay)
    result = CliRunner().invoke(app, [*words, "--home", str(cloud.settings.home)])
    return result.exit_code, " ".join(result.output.split())
