"""Which ticks are believed: the rules a tick must pass before it may move a bar.

The price rule compares with the last good trade of the same session only, because a split or news
may move the opening by any factor. A level that enough different trades in a row agree on is
believed: a market may really halve at noon.
"""

from __future__ import annotations

from dataclasses import dataclass

from quantumzero.domain.calendars import DAY_US, FIRST_YEAR, LAST_YEAR, from_us, session_bounds_us
from quantumzero.domain.ticks import Reason

SECOND_US = 1_000_000
FIRST_INSTANT_US = (FIRST_YEAR - 1970) * 365 * DAY_US
LAST_INSTANT_US = (LAST_YEAR + 1 - 1970) * 366 * DAY_US
PRICE_CEILING = 10**11  # ten million a share: nothing listed has come near it
SIZE_CEILING = 10**10  # shares in one trade, or in one symbol's part of a record


@dataclass(frozen=True, slots=True)
class TickLimits:
    """How far a tick may stray.

    lateness_us: how long after a newer trade of its symbol a trade may still arrive.
    price_move_percent: largest step from the last good trade of the session.
    confirmations: different trades in a row that together prove a larger step.
    future_us: how far past the vendor's own clock an event may claim to be.
    """

    lateness_us: int = 10 * SECOND_US
    price_move_percent: int = 50
    confirmations: int = 10
    future_us: int = 60 * SECOND_US


@dataclass(slots=True)
class PriceMemory:
    """The last good trade of a symbol, and the refused prices that may prove it out of date."""

    time_us: int = 0
    id: int = 0
    price: int = 0
    doubts: list[tuple[int, int]] | None = None  # (id, price) of refused trades in a row

    def reference(self, session_opens_us: int) -> int:
        """Return the price to compare with in the session that opened then, 0 when there is
        none.
        """
        return self.price if self.time_us >= session_opens_us else 0

    def accept(self, time_us: int, identity: int, price: int) -> None:
        """Take a good trade; the newest by event time stays the reference."""
        self.doubts = None
        if time_us > self.time_us or (time_us, identity) >= (self.time_us, self.id):
            self.time_us, self.id, self.price = time_us, identity, price

    def confirms(self, identity: int, price: int, limits: TickLimits) -> bool:
        """Note a doubted trade; say whether enough different ones now agree on a new level."""
        doubts = [
            doubt
            for doubt in self.doubts or []
            if doubt[0] != identity and not _strays(price, doubt[1], limits.price_move_percent)
        ]
        doubts.append((identity, price))
        self.doubts = doubts
        return len(doubts) >= limits.confirmations


def latest_believable_us(as_of: int | None, market_time_us: int, limits: TickLimits) -> int:
    """Return the last instant an event of a record may carry.

    as_of is the vendor's clock at packing; without it a day after the market time, or the end of
    the UTC day of the next session when that is later (weekends and holidays), or anything before
    the first tick.
    """
    if as_of is not None:
        return as_of + limits.future_us
    if not market_time_us:
        return LAST_INSTANT_US
    day = market_time_us // DAY_US + 1
    while session_bounds_us(day) == (0, 0) and day * DAY_US < LAST_INSTANT_US:
        day += 1
    return max(market_time_us + DAY_US, (day + 1) * DAY_US)


def fault_of_trade(
    time_us: int, price: int, size: int, latest_us: int
) -> tuple[Reason, str] | None:
    """Return why a trade is wrong in itself, None when it is possible."""
    if price <= 0:
        return Reason.PRICE_NOT_POSITIVE, f"price was {price} units; it must be above 0"
    if price > PRICE_CEILING:
        return Reason.PRICE_ABSURD, f"price was {price} units; at most {PRICE_CEILING} is believed"
    if size <= 0:
        return Reason.SIZE_NOT_POSITIVE, f"size was {size} shares; it must be above 0"
    if size > SIZE_CEILING:
        return Reason.SIZE_ABSURD, f"size was {size} shares; at most {SIZE_CEILING} is believed"
    return fault_of_time(time_us, latest_us)


def fault_of_time(time_us: int, latest_us: int) -> tuple[Reason, str] | None:
    """Return why an event's time cannot be, None when it can."""
    if not FIRST_INSTANT_US <= time_us < LAST_INSTANT_US:
        return (
            Reason.TIME_IMPOSSIBLE,
            f"time was {time_us} microseconds since 1970; it must lie in {FIRST_YEAR}-{LAST_YEAR}",
        )
    if time_us > latest_us:
        return (
            Reason.TIME_IN_FUTURE,
            f"time was {from_us(time_us)}; the market cannot be past {from_us(latest_us)}",
        )
    return None


def fault_of_quote(
    bid: int, ask: int, reference: int, limits: TickLimits
) -> tuple[Reason, str] | None:
    """Return why a quote is wrong, None when it is good; reference 0 means no trade yet this
    session.
    """
    if bid <= 0 or ask <= 0:
        return Reason.PRICE_NOT_POSITIVE, f"bid was {bid} and ask {ask}; both must be above 0"
    if bid > ask:
        return Reason.CROSSED_QUOTE, f"bid was {bid}, above the ask {ask}; a bid is at most the ask"
    if ask > PRICE_CEILING or strays_from(reference, bid, ask, limits):
        return (
            Reason.PRICE_ABSURD,
            f"bid was {bid} and ask {ask}; the last trade was at {reference}",
        )
    return None


def strays_from(reference: int, low: int, high: int, limits: TickLimits) -> bool:
    """Say whether a price between low and high is too far from the reference (0: from nothing)."""
    return reference > 0 and (
        _strays(low, reference, limits.price_move_percent)
        or _strays(high, reference, limits.price_move_percent)
    )


def _strays(price: int, reference: int, percent: int) -> bool:
    return abs(price - reference) * 100 > percent * reference
