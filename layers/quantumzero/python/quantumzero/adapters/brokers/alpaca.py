"""Alpaca's trading REST as a Broker, and its clock as market time.

The vendor's own client is not used on the order path: it imports pandas, sends floats, has no timeouts and
repeats POSTs.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from quantumzero.adapters.brokers.alpaca_groups import (
    has_legs,
    is_pair,
    open_ids,
    read_nested,
    read_open,
    read_order,
)
from quantumzero.adapters.brokers.alpaca_orders import (
    moment,
    number,
    order_request,
    replace_request,
)
from quantumzero.domain.errors import CorruptDataError, UnavailableError, UnknownOutcomeError
from quantumzero.ports.brokers import BrokerAccount, BrokerPosition, Rejection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from quantumzero.adapters.brokers.alpaca_http import AlpacaHttp, Answer
    from quantumzero.domain.orders import BrokerOrder, OrderTerms

Found = TypeVar("Found")

_PAGE = 500
_REPEATED_ID = "40010001"
# Statuses with which the vendor refuses one order; the refusal counts only with the vendor's code in it.
_REFUSALS = (400, 403, 404, 422)
_CLOSED_ALREADY = 422
_MICROSECOND = timedelta(microseconds=1)


class AlpacaBroker:
    """Implements Broker and OpenBook."""

    def __init__(self, http: AlpacaHttp) -> None:
        self._http = http

    def submit(self, terms: OrderTerms) -> BrokerOrder | Rejection:
        """Send once; a repeated client order id answers the order that exists.

        Raises UnknownOutcomeError on everything that is neither an order nor the refusal of this one.
        """
        answer = self._http.send("POST", "/v2/orders", order_request(terms))
        return self._outcome(answer, terms)

    def replace(self, broker_order_id: str, terms: OrderTerms) -> BrokerOrder | Rejection:
        """Send once; a refusal counts when no order of the new client id exists.

        The vendor refuses to replace what it has replaced already, so a refusal may be the echo of a success.
        """
        answer = self._http.send("PATCH", f"/v2/orders/{broker_order_id}", replace_request(terms))
        outcome = self._outcome(answer, terms)
        if not isinstance(outcome, Rejection):
            return outcome
        try:
            existing = self.order(terms.client_order_id)
        except UnavailableError as error:
            raise UnknownOutcomeError(
                f"replacing {broker_order_id} was refused ({outcome.message}), and whether "
                f"{terms.client_order_id} exists could not be read: {error}"
            ) from error
        return existing or outcome

    def _outcome(self, answer: Answer, terms: OrderTerms) -> BrokerOrder | Rejection:
        if answer.status in (200, 201):
            return _sent(answer.body)
        if _repeats(answer):
            return self._existing(terms.client_order_id)
        if answer.status in _REFUSALS and answer.code is not None:
            return Rejection(answer.code, answer.message, answer.request_id)
        raise UnknownOutcomeError(f"the broker answered {answer.status}: {answer.message}")

    def _existing(self, client_order_id: str) -> BrokerOrder:
        try:
            found = self.order(client_order_id)
        except UnavailableError as error:
            raise UnknownOutcomeError(
                f"order {client_order_id} exists, but could not be read: {error}"
            ) from error
        if found is None:
            raise UnknownOutcomeError(f"order {client_order_id} exists, but was not found")
        return found

    def order(self, client_order_id: str) -> BrokerOrder | None:
        """Return the order of that client id; None only on the vendor's own 404."""
        answer = self._http.get(
            "/v2/orders:by_client_order_id", {"client_order_id": client_order_id}
        )
        if answer.status == 404 and answer.code is not None:
            return None
        if answer.status == 200 and is_pair(answer.body) and not has_legs(answer.body):
            answer = self._nested(str(answer.body.get("id")))
        return _read(answer, _whole_order)

    def _nested(self, broker_order_id: str) -> Answer:
        return self._http.get(f"/v2/orders/{broker_order_id}", {"nested": "true"})

    def orders(self, *, since: datetime | None, open_only: bool) -> Sequence[BrokerOrder]:
        """Return all orders placed after since, oldest first, every page."""
        found: dict[str, BrokerOrder] = {}
        after = since
        while True:
            rows = self._page(after, open_only=open_only)
            page = [each for row in rows for each in row]
            fresh = [each for each in page if each.broker_order_id not in found]
            found |= {each.broker_order_id: each for each in fresh}
            if len(rows) < _PAGE:
                return list(found.values())
            roots = [row[0] for row in rows if row]
            newest = roots[-1].created_at if roots else None
            if newest is None or not fresh:
                raise UnavailableError("the broker's list of orders does not move forward")
            # Exclusive at the vendor: step back so that orders of the same instant are not lost between two pages.
            after = newest - _MICROSECOND

    def _page(self, after: datetime | None, *, open_only: bool) -> Sequence[Sequence[BrokerOrder]]:
        """Return the rows of one page: the orders that each of them tells of."""
        parameters = {
            "nested": "false" if open_only else "true",
            "status": "open" if open_only else "all",
            "limit": str(_PAGE),
            "direction": "asc",
        }
        if after is not None:
            parameters["after"] = after.astimezone(UTC).isoformat().replace("+00:00", "Z")
        answer = self._http.get("/v2/orders", parameters)
        return _read(answer, _open_list if open_only else _order_list)

    def cancel(self, broker_order_id: str) -> None:
        """Ask to cancel; what is closed or gone already is success.

        Of an exit by target or stop the target may be closed and the stop at work: then that is cancelled.
        """
        if self._cancel(broker_order_id) != _CLOSED_ALREADY:
            return
        try:
            rest = _read(self._nested(broker_order_id), open_ids)
        except UnavailableError as error:
            raise UnknownOutcomeError(
                f"order {broker_order_id} is closed; whether a leg of it works was not read: {error}"
            ) from error
        for each in rest:
            self._cancel(each)

    def _cancel(self, broker_order_id: str) -> int:
        answer = self._http.send("DELETE", f"/v2/orders/{broker_order_id}")
        if answer.status not in (200, 204, 404, _CLOSED_ALREADY):
            raise UnknownOutcomeError(
                f"cancelling {broker_order_id} was answered {answer.status}: {answer.message}"
            )
        return answer.status

    def cancel_open(self) -> None:
        """Ask in one request to cancel every open order of the account (the answer lists one status for each)."""
        answer = self._http.send("DELETE", "/v2/orders")
        if answer.status not in (200, 204, 207):
            raise UnknownOutcomeError(
                f"cancelling every open order was answered {answer.status}: {answer.message}"
            )

    def holdings(self) -> tuple[BrokerAccount, Sequence[BrokerPosition]]:
        """Return the account and every position."""
        account = _read(self._http.get("/v2/account"), _account)
        return account, _read(self._http.get("/v2/positions"), _positions)


class AlpacaClock:
    """Implements MarketClock by the broker's clock."""

    def __init__(self, http: AlpacaHttp) -> None:
        self._http = http

    def now(self) -> datetime:
        """Return the market's time at the broker. Raises UnavailableError."""
        return _read(self._http.get("/v2/clock"), _clock)


def _sent(body: Any) -> BrokerOrder:
    try:
        return _whole_order(body)
    except CorruptDataError as error:
        raise UnknownOutcomeError(f"the broker took the order, but {error}") from error


def _whole_order(body: Any) -> BrokerOrder:
    found = read_order(body)
    if found is None:
        raise CorruptDataError("only one half of an exit by target or stop was told of")
    return found


def _repeats(answer: Answer) -> bool:
    return (
        answer.status == 422
        and answer.code == _REPEATED_ID
        and "client_order_id" in answer.message
        and "unique" in answer.message
    )


def _read(answer: Answer, parse: Callable[[Any], Found]) -> Found:
    """Return what a good answer says; anything else is no verdict."""
    if answer.status != 200:
        raise UnavailableError(f"the broker answered {answer.status}: {answer.message}")
    try:
        return parse(answer.body)
    except (CorruptDataError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise UnavailableError(f"the broker's answer was not readable: {error!r}") from error


def _order_list(body: Any) -> list[Sequence[BrokerOrder]]:
    if not isinstance(body, list):
        raise TypeError("a list of orders was expected")
    return [read_nested(each) for each in body]


def _open_list(body: Any) -> list[Sequence[BrokerOrder]]:
    if not isinstance(body, list):
        raise TypeError("a list of orders was expected")
    # As many rows as the vendor sent, so that a full page is known as one.
    found = read_open(body)
    rows: list[Sequence[BrokerOrder]] = [[each] for each in found]
    return rows + [[] for _ in range(len(body) - len(found))]


def _account(body: Any) -> BrokerAccount:
    return BrokerAccount(
        cash=_needed(body["cash"]),
        equity=_needed(body["equity"]),
        buying_power=_needed(body["buying_power"]),
    )


def _positions(body: Any) -> list[BrokerPosition]:
    if not isinstance(body, list):
        raise TypeError("a list of positions was expected")
    return [_position(each) for each in body]


def _position(body: Any) -> BrokerPosition:
    quantity = abs(_needed(body["qty"]))
    return BrokerPosition(
        symbol=str(body["symbol"]),
        quantity=-quantity if body.get("side") == "short" else quantity,
        average_entry_price=_needed(body["avg_entry_price"]),
    )


def _clock(body: Any) -> datetime:
    time = moment(body["timestamp"])
    if time is None:
        raise ValueError("the clock has no time")
    return time


def _needed(value: object) -> Decimal:
    found = number(value)
    if found is None:
        raise ValueError("a number was missing")
    return found
