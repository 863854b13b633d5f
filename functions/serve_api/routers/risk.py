"""/v1/risk: limits, and the switch that stops trading."""

from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body
from routers.access import principal, signed_in_at
from routers.documentation import operation
from routers.idempotency import IdempotencyKey

from quantumzero.contracts.risk import (
    FlattenAnswer,
    FlattenRequest,
    HaltRequest,
    LimitsAnswer,
    LimitsRequest,
    ResumeRequest,
    RiskState,
)

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
        description="Whether the account, its strategies and its symbols trade, who stopped them and why, how much of "
        "each limit is used and left, and which changes wait.",
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
        description="Stops every new order of the account, of one strategy or of one symbol from the next decision on. "
        "Halting what is halted is success.",
        refusals=(409,),
        takes_body=True,
    ),
)
def halt_trading(request: Annotated[HaltRequest, Body()]) -> RiskState:
    api: Api = router.context["api"]
    api.risk_desk.stop(request, by=principal(router.current_event.raw_event))
    return api.risk()


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
    api.risk_desk.resume(given, by=principal(router.current_event.raw_event))
    return api.risk()


@router.post(
    "/v1/risk/limits",
    tags=["Risk"],
    **operation(
        "changeLimits",
        "Change limits",
        LimitsAnswer,
        description="Tightens at once. What loosens a limit needs a sign-in of the last five minutes, takes effect "
        "later (effective_at) and never passes the deployment's ceiling. Only administrators may.",
        refusals=(409,),
        takes_body=True,
    ),
)
def change_limits(request: Annotated[LimitsRequest, Body()]) -> LimitsAnswer:
    api: Api = router.context["api"]
    event = router.current_event.raw_event
    done = api.risk_desk.change(request, by=principal(event), signed_in_at=signed_in_at(event))
    return LimitsAnswer(changes=done, risk=api.risk())


@router.post(
    "/v1/risk/flatten",
    tags=["Risk"],
    **operation(
        "flattenAccount",
        "Leave every position",
        FlattenAnswer,
        description="Stops entries (REDUCING), cancels what works and writes a market exit for each strategy's part of "
        "each position; they are sent within seconds. What could not be cancelled in time is left: the same "
        "Idempotency-Key again goes on with it. Refused while trading is HALTED. Only administrators may.",
        refusals=(409,),
        takes_body=True,
    ),
)
def flatten_account(
    request: Annotated[FlattenRequest, Body()], idempotency_key: IdempotencyKey
) -> FlattenAnswer:
    api: Api = router.context["api"]
    by = principal(router.current_event.raw_event)
    orders, left = api.risk_desk.flatten(request, key=idempotency_key, by=by)
    return FlattenAnswer(orders=orders, left=left, risk=api.risk())
