"""Everything that can be known to be wrong before a process is started: parts not built, market data, strategy."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from local.settings import CDK, EMULATOR_PYTHON, SITE, LocalSettings
from quantumzero.contracts.followed_market import FollowedMarket, unfollowed
from quantumzero.contracts.strategy_document import DocumentError, parse_document
from quantumzero.domain.errors import InvalidInputError, RefusedError
from quantumzero.domain.strategy.live_support import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from quantumzero.contracts.strategy_document import DocumentProblem

CLOUDS = ("ministack", "localstack")
_TIMEFRAME = "1d"
_MANY = 2000  # the embedded data has more sessions than these, so nothing can be wrong with fewer


def check_parts(settings: LocalSettings) -> None:
    """Raise RefusedError when something that `make setup` makes is not there."""
    if settings.cloud not in CLOUDS:
        raise InvalidInputError(f"CLOUD was {settings.cloud!r}; it may be {' or '.join(CLOUDS)}")
    parts = {"the web app": SITE / "index.html", "the CDK": CDK}
    if settings.cloud == "ministack":
        parts["the emulator's own environment"] = EMULATOR_PYTHON
    if shutil.which("npx") is None:
        raise RefusedError("npx was not found on the PATH; install Node 20 or newer")
    for name, path in parts.items():
        if not path.exists():
            raise RefusedError(f"{name} was not found at {path}; build it with `make setup`")


def choose_market(
    settings: LocalSettings, first: str | None, say: Callable[[str], None]
) -> LocalSettings:
    """Return the settings with the symbols and the first session of the data.

    Raises InvalidInputError for a bad row (file, line and column) and for a first session beyond the data.
    """
    if settings.data is None and first is None and (settings.sessions or _MANY) < _MANY:
        return settings
    # Loads pandas and the exchange's calendars; commands that only look need neither.
    from local.market_data.loading import load_market_data, replay_window

    data = load_market_data(settings.data)
    sessions = replay_window(
        data,
        embedded=settings.data is None,
        start=date.fromisoformat(first) if first else None,
        count=settings.sessions,
    )
    if settings.sessions is not None and len(sessions) < settings.sessions:
        say(
            f"the data holds {len(sessions)} sessions from {sessions[0].date} to "
            f"{sessions[-1].date}, fewer than the {settings.sessions} asked for; all are replayed"
        )
    if data.outside_sessions:
        say(f"{data.outside_sessions} rows lie outside regular trading hours and are left out")
    return replace(
        settings,
        symbols=",".join(data.symbols),
        first_session=(date.fromisoformat(first) if first else sessions[0].date).isoformat(),
    )


def check_strategy(settings: LocalSettings) -> None:
    """Raise InvalidInputError with file:line:column of every fault of the strategy, unknown symbols among them."""
    text = settings.strategy.read_text(encoding="utf-8", errors="replace")
    try:
        document = parse_document(text)
    except DocumentError as error:
        raise InvalidInputError(_faults(settings.strategy, error.problems)) from error
    followed = FollowedMarket(settings.symbols.split(","), (_TIMEFRAME,))
    unknown = unfollowed(text, document, followed)
    if unknown:
        raise InvalidInputError(
            f"{_faults(settings.strategy, unknown)}\nthe data holds {settings.symbols}, and a replay "
            f"goes session by session in bars of {_TIMEFRAME}; change the document, or give another "
            "with --strategy or other data with --data"
        )
    if (message := refusal(document)) is not None:
        raise InvalidInputError(f"{settings.strategy}: {message}")


def _faults(file: Path, problems: Sequence[DocumentProblem]) -> str:
    """Return a line for each fault, as compilers write them."""
    return "\n".join(
        f"{file}:{one.line}:{one.column}: {f'{one.path}: ' if one.path else ''}{one.message}"
        for one in problems
    )
