"""An evaluator's memory as bytes, and back: only for the graph that wrote it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import CorruptDataError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from quantumzero.domain.strategy.compiler import CompiledStrategy

STATE_FORMAT = 2


def write_state(
    compiled: CompiledStrategy, last_closes_at: datetime | None, memory: Mapping[str, Any]
) -> bytes:
    """Return the memory as compact JSON, with the close of the newest bar."""
    state = {
        "format": STATE_FORMAT,
        "graph": compiled.fingerprint,
        "last": last_closes_at.isoformat() if last_closes_at else None,
        **memory,
    }
    return json.dumps(state, separators=(",", ":"), allow_nan=False).encode()


def read_state(
    compiled: CompiledStrategy, state: bytes, take: Callable[[Mapping[str, Any]], None]
) -> datetime | None:
    """Let take load the memory, and return the close of the newest bar, aware UTC.

    Raises CorruptDataError when the state is not one, or belongs to another graph.
    """
    try:
        memory = json.loads(state)
        found, wanted = (memory["format"], memory["graph"]), (STATE_FORMAT, compiled.fingerprint)
        if found != wanted:
            raise ValueError(f"it was of format and graph {found}; they must be {wanted}")
        take(memory)
        last = memory["last"]
        return datetime.fromisoformat(last).astimezone(UTC) if last else None
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise CorruptDataError(
            f"stored state of strategy {compiled.document.strategy} cannot be read ({error}); "
            "delete it, and it is rebuilt from the stored bars"
        ) from error
