"""One deployed local cloud for every test that needs it: real stacks, random ports, its own folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.cloud import LocalCloud
from local.settings import LocalSettings, Ports

if TYPE_CHECKING:
    from collections.abc import Iterator

SESSIONS = 70


@pytest.fixture(scope="session")
def deployed_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """Bring the whole product up once, on free ports, and take it down at the end."""
    settings = LocalSettings(
        home=tmp_path_factory.mktemp("cloud"),
        ports=Ports(0, 0, 0, 0),
        sessions=SESSIONS,
        barrier_every=10,
    )
    cloud = LocalCloud.create(settings, print)
    try:
        cloud.start(fresh=True)
        yield cloud
    finally:
        cloud.stop()
