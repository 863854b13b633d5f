"""Parity compares with the kernel, so the kernel of these sources must be there."""

from __future__ import annotations

import pytest

from local.native_build import build
from quantumzero.research.kernel import kernel


@pytest.fixture(scope="session", autouse=True)
def built_kernel() -> None:
    build()
    assert kernel() is not None
