"""How the report names the metrics, and the order in which it shows them."""

from __future__ import annotations

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = ()


def label_of(name: str) -> str:
    """Return the metric's name as words."""
    return name.replace("_", " ").capitalize()


def meaning_of(name: str) -> str:
    """Return one sentence that defines the metric."""
    return ""
