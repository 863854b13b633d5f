"""What the tests of the research commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.research_world import ResearchWorld

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> ResearchWorld:
    """A strategy, real bars of GOOG and a home, in a folder of their own."""
    return ResearchWorld(tmp_path, capsys)
