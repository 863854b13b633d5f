"""/v1/orders: the orders of the ledger."""

from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from routers.documentation import operation
from routers.paging import Cursor, Limit

from quantumzero.contracts.api import OrderList, Symbol
from quantumzero.domain.orders import OrderState

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves it open


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
