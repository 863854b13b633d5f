"""Limits in words: how each is written and read, and which of two values allows more."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.risk.limits import NUMBERS, REQUIRED, SessionRule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NONE = "none"
WORDS = ("session", "short_selling", "restricted", "strategies", "sectors")
NAMES = (*NUMBERS, *WORDS)
_COUNTS = frozenset(
    {
        "messages_per_minute", "strategy_messages_per_minute", "executions_per_day", "open_orders",
        "positions", "consecutive_rejects",
    }
)  # fmt: skip
# Of these a greater number allows less.
_INVERSE = frozenset({"duplicate_seconds", "haircut_percent"})
_MOST = Decimal("1E15")
# A part that is held back: none of it, never all.
_HELD_BACK = "haircut_percent"
_WHOLE = 100
_SYMBOL = re.compile(r"[A-Z][A-Z0-9.]{0,15}")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_WIDTH = {SessionRule.REGULAR: 0, SessionRule.EXTENDED: 1, SessionRule.ANY: 2}


def limit_text(name: str, value: Any) -> str:
    """Write a limit's value."""
    if name in NUMBERS:
        return NONE if value is None else f"{value:f}"
    if name == "session":
        return str(value.value)
    if name == "short_selling":
        return "yes" if value else "no"
    if name == "sectors":
        return ",".join(f"{symbol}={value[symbol]}" for symbol in sorted(value))
    return ",".join(sorted(value))


def read_limit(name: str, text: str) -> Any:
    """Read a limit's value. Raises InvalidInputError that says what it may be."""
    if name in NUMBERS:
        return _number(name, text)
    reader = _READERS.get(name)
    if reader is None:
        raise InvalidInputError(f"limit was {name!r}; it may be {', '.join(NAMES)}", field=name)
    return reader(name, text.strip())


def looser(name: str, old: Any, new: Any) -> bool:
    """Tell whether the new value allows something that the old one did not."""
    if name in NUMBERS:
        if old is None or new is None:
            return old is not None and new is None
        return bool(new < old if name in _INVERSE else new > old)
    return _LOOSER[name](old, new)


def _fewer_restricted(old: frozenset[str], new: frozenset[str]) -> bool:
    return not old <= new


def _more_strategies(old: frozenset[str], new: frozenset[str]) -> bool:
    return bool(old) and (not new or not new <= old)


def _other_sectors(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    return any(new.get(symbol) != sector for symbol, sector in old.items())


_LOOSER: Mapping[str, Callable[[Any, Any], bool]] = {
    "session": lambda old, new: _WIDTH[new] > _WIDTH[old],
    "short_selling": lambda old, new: new and not old,
    "restricted": _fewer_restricted,
    "strategies": _more_strategies,
    "sectors": _other_sectors,
}


def _part_held_back(name: str, text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number < _WHOLE or _too_fine(number):
        raise InvalidInputError(
            f"{name} was {text!r}; it must be a number from 0 to below {_WHOLE}, with at most eight decimals",
            field=name,
        )
    return number


def _number(name: str, text: str) -> Decimal | None:
    if name == _HELD_BACK:
        return _part_held_back(name, text)
    if text.strip() == NONE and name not in REQUIRED:
        return None
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    whole = name not in _COUNTS or (number.is_finite() and number == number.to_integral_value())
    if not number.is_finite() or not 0 < number <= _MOST or not whole or _too_fine(number):
        kind = "a whole number" if name in _COUNTS else "a number with at most eight decimals"
        alternative = "" if name in REQUIRED else f", or {NONE}"
        raise InvalidInputError(
            f"{name} was {text!r}; it must be {kind} above 0{alternative}", field=name
        )
    return number


def _too_fine(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent < -8


def _session(name: str, text: str) -> SessionRule:
    if text not in set(SessionRule):
        raise InvalidInputError(
            f"{name} was {text!r}; it may be {', '.join(SessionRule)}", field=name
        )
    return SessionRule(text)


def _yes(name: str, text: str) -> bool:
    if text not in ("yes", "no"):
        raise InvalidInputError(f"{name} was {text!r}; it may be yes or no", field=name)
    return text == "yes"


def _listed(name: str, text: str) -> frozenset[str]:
    pattern = _SYMBOL if name == "restricted" else _NAME
    members = frozenset(part.strip() for part in text.split(",") if part.strip())
    for member in sorted(members):
        if not pattern.fullmatch(member):
            kind = "a symbol" if name == "restricted" else "a strategy's name"
            raise InvalidInputError(f"{name} had {member!r}, which is not {kind}", field=name)
    return members


def _sectors(name: str, text: str) -> Mapping[str, str]:
    pairs = dict(part.strip().partition("=")[::2] for part in text.split(",") if part.strip())
    for symbol, sector in pairs.items():
        if not _SYMBOL.fullmatch(symbol) or not _NAME.fullmatch(sector):
            raise InvalidInputError(
                f"{name} had {symbol}={sector}; write AAPL=technology, with commas between",
                field=name,
            )
    return pairs


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "session": _session,
    "short_selling": _yes,
    "restricted": _listed,
    "strategies": _listed,
    "sectors": _sectors,
}
