"""Memory that a run frees stays for the next one, where the C library can be told so."""

from __future__ import annotations

import ctypes
import platform
from types import SimpleNamespace

import pytest

from quantumzero.research.memory import keep_freed_memory


@pytest.fixture(autouse=True)
def _fresh() -> None:
    keep_freed_memory.cache_clear()


def test_the_gnu_c_library_is_told_to_keep_memory() -> None:
    assert keep_freed_memory() is (platform.libc_ver()[0] == "glibc")


def test_both_thresholds_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []

    def mallopt(name: int, value: int) -> int:
        asked.append((name, value))
        return 1

    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace(mallopt=mallopt))
    assert keep_freed_memory()
    assert asked == [(-3, 32 * 2**20), (-1, 256 * 2**20)]


def test_a_library_without_the_option_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    assert not keep_freed_memory()
