"""The identity of a run that was not computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class NamedRun:
    """A key and conventions as given."""

    key: str
    conventions: Mapping[str, Any]
