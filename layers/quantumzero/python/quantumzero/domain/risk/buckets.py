"""Rates as token buckets that one number holds: the time until which the rate is spent.

Each order moves that time forward by its share of the window; it may be at most the rest of the window ahead of now.
So a bucket is checked and moved by one conditional addition, and orders of the same moment add up in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
ACCOUNT_MESSAGES = "messages"


def strategy_messages(strategy: str) -> str:
    """Return the bucket of what one strategy sends."""
    return f"messages:{strategy}"


def strategy_executions(strategy: str) -> str:
    """Return the bucket of one strategy's executions."""
    return f"executions:{strategy}"


@dataclass(frozen=True, slots=True)
class Spend:
    """What one order takes from one bucket, in milliseconds: cost of a window in which capacity orders fit.

    level is the bucket as it was read. bounded says whether an empty bucket refuses; an exit only counts.
    """

    bucket: str
    level: int
    now: int
    cost: int
    capacity: int
    bounded: bool

    @property
    def full(self) -> bool:
        """Whether nothing is left."""
        return self.level > self.latest

    @property
    def latest(self) -> int:
        """Return the greatest level that leaves room for the order."""
        return self.now + (self.capacity - 1) * self.cost

    @property
    def starts(self) -> bool:
        """Whether nothing of the window is spent: the bucket then starts from now."""
        return self.level <= self.now

    @property
    def after(self) -> int:
        """Return the level after the order."""
        return max(self.level, self.now) + self.cost

    @property
    def spent(self) -> Decimal:
        """Return how many orders of the window are spent."""
        return Decimal(max(self.level - self.now, 0)) / self.cost


def spend(
    buckets: Mapping[str, int],
    bucket: str,
    *,
    at: datetime,
    capacity: Decimal,
    window: timedelta,
    bounded: bool,
) -> Spend:
    """Return what an order takes from the bucket at that time."""
    whole = max(int(capacity), 1)
    cost = (Decimal(window // _MILLISECOND) / whole).quantize(Decimal(1), ROUND_CEILING)
    now = (at - _EPOCH) // _MILLISECOND
    return Spend(bucket, buckets.get(bucket, 0), now, int(cost), whole, bounded)
