"""What may go wrong in the simulated worlds: the rows of the fault matrix, how often, and how often it really did.

Swarm rates: each seed multiplies each fault's rate by 0, 0.5, 1 or 4, so that some faults are absent and some are
everywhere (uniform rates let rare combinations live).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

MULTIPLIERS = (0, 0.5, 1, 4)

ROWS: Mapping[str, str] = {
    "F1": "accepted, then no answer",
    "F2": "accepted, then a server error or an unreadable answer",
    "F3": "the request never arrives",
    "F4": "the request arrives after its sender gave up",
    "F5": "a storm of 429 on every call",
    "F6": "the same id is sent again: it exists",
    "F7": "refused for good, at once or after it was accepted",
    "F8": "partial fills, odd lots and parts of shares",
    "F9": "the same word of the broker twice",
    "F10": "the broker's words out of order",
    "F11": "a word of the broker that nobody delivered",
    "F12": "a fill races a cancel; a cancel is slow or its answer is lost",
    "F13": "orders, liquidations, splits and corrections that were made at the broker",
    "F14": "the position query fails or is empty",
    "F15": "the process ends between two calls",
    "F16": "the process freezes and sends late",
    "F17": "the same invocation twice, or many at once",
    "F18": "the same scheduled tick twice",
    "F19": "ticks twice and late, resharded out of order",
    "F20": "a record that nobody can read",
    "F21": "a batch again after it succeeded",
    "F22": "records lost before they were read",
    "F23": "the table throttles",
    "F24": "conflicts, one after the other",
    "F25": "written, but the reply is lost",
    "F26": "the execution that should have followed never starts",
    "F27": "clocks that step forward and back",
    "F28": "prices that are stale or have jumped",
    "F29": "a halt while orders are being sent",
    "F30": "ledger and broker differ",
    "F31": "the ledger is restored from an older copy",
    "F32": "an order's item passes through the codec of a release",
}

# Name of the fault: rate per opportunity, before the seed's multiplier.
RATES: Mapping[str, float] = {
    "kill": 0.02,
    "overtake": 0.1,
    "freeze": 0.01,
    "freeze_send": 0.04,
    "throttle": 0.015,
    "conflict": 0.01,
    "conflict_storm": 0.003,
    "lose_reply": 0.02,
    "reply_conflict": 0.01,
    "busy_storm": 0.02,
    "read_fails": 0.03,
    "existing_unread": 0.1,
    "empty_positions": 0.03,
    "submit_lost": 0.15,
    "submit_late": 0.15,
    "arrives_first": 0.8,
    "delivered_twice": 0.02,
    "accept_silent": 0.12,
    "accept_broken": 0.08,
    "reject": 0.1,
    "reject_later": 0.02,
    "cancel_slow": 0.15,
    "cancel_silent": 0.05,
    "clock_step": 0.25,
    "codec": 0.02,
    "never_started": 0.15,
    "twice": 0.15,
    "jump": 0.25,
}


class Weather:
    """One seed's rates, and what happened; counts are added up over a campaign."""

    def __init__(self, dice: random.Random) -> None:
        self._random = dice.random
        self._rates = {name: rate * dice.choice(MULTIPLIERS) for name, rate in RATES.items()}
        self.exercised: Counter[str] = Counter()

    def happens(self, name: str) -> bool:
        """Roll for one fault."""
        return self._random() < self._rates[name]

    def note(self, row: str) -> None:
        """Count that a row of the matrix was really exercised."""
        self.exercised[row] += 1
