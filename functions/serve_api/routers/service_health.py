"""/v1/service-health: is every part doing its work."""

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler.api_gateway import Router
from routers.documentation import operation

from quantumzero.contracts.api import ServiceHealth

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves it open


@router.get(
    "/v1/service-health",
    tags=["Operations"],
    **operation(
        "readServiceHealth",
        "Read the health of the services",
        ServiceHealth,
        description="When each part last succeeded and whether it is late, and the newest alerts.",
    ),
)
def read_service_health() -> ServiceHealth:
    api: Api = router.context["api"]
    return api.service_health()
