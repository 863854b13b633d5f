"""/v1/decisions: why strategies did or did not act."""

from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from routers.documentation import operation
from routers.paging import Cursor, Limit

from quantumzero.contracts.api import DecisionList, DecisionView, StrategyName, Symbol

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves it open


@router.get(
    "/v1/decisions",
    tags=["Strategies"],
    **operation(
        "listDecisions",
        "List the decisions",
        DecisionList,
        description="Newest first, one for every strategy and bar, with the value of every node of its expressions.",
    ),
)
def list_decisions(
    strategy: Annotated[
        StrategyName | None, Query(description="Only decisions of this strategy")
    ] = None,
    symbol: Annotated[Symbol | None, Query(description="Only decisions on this instrument")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> DecisionList:
    api: Api = router.context["api"]
    return api.decisions(strategy=strategy, symbol=symbol, limit=limit, cursor=cursor)


@router.get(
    "/v1/decisions/<decision_id>",
    tags=["Strategies"],
    **operation(
        "readDecision",
        "Read one decision",
        DecisionView,
        description="The decision that an order names as its decision_id.",
        refusals=(404,),
    ),
)
def read_decision(
    decision_id: Annotated[str, Path(max_length=80, description="Identifier of the decision")],
) -> DecisionView:
    api: Api = router.context["api"]
    return api.decision(decision_id)
