"""/v1/risk: limits, and the switch that stops trading."""

from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body
from routers.access import principal
from routers.documentation import operation

from quantumzero.contracts.api import HaltRequest, ResumeRequest, RiskState

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves it open


@router.get(
    "/v1/risk",
    tags=["Risk"],
    **operation(
        "readRisk",
        "Read the trading state and the limits",
        RiskState,
        description="Whether the account trades, who stopped it and why, and how much of each limit is used.",
    ),
)
def read_risk() -> RiskState:
    api: Api = router.context["api"]
    return api.risk()


@router.post(
    "/v1/risk/halt",
    tags=["Risk"],
    **operation(
        "haltTrading",
        "Halt trading",
        RiskState,
        description="Stops every new order from the next decision on. Halting what is halted is success.",
        refusals=(409,),
        takes_body=True,
    ),
)
def halt_trading(request: Annotated[HaltRequest, Body()]) -> RiskState:
    api: Api = router.context["api"]
    return api.halt(by=principal(router.current_event.raw_event), reason=request.reason)


@router.post(
    "/v1/risk/resume",
    tags=["Risk"],
    **operation(
        "resumeTrading",
        "Resume trading",
        RiskState,
        description="Lets decisions become orders again. Only administrators may; it needs the "
        "ledger to match the broker.",
        refusals=(409,),
        takes_body=True,
    ),
)
def resume_trading(request: Annotated[ResumeRequest | None, Body()] = None) -> RiskState:
    api: Api = router.context["api"]
    given = request or ResumeRequest()
    return api.resume(by=principal(router.current_event.raw_event), reason=given.reason)
