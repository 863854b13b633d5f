"""/v1/bars: what traded."""

from typing import TYPE_CHECKING, Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from routers.documentation import operation

from quantumzero.contracts.api import BarList, Symbol

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves it open

Timeframe = Literal["1m", "5m", "15m", "30m", "1h", "1d", "1w"]


@router.get(
    "/v1/bars",
    tags=["Market data"],
    **operation(
        "listBars",
        "List the newest bars of an instrument",
        BarList,
        description="Oldest first, raw: not adjusted for splits, which are listed beside them.",
        refusals=(404,),
    ),
)
def list_bars(
    symbol: Annotated[Symbol, Query(description="The instrument")],
    timeframe: Annotated[Timeframe, Query(description="Length of a bar")] = "1d",
    limit: Annotated[int, Query(ge=1, le=2000, description="At most so many bars")] = 500,
    until: Annotated[
        str | None,
        Query(
            max_length=40, description="Only bars that closed by this time (ISO 8601 with a zone)"
        ),
    ] = None,
) -> BarList:
    api: Api = router.context["api"]
    return api.bars(symbol=symbol, timeframe=timeframe, limit=limit, until=until)
