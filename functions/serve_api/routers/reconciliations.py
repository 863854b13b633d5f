"""/v1/reconciliations: what comparisons with the broker found, and the operator's word that the broker is right."""

from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from routers.access import principal
from routers.documentation import operation
from routers.paging import Cursor, Limit

from quantumzero.contracts.reconciliations import (
    AcceptRequest,
    ReconciliationList,
    ReconciliationView,
)

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves it open


@router.get(
    "/v1/reconciliations",
    tags=["Account"],
    **operation(
        "listReconciliations",
        "List the comparisons with the broker",
        ReconciliationList,
        description="Newest first: the verdict and each difference in orders, positions and cash.",
    ),
)
def list_reconciliations(limit: Limit = 100, cursor: Cursor = None) -> ReconciliationList:
    api: Api = router.context["api"]
    return api.comparisons.page(limit=limit, cursor=cursor)


@router.post(
    "/v1/reconciliations/<reconciliation_id>/accept",
    tags=["Account"],
    **operation(
        "acceptReconciliation",
        "Accept the broker as the truth",
        ReconciliationView,
        description="Corrects positions and cash to the broker's figures of that comparison, each with an event. "
        "Only administrators may; it is refused when the books have moved since. Nothing is traded.",
        refusals=(404, 409),
        takes_body=True,
    ),
)
def accept_reconciliation(
    reconciliation_id: Annotated[
        str, Path(max_length=80, description="Identifier of the comparison")
    ],
    request: Annotated[AcceptRequest, Body()],
) -> ReconciliationView:
    api: Api = router.context["api"]
    by = principal(router.current_event.raw_event)
    return api.comparisons.accept(reconciliation_id, by=by, reason=request.reason)
