"""Dividends, fees and interest from Alpaca's account activities."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.domain.calendars import EXCHANGE_ZONE
from quantumzero.domain.errors import UnavailableError
from quantumzero.domain.lots.events import Income, IncomeKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from quantumzero.adapters.brokers.alpaca_http import AlpacaHttp

_PAGE = 100
# What is withheld from a dividend is booked as a dividend below zero.
_KINDS: Mapping[str, IncomeKind] = {
    **dict.fromkeys(
        ("CGD", "DIV", "DIVCGL", "DIVCGS", "DIVFEE", "DIVFT", "DIVNRA", "DIVROC", "DIVTW", "DIVTXEX"),
        IncomeKind.DIVIDEND,
    ),
    **dict.fromkeys(("FEE", "PTC", "PTR"), IncomeKind.FEE),
    **dict.fromkeys(("INT", "INTNRA", "INTTW"), IncomeKind.OTHER),
}  # fmt: skip


class AlpacaActivities:
    """Implements AccountActivities on the trading address."""

    def __init__(self, http: AlpacaHttp) -> None:
        self._http = http

    def incomes(self, *, since: date) -> Sequence[Income]:
        """Return what was executed and created since that date of the exchange, every page."""
        began = datetime.combine(since, time(0), EXCHANGE_ZONE).astimezone(UTC)
        parameters = {
            "activity_types": ",".join(_KINDS),
            "after": f"{began:%Y-%m-%dT%H:%M:%SZ}",
            "direction": "asc",
            "page_size": str(_PAGE),
        }
        found: list[Income] = []
        while True:
            answer = self._http.get("/v2/account/activities", parameters)
            try:
                page = list(answer.body)
                found += _incomes(page)
                last = str(page[-1]["id"]) if page else ""
            except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
                raise UnavailableError(
                    f"account activities were not readable ({answer.status}): {error!r}"
                ) from error
            if len(page) < _PAGE:
                return sorted(found, key=lambda each: (each.at, each.id))
            if parameters.get("page_token") == last:
                raise UnavailableError(f"account activities gave the page after {last} again")
            parameters["page_token"] = last


def _incomes(page: Sequence[Mapping[str, Any]]) -> Iterator[Income]:
    for each in page:
        kind = _KINDS.get(str(each["activity_type"]))
        amount = Decimal(str(each.get("net_amount") or 0))
        if kind is None or not amount or each.get("status", "executed") != "executed":
            continue
        day = date.fromisoformat(str(each["date"])[:10])
        at = datetime.combine(day, time(0), EXCHANGE_ZONE).astimezone(UTC)
        symbol = each.get("symbol")
        yield Income(str(each["id"]), kind, amount, at, str(symbol) if symbol else None)
