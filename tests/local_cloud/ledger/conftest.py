"""An emulator for each file of ledger tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.local_cloud.emulator.cloud import started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.local_cloud.emulator.cloud import Cloud


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    running = started(tmp_path_factory.mktemp("emulator"))
    yield running
    running.emulator.stop()
