"""Let the market run by itself.

So many sessions a second, or market time at a multiple of machine time.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.errors import InvalidInputError, RefusedError

if TYPE_CHECKING:
    from local.exchange.simulator import Simulator

_PAUSE_MARKET_SECONDS = 900.0  # between a close and the next open, at a multiple of machine time


@dataclass(frozen=True, slots=True)
class Speed:
    """Exactly one of both is set: sessions a second, or market seconds a machine second."""

    sessions_per_second: float | None = None
    multiple: float | None = None


def read_speed(text: str) -> Speed:
    """Return the speed of a text: "2" is two sessions a second, "60x" sixty times real time.

    Errors: InvalidInputError.
    """
    try:
        value = float(text.removesuffix("x"))
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise InvalidInputError(
            f"the speed was {text!r}; give sessions a second, like 2, or a multiple of real time,"
            " like 60x"
        )
    return Speed(multiple=value) if text.endswith("x") else Speed(sessions_per_second=value)


async def run_freely(simulator: Simulator, speed: Speed) -> None:
    """Open, replay and close sessions until none is left.

    A session that is open already is carried on.
    """
    while simulator.replay.left or simulator.exchange.state.clock.is_open:
        # A rewind or the admin port may have moved the session on meanwhile: look again.
        with contextlib.suppress(RefusedError):
            await _run_one(simulator, speed)


async def _run_one(simulator: Simulator, speed: Speed) -> None:
    if not simulator.exchange.state.clock.is_open:
        await simulator.open_session()
    if speed.multiple is None:
        half = 0.5 / (speed.sessions_per_second or 1.0)
        await asyncio.sleep(half)
        await simulator.run_session()
        await asyncio.sleep(half)
    else:
        await simulator.run_session_slowly(speed.multiple)
        await asyncio.sleep(_PAUSE_MARKET_SECONDS / speed.multiple)
