"""Read the JSON of an order request; refuse it as the vendor does when a field is wrong."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeVar

from local.exchange.orders import OrderRequest
from local.exchange.refusals import bad_field, bad_order
from quantumzero.domain.orders import OrderClass, OrderType, Side, TimeInForce

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

MOST_CLIENT_ID = 128
_MOST_SHARE_DECIMALS = 9
_TOO_MANY = 10**12
_LIMITED = (OrderType.LIMIT, OrderType.STOP_LIMIT)
_STOPPED = (OrderType.STOP, OrderType.STOP_LIMIT)

Choice = TypeVar("Choice", bound="StrEnum")


def read_order_request(body: Mapping[str, Any]) -> OrderRequest:
    """Return the checked request.

    Errors: Refusal 422 with the vendor's code and a message that names the field.
    """
    target, stop = _leg(body, "take_profit"), _leg(body, "stop_loss")
    request = OrderRequest(
        symbol=_symbol(body),
        side=_choice(Side, body, "side"),
        order_type=_choice(OrderType, body, "type"),
        time_in_force=_choice(TimeInForce, body, "time_in_force"),
        quantity=positive(body, "qty"),
        notional=positive(body, "notional"),
        limit_price=_price(body, "limit_price"),
        stop_price=_price(body, "stop_price"),
        trail_price=_price(body, "trail_price"),
        trail_percent=positive(body, "trail_percent"),
        client_order_id=client_order_id(body),
        extended_hours=_flag(body, "extended_hours"),
        order_class=_choice(
            OrderClass, {"order_class": body.get("order_class") or "simple"}, "order_class"
        ),
        take_profit=_price(target, "limit_price"),
        stop_loss=_price(stop, "stop_price"),
        stop_loss_limit=_price(stop, "limit_price"),
    )
    if request.order_class is OrderClass.OCO and request.limit_price is None:
        request = replace(request, limit_price=request.take_profit)
    _check_size(request)
    _check_prices(request)
    _check_time_in_force(request)
    _check_class(request)
    return request


def client_order_id(body: Mapping[str, Any]) -> str | None:
    """Return the client's own id, None when it gives none."""
    value = body.get("client_order_id")
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > MOST_CLIENT_ID:
        raise bad_field(f"client_order_id must be no more than {MOST_CLIENT_ID} characters")
    return value


def positive(body: Mapping[str, Any], field: str) -> Decimal | None:
    """Return a number above zero of at most nine decimals, None when the field is not given."""
    value = body.get(field)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise bad_field(f"{field} must be a number")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise bad_field(f"{field} must be a number; it was {value!r}") from None
    if not number.is_finite() or number <= 0:
        raise bad_field(f"{field} must be > 0; it was {value}")
    if number >= _TOO_MANY:
        raise bad_field(f"{field} must be below {_TOO_MANY}; it was {value}")
    if -int(number.normalize().as_tuple().exponent) > _MOST_SHARE_DECIMALS:
        raise bad_field(f"{field} is limited to {_MOST_SHARE_DECIMALS} decimal places")
    return number.normalize()


def check_tick_size(field: str, price: Decimal | None) -> None:
    """Refuse a price of a fraction of a cent (from one dollar on) or of a hundredth of a cent
    (below).
    """
    if price is None:
        return
    decimals = -int(price.normalize().as_tuple().exponent)
    if decimals > (2 if price >= 1 else 4):
        raise bad_order(
            f"invalid {field} {price:f}. sub-penny increment does not fulfill minimum pricing"
            " criteria"
        )


def _symbol(body: Mapping[str, Any]) -> str:
    symbol = body.get("symbol")
    if not isinstance(symbol, str) or not symbol:
        raise bad_field("symbol is required")
    return symbol


def _choice(kind: type[Choice], body: Mapping[str, Any], field: str) -> Choice:
    value = body.get(field)
    try:
        return kind(value)  # type: ignore[arg-type]  # anything else than a known word is the error below
    except ValueError:
        words = ", ".join(kind)
        raise bad_field(f"invalid {field} {value!r}; it may be {words}") from None


def _price(body: Mapping[str, Any], field: str) -> Decimal | None:
    price = positive(body, field)
    check_tick_size(field, price)
    return price


def _leg(body: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    value = body.get(field)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise bad_field(f"{field} must be an object")
    return value


def _check_class(request: OrderRequest) -> None:
    kind = request.order_class
    given = (request.take_profit is not None) + (request.stop_loss is not None)
    wanted = {OrderClass.SIMPLE: 0, OrderClass.OTO: 1}.get(kind, 2)
    if given != wanted:
        needs = ("no", "one of", "both")[wanted]
        raise bad_order(
            f"{kind} orders require {needs} take_profit.limit_price and stop_loss.stop_price"
        )
    if kind is OrderClass.SIMPLE:
        return
    if request.order_type not in (OrderType.MARKET, OrderType.LIMIT):
        raise bad_order(f"{kind} orders must be market or limit orders")
    if kind is OrderClass.OCO and request.order_type is not OrderType.LIMIT:
        raise bad_order("oco orders must be limit orders")
    lasting = (TimeInForce.DAY, TimeInForce.GOOD_TIL_CANCELED)
    if request.time_in_force not in lasting or request.extended_hours:
        raise bad_order(f"{kind} orders must be day or gtc orders without extended hours")
    if request.quantity is None or request.quantity % 1:
        raise bad_order("fractional orders must be simple orders")


def _flag(body: Mapping[str, Any], field: str) -> bool:
    value = body.get(field, False)
    if value is not None and not isinstance(value, bool):
        raise bad_field(f"{field} must be true or false")
    return bool(value)


def _check_size(request: OrderRequest) -> None:
    if (request.quantity is None) == (request.notional is None):
        raise bad_field("exactly one of qty and notional is required")
    if request.notional is not None and request.order_type is not OrderType.MARKET:
        raise bad_order("notional orders must be market orders")
    fractional = request.notional is not None or request.quantity % 1 != 0  # type: ignore[operator]  # one of both is set
    if fractional and request.time_in_force is not TimeInForce.DAY:
        raise bad_order("fractional orders must be DAY orders")
    if fractional and request.order_type is not OrderType.MARKET:
        raise bad_order("fractional orders must be market orders")


def _check_prices(request: OrderRequest) -> None:
    kind = request.order_type
    if (request.limit_price is None) == (kind in _LIMITED):
        verb = "require" if kind in _LIMITED else "do not take"
        raise bad_field(f"{kind} orders {verb} a limit_price")
    if (request.stop_price is None) == (kind in _STOPPED):
        verb = "require" if kind in _STOPPED else "do not take"
        raise bad_field(f"{kind} orders {verb} a stop_price")
    trails = (request.trail_price is not None) + (request.trail_percent is not None)
    if kind is OrderType.TRAILING_STOP and trails != 1:
        raise bad_field("trailing_stop orders require one of trail_price and trail_percent")
    if kind is not OrderType.TRAILING_STOP and trails:
        raise bad_field(f"{kind} orders do not take trail_price or trail_percent")


def _check_time_in_force(request: OrderRequest) -> None:
    force, kind = request.time_in_force, request.order_type
    auction = force in (TimeInForce.AT_OPEN, TimeInForce.AT_CLOSE)
    if auction and kind not in (OrderType.MARKET, OrderType.LIMIT):
        raise bad_order(f"{force} orders must be market or limit orders")
    immediate = force in (TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL)
    if immediate and kind not in (OrderType.MARKET, OrderType.LIMIT):
        raise bad_order(f"{force} orders must be market or limit orders")
    if kind is OrderType.TRAILING_STOP and force not in (
        TimeInForce.DAY,
        TimeInForce.GOOD_TIL_CANCELED,
    ):
        raise bad_order("trailing_stop orders must be day or gtc orders")
    if request.extended_hours and (kind is not OrderType.LIMIT or force is not TimeInForce.DAY):
        raise bad_order("extended hours order must be DAY limit orders")
