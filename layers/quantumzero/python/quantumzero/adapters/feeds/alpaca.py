"""Alpaca as a source of trades: its clock from the trading API, its trades by alpaca-py.

alpaca-py has no timeout, repeats 429 and 504 after fixed sleeps and follows page tokens for ever:
the client made here answers or fails within bounds, and the next poll asks again.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import msgspec
import requests
import urllib3
from alpaca.common.exceptions import APIError
from alpaca.data.historical import StockHistoricalDataClient
from alpaca.data.requests import StockTradesRequest
from requests.adapters import HTTPAdapter

from quantumzero.contracts.formats import utc_time
from quantumzero.domain.calendars import to_us
from quantumzero.domain.errors import InvalidInputError, UnavailableError
from quantumzero.domain.prices import price_units
from quantumzero.domain.ticks import Trade
from quantumzero.ports.ticks import VendorTrades

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONNECT_SECONDS, _READ_SECONDS = 2.0, 10.0
_WITHDRAWN = frozenset({"canceled", "incorrect"})  # trades the exchange took back
_LARGEST_NUMBER = 2**55  # leaves room for the venue's letter in a 64-bit id


class AlpacaTradeFeed:
    """Trades of US stocks; both addresses are scheme, host and port without a path."""

    name = "alpaca"

    def __init__(self, *, key_id: str, secret_key: str, data_url: str, broker_url: str) -> None:
        self._headers = {"APCA-API-KEY-ID": key_id, "APCA-API-SECRET-KEY": secret_key}
        self._clock_url = broker_url.rstrip("/") + "/v2/clock"
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS), retries=False
        )
        self._transport = _BoundedTransport()
        self._client = StockHistoricalDataClient(
            key_id, secret_key, raw_data=True, url_override=data_url.rstrip("/")
        )
        self._client._retry = 0  # its sleeps are fixed and long; the schedule repeats the poll
        for scheme in ("http://", "https://"):
            self._client._session.mount(scheme, self._transport)

    def now(self) -> datetime:
        """Return the exchange's time by the broker's clock, aware UTC; raises UnavailableError."""
        try:
            answer = self._pool.request("GET", self._clock_url, headers=self._headers)
            if answer.status != 200:
                raise UnavailableError(f"the broker's clock answered {answer.status}; 200 is good")
            return utc_time(msgspec.json.decode(answer.data)["timestamp"])
        except (urllib3.exceptions.HTTPError, msgspec.DecodeError) as error:
            raise UnavailableError(f"the broker's clock did not answer: {error}") from error
        except (InvalidInputError, KeyError, TypeError) as error:
            raise UnavailableError(f"the broker's clock made no sense: {error}") from error

    def trades(self, symbols: Sequence[str], start: datetime, end: datetime) -> VendorTrades:
        """Return every trade from start to end, both included; raises UnavailableError."""
        request = StockTradesRequest(symbol_or_symbols=list(symbols), start=start, end=end)
        self._transport.begin()
        try:
            by_symbol = self._client.get_stock_trades(request)
        except APIError as error:
            status = getattr(error, "status_code", None)
            raise UnavailableError(f"Alpaca answered {status} to a request for trades") from error
        except requests.RequestException as error:
            raise UnavailableError(f"Alpaca did not answer with trades: {error}") from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UnavailableError(f"Alpaca's page of trades made no sense: {error!r}") from error
        return _read(by_symbol)


class _BoundedTransport(HTTPAdapter):
    """Gives every request a timeout and refuses to ask for the same page twice."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: set[str] = set()

    def begin(self) -> None:
        """Forget the pages of the previous question."""
        self._asked.clear()

    def send(
        self, request: requests.PreparedRequest, *args: Any, **options: Any
    ) -> requests.Response:
        """Send within the time limits."""
        url = request.url or ""
        if url in self._asked:
            raise requests.RequestException(
                "the vendor's page token led back to a page read before"
            )
        self._asked.add(url)
        options["timeout"] = (_CONNECT_SECONDS, _READ_SECONDS)
        return super().send(request, *args, **options)


def _read(by_symbol: Any) -> VendorTrades:
    trades: list[Trade] = []
    unread: list[str] = []
    for symbol, rows in by_symbol.items():
        for row in rows or ():
            try:
                if row.get("u") not in _WITHDRAWN:
                    trades.append(_trade(symbol, row))
            except (
                AttributeError,
                InvalidInputError,
                KeyError,
                OverflowError,
                TypeError,
                ValueError,
            ):
                unread.append(msgspec.json.encode({"symbol": symbol, "trade": row}).decode())
    return VendorTrades(trades, unread)


def _trade(symbol: str, row: dict[str, Any]) -> Trade:
    size = row["s"]
    if size != int(size):
        raise ValueError("a part of a share is not a stock trade")
    return Trade(
        symbol=symbol,
        time_us=to_us(datetime.fromisoformat(row["t"])),
        price=price_units(_decimal(row["p"])),
        size=int(size),
        id=_identity(row),
    )


def _decimal(number: object) -> Decimal:
    try:
        return Decimal(str(number))  # the shortest text of a float is the decimal that was sent
    except InvalidOperation as error:
        raise ValueError("not a number") from error


def _identity(row: dict[str, Any]) -> int:
    """Return one integer for (venue, trade number): a number alone is unique only on its venue."""
    number, venue = row.get("i"), str(row.get("x", ""))[:1]
    if type(number) is int and 0 <= number < _LARGEST_NUMBER:
        return number << 7 | ord(venue or "\0") & 0x7F
    whole = "|".join(str(row.get(key, "")) for key in ("i", "x", "t", "p", "s", "c", "z"))
    return int.from_bytes(hashlib.blake2b(whole.encode(), digest_size=8).digest()) >> 1
