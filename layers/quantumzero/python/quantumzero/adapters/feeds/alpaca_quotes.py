"""The newest quote of a symbol at Alpaca's market data, over HTTP with timeouts that a decision can afford."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import UnavailableError
from quantumzero.domain.risk.proposal import Quote

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.adapters.brokers.alpaca_http import AlpacaHttp

CONNECT_SECONDS, READ_SECONDS = 0.5, 1.0
_PATH = "/v2/stocks/quotes/latest"
_OK = 200


class AlpacaQuotes:
    """Implements MarketQuotes. connect makes the connection with its keys, when the first quote is asked for."""

    def __init__(self, connect: Callable[[], AlpacaHttp]) -> None:
        self._connect = connect

    def quote(self, symbol: str) -> Quote | None:
        """Return the newest quote, None when the vendor knows none. Raises UnavailableError."""
        answer = self._connect().get(_PATH, {"symbols": symbol})
        if answer.status != _OK:
            raise UnavailableError(
                f"the quote of {symbol} was answered {answer.status}: {answer.message}"
            )
        try:
            found = answer.body["quotes"].get(symbol)
            return None if found is None else _quote(found)
        except (AttributeError, InvalidOperation, KeyError, TypeError, ValueError) as error:
            raise UnavailableError(f"the quote of {symbol} could not be read: {error}") from error


def _quote(body: dict[str, Any]) -> Quote:
    """Read bid and ask as the vendor wrote them; a side without a price is 0 there."""
    at = datetime.fromisoformat(_microseconds(body["t"]))
    if at.tzinfo is None:
        raise ValueError(f"its time was {body['t']}, which has no zone")
    return Quote(bid=Decimal(str(body["bp"])), ask=Decimal(str(body["ap"])), at=at)


def _microseconds(text: str) -> str:
    """Cut the vendor's nanoseconds: a datetime holds no finer time than microseconds."""
    whole, dot, rest = text.partition(".")
    if not dot:
        return text
    digits = rest.rstrip("Z")
    return f"{whole}.{digits[:6].ljust(6, '0')}Z"
