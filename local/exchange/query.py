"""Read the parameters of a query, or refuse them naming the parameter."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from local.exchange.formats import read_moment
from local.exchange.refusals import bad_field

if TYPE_CHECKING:
    from aiohttp import web
_LEAST, _MOST = Decimal("1e-9"), Decimal(10**12)


class Query:
    """The parameters of one request."""

    def __init__(self, request: web.Request) -> None:
        self._values = request.query

    def words(self, name: str) -> list[str]:
        """Return the words of a list separated by commas."""
        text = self._values.get(name, "")
        return [word.strip().upper() for word in text.split(",") if word.strip()]

    def moment(self, name: str, *, end_of_day: bool = False) -> datetime | None:
        """Return a time, None when it is not given."""
        text = self._values.get(name, "")
        if not text:
            return None
        try:
            return read_moment(text, end_of_day=end_of_day)
        except ValueError:
            raise bad_field(f"invalid {name}: {text!r} is no RFC 3339 time or date") from None

    def day(self, name: str) -> date | None:
        """Return a date, None when it is not given; a time counts as its date."""
        text = self._values.get(name, "")
        if not text:
            return None
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            raise bad_field(f"invalid {name}: {text!r} is no date") from None

    def number(self, name: str) -> Decimal | None:
        """Return a number above zero, None when it is not given."""
        text = self._values.get(name, "")
        if not text:
            return None
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise bad_field(f"invalid {name}: {text!r} is no number") from None
        if not value.is_finite() or not _LEAST <= value <= _MOST:
            raise bad_field(f"invalid {name}: it was {text}; it may be {_LEAST:f} to {_MOST}")
        return value

    def count(self, name: str, default: int, most: int) -> int:
        """Return a count from 1 to `most`; 0 or none given is the default."""
        text = self._values.get(name, "")
        if not re.fullmatch(r"[0-9]{0,9}", text) or int(text or 0) > most:
            raise bad_field(f"invalid {name}: it was {text!r}, it may be 1 to {most}")
        return int(text or 0) or default

    def page(
        self, views: list[dict[str, Any]], default: int, size_name: str, token_name: str
    ) -> list[dict[str, Any]]:
        """Return the page of views after the one whose id is the token."""
        size = self.count(size_name, default, 10_000)
        token = self._values.get(token_name, "")
        position = 0
        if token:
            ids = [view["id"] for view in views]
            if token not in ids:
                raise bad_field(f"invalid {token_name}: nothing has the id {token!r}")
            position = ids.index(token) + 1
        return views[position : position + size]
