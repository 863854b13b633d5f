"""/v1/orders: the orders of the ledger, and orders by hand."""

from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from routers.access import principal
from routers.documentation import operation
from routers.idempotency import IdempotencyKey
from routers.paging import Cursor, Limit

from quantumzero.contracts.api import OrderList, Symbol
from quantumzero.contracts.manual_orders import ManualOrderRequest, OrderDetail, ReplaceRequest
from quantumzero.domain.orders import OrderState

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves it open

OrderId = Annotated[str, Path(max_length=80, description="Client order id")]


@router.get(
    "/v1/orders",
    tags=["Account"],
    **operation(
        "listOrders",
        "List the orders",
        OrderList,
        description="Newest first. DENIED is a refusal by our own limits, REJECTED one by the "
        "broker; UNKNOWN waits for evidence from the broker.",
    ),
)
def list_orders(
    state: Annotated[OrderState | None, Query(description="Only orders in this state")] = None,
    symbol: Annotated[Symbol | None, Query(description="Only orders of this instrument")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> OrderList:
    api: Api = router.context["api"]
    return api.orders(state=state, symbol=symbol, limit=limit, cursor=cursor)


@router.post(
    "/v1/orders",
    tags=["Account"],
    **operation(
        "orderByHand",
        "Order by hand",
        OrderDetail,
        description="Writes an order that passes the same controls as a strategy's (201); it is sent within "
        "seconds. An order that a control refuses is stored as DENIED with code, limit, value and reason. The same "
        "Idempotency-Key and body is the same order (200), another body with that key is refused with 409.",
        refusals=(409,),
        answers=(200, 201),
        takes_body=True,
    ),
)
def order_by_hand(
    request: Annotated[ManualOrderRequest, Body()], idempotency_key: IdempotencyKey
) -> tuple[OrderDetail, int]:
    api: Api = router.context["api"]
    by = principal(router.current_event.raw_event)
    order, new = api.manual.order(request, key=idempotency_key, by=by)
    return order, 201 if new else 200


@router.get(
    "/v1/orders/<order_id>",
    tags=["Account"],
    **operation(
        "readOrder",
        "Read an order",
        OrderDetail,
        description="All its terms and every step: when, from which state to which, what changed, why, and "
        "the broker's word it rests on.",
        refusals=(404,),
    ),
)
def read_order(order_id: OrderId) -> OrderDetail:
    api: Api = router.context["api"]
    return api.manual.read(order_id)


@router.post(
    "/v1/orders/<order_id>/cancel",
    tags=["Account"],
    **operation(
        "cancelOrder",
        "Cancel an order",
        OrderDetail,
        description="An order that was not sent is given up at once; one that was is marked, and the broker is asked "
        "within seconds and again until it is closed. Asking twice is success; an order that is over is refused.",
        refusals=(404, 409),
    ),
)
def cancel_order(order_id: OrderId) -> OrderDetail:
    api: Api = router.context["api"]
    return api.manual.cancel(order_id, by=principal(router.current_event.raw_event))


@router.post(
    "/v1/orders/<order_id>/replace",
    tags=["Account"],
    **operation(
        "replaceOrder",
        "Replace an order",
        OrderDetail,
        description="Writes an order that takes a working one's place, by the same controls as a new one, and answers "
        "it; it is sent within seconds. Refused by a control it is DENIED and the old order stays. The same "
        "changes again are the same order.",
        refusals=(404, 409),
        takes_body=True,
    ),
)
def replace_order(order_id: OrderId, request: Annotated[ReplaceRequest, Body()]) -> OrderDetail:
    api: Api = router.context["api"]
    return api.manual.replace(order_id, request)
