"""When the New York Stock Exchange (XNYS) trades, by rule from 1990 on.

Regular sessions run 09:30-16:00 America/New_York; early closes end at 13:00 (14:00 before 1993).
Instants are aware UTC, or integers of microseconds since 1970 UTC where speed matters (`*_us`).
Source of the rules: NYSE Rule 7.2 and the exchange's notices of special closings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from quantumzero.domain.errors import InvalidInputError

FIRST_YEAR = 1990
LAST_YEAR = 2099
DAY_US = 86_400_000_000
EXCHANGE_ZONE = ZoneInfo("America/New_York")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DATE = date(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
_FIRST_UTC_DAY = (date(FIRST_YEAR, 1, 1) - _EPOCH_DATE).days
_LAST_UTC_DAY = (date(LAST_YEAR, 12, 31) - _EPOCH_DATE).days
_OPEN = time(9, 30)
_CLOSE = time(16)
_MONDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 3, 4, 5, 6

_SPECIAL_CLOSINGS = frozenset(
    {
        date(1994, 4, 27),  # funeral of Richard Nixon
        date(2001, 9, 11),
        date(2001, 9, 12),
        date(2001, 9, 13),
        date(2001, 9, 14),
        date(2004, 6, 11),  # funeral of Ronald Reagan
        date(2007, 1, 2),  # funeral of Gerald Ford
        date(2012, 10, 29),  # hurricane Sandy
        date(2012, 10, 30),
        date(2018, 12, 5),  # funeral of George H. W. Bush
        date(2025, 1, 9),  # funeral of Jimmy Carter
    }
)
_SPECIAL_EARLY_CLOSES = frozenset({date(1997, 12, 26), date(1999, 12, 31), date(2003, 12, 26)})


@dataclass(frozen=True, slots=True)
class Session:
    """One trading session; `day` is the exchange's date, opens_at and closes_at are aware UTC."""

    day: date
    opens_at: datetime
    closes_at: datetime


def to_us(instant: datetime) -> int:
    """Return whole microseconds since 1970 UTC of an aware instant."""
    return (instant - _EPOCH) // _MICROSECOND


def from_us(time_us: int) -> datetime:
    """Return the aware UTC instant of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=time_us)


def session_on(day: date) -> Session | None:
    """Return the session of an exchange date, None when the exchange is closed all day."""
    if not is_session(day):
        return None
    return Session(day, _in_new_york(day, _OPEN), _in_new_york(day, _closing_time(day)))


def session_at(instant: datetime) -> Session | None:
    """Return the session that trades at the instant: opens_at <= instant < closes_at."""
    session = session_on(instant.astimezone(EXCHANGE_ZONE).date())
    if session is None or not session.opens_at <= instant < session.closes_at:
        return None
    return session


def next_session(day: date) -> Session:
    """Return the first session after the exchange date."""
    following = day + timedelta(days=1)
    while (session := session_on(following)) is None:
        following += timedelta(days=1)
    return session


def last_session_opened_by(instant: datetime) -> Session:
    """Return the newest session whose opening is at or before the instant."""
    day = instant.astimezone(EXCHANGE_ZONE).date()
    while (session := session_on(day)) is None or session.opens_at > instant:
        day -= timedelta(days=1)
    return session


def sessions_between(first: date, last: date) -> list[Session]:
    """Return the sessions of the exchange dates from first to last, both included."""
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return [session for day in days if (session := session_on(day)) is not None]


@lru_cache(maxsize=4096)
def session_bounds_us(utc_day: int) -> tuple[int, int]:
    """Return (opens, closes) in microseconds of the session on a UTC day number, (0, 0) when none.

    A New York session never crosses midnight UTC, so the UTC day of any trade in it names it.
    """
    if not _FIRST_UTC_DAY <= utc_day <= _LAST_UTC_DAY:
        return (0, 0)
    session = session_on(_EPOCH_DATE + timedelta(days=utc_day))
    return (0, 0) if session is None else (to_us(session.opens_at), to_us(session.closes_at))


def is_session(day: date) -> bool:
    """Say whether the exchange trades on the date; raises InvalidInputError outside 1990-2099."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInputError(
            f"date was {day}; the exchange calendar covers {FIRST_YEAR}-{LAST_YEAR}"
        )
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[date]:
    holidays = {
        _good_friday(year),
        _nth_weekday(year, 2, _MONDAY, 3),  # Washington's birthday
        _memorial_day(year),
        _observed(date(year, 7, 4)),
        _nth_weekday(year, 9, _MONDAY, 1),  # Labor day
        _nth_weekday(year, 11, _THURSDAY, 4),  # Thanksgiving
        _observed(date(year, 12, 25)),
    }
    new_year = date(year, 1, 1)
    if new_year.weekday() != _SATURDAY:  # a Saturday is not made up: the year's books stay open
        holidays.add(_observed(new_year))
    if year >= 1998:
        holidays.add(_nth_weekday(year, 1, _MONDAY, 3))  # Martin Luther King day
    if year >= 2022:
        holidays.add(_observed(date(year, 6, 19)))  # Juneteenth
    return frozenset(holidays) | {day for day in _SPECIAL_CLOSINGS if day.year == year}


def _closing_time(day: date) -> time:
    if day in _SPECIAL_EARLY_CLOSES or _closes_early_by_rule(day):
        return time(13) if day.year >= 1993 else time(14)
    return _CLOSE


def _closes_early_by_rule(day: date) -> bool:
    if (day.month, day.day) == (12, 24) or day == _day_after_thanksgiving(day.year):
        return day.year >= 1992 or day.month == 12
    if day.year < 1995 or day.month != 7:
        return False
    weekday = day.weekday()
    if day.day == 3:  # the eve of Independence day; a Wednesday one only from 2013 on
        return weekday in (_MONDAY, 1, _THURSDAY) or (weekday == 2 and day.year >= 2013)
    return day.day == 5 and weekday == _FRIDAY and day.year < 2013


def _day_after_thanksgiving(year: int) -> date:
    return _nth_weekday(year, 11, _THURSDAY, 4) + timedelta(days=1)


def _observed(day: date) -> date:
    shift = {_SATURDAY: -1, _SUNDAY: 1}.get(day.weekday(), 0)
    return day + timedelta(days=shift)


def _nth_weekday(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def _memorial_day(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())


def _good_friday(year: int) -> date:
    """Return the Friday before Easter of the Gregorian calendar (Meeus, 1991)."""
    golden = year % 19
    century, in_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_shift + 15) % 30
    leap_years, year_rest = divmod(in_century, 4)
    weekday_shift = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7
    correction = (golden + 11 * epact + 22 * weekday_shift) // 451
    month, day = divmod(epact + weekday_shift - 7 * correction + 114, 31)
    return date(year, month, day + 1) - timedelta(days=2)


def _in_new_york(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, EXCHANGE_ZONE).astimezone(UTC)
