"""/v1/lots: what every holding was opened for, and what closing it brought."""

from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from routers.access import principal
from routers.documentation import operation
from routers.paging import Cursor, Limit

from quantumzero.contracts.api import StrategyName, Symbol
from quantumzero.contracts.lots import LotList, LotState, NamedLots, NameLotsRequest
from quantumzero.domain.lots.matching import Method

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves it open


@router.get(
    "/v1/lots",
    tags=["Account"],
    **operation(
        "listLots",
        "List tax lots and profit",
        LotList,
        description="Lots that are open, and what closing others brought, newest first, computed from the ledger's "
        "events. With a strategy: the lots of that strategy's own trades. Wash sales are flagged as a help, not as "
        "tax advice.",
    ),
)
def list_lots(
    symbol: Annotated[Symbol | None, Query(description="Only lots of this instrument")] = None,
    state: Annotated[LotState | None, Query(description="Only open or only closed lots")] = None,
    strategy: Annotated[
        StrategyName | None, Query(description="Only what this strategy traded, by its own books")
    ] = None,
    method: Annotated[
        Method, Query(description="Which lots a sale closes; specific: those named for it")
    ] = Method.FIFO,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> LotList:
    api: Api = router.context["api"]
    return api.listed_lots(
        symbol=symbol, state=state, strategy=strategy, method=method, limit=limit, cursor=cursor
    )


@router.post(
    "/v1/lots/named",
    tags=["Account"],
    **operation(
        "nameLots",
        "Name the lots that an order closes",
        NamedLots,
        description="For the method specific: said once for an order, before or at the sale; the rest goes by FIFO.",
        refusals=(404, 409),
        takes_body=True,
    ),
)
def name_lots(request: Annotated[NameLotsRequest, Body()]) -> NamedLots:
    api: Api = router.context["api"]
    return api.lots.name(request, by=principal(router.current_event.raw_event))
