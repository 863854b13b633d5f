"""One emulator for all tests of this folder that do not stop or kill it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.local_cloud.emulator.cloud import Cloud, started

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    running = started(tmp_path_factory.mktemp("emulator"), QZ_ALARM_SECONDS="0.5")
    yield running
    running.emulator.stop()
