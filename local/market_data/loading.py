"""Choose the market data of a replay: the embedded bars or the user's files."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from local.market_data.embedded import load_embedded
from local.market_data.files import load_files
from quantumzero.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from pathlib import Path

    from local.market_data.source import MarketData
    from local.market_data.values import Session

# The first session in which all four embedded instruments trade.
EMBEDDED_START = date(2004, 8, 19)


def load_market_data(path: Path | None) -> MarketData:
    """Return the user's data, or the embedded data when path is None.

    Errors: InvalidInputError for a bad file or row.
    """
    return load_embedded() if path is None else load_files(path)


def replay_window(
    data: MarketData, *, embedded: bool, start: date | None, count: int | None
) -> tuple[Session, ...]:
    """Return the sessions to replay.

    `count` (None: all) from `start` (None: the first useful one) on. Errors: InvalidInputError when
    no session is left.
    """
    first = start or (EMBEDDED_START if embedded else data.sessions[0].date)
    sessions = tuple(session for session in data.sessions if session.date >= first)
    if count is not None:
        sessions = sessions[:count]
    if not sessions:
        raise InvalidInputError(
            f"no session from {first} on (count {count}); the data holds {data.sessions[0].date}"
            f" to {data.sessions[-1].date}"
        )
    return sessions
