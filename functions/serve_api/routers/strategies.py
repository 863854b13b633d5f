"""/v1/strategies: documents, their versions, and which of them trade."""

from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from routers.documentation import operation

from quantumzero.contracts.api import (
    EnableRequest,
    StrategyDetail,
    StrategyDocumentRequest,
    StrategyList,
    StrategyName,
    StrategySummary,
    ValidationResult,
)

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves it open

Name = Annotated[StrategyName, Path(description="Name of the strategy")]


@router.get(
    "/v1/strategies",
    tags=["Strategies"],
    **operation(
        "listStrategies",
        "List the strategies",
        StrategyList,
        description="Every strategy by name, with the version that trades.",
    ),
)
def list_strategies() -> StrategyList:
    api: Api = router.context["api"]
    return api.strategies()


@router.post(
    "/v1/strategies",
    tags=["Strategies"],
    **operation(
        "createStrategy",
        "Store a strategy document",
        StrategyDetail,
        description="Stores the document as the next version of the strategy it names (201). The same document as the "
        "newest version is answered with that version (200). A new version does not trade until it is enabled.",
        refusals=(409,),
        answers=(200, 201),
        takes_body=True,
    ),
)
def create_strategy(
    request: Annotated[StrategyDocumentRequest, Body()],
) -> tuple[StrategyDetail, int]:
    api: Api = router.context["api"]
    detail, is_new = api.create_strategy(request.document)
    return detail, 201 if is_new else 200


@router.post(
    "/v1/strategies/validate",
    tags=["Strategies"],
    **operation(
        "validateStrategy",
        "Check a strategy document",
        ValidationResult,
        description="Stores nothing. Every fault points at a line and a column of the text as sent.",
        takes_body=True,
    ),
)
def validate_strategy(request: Annotated[StrategyDocumentRequest, Body()]) -> ValidationResult:
    api: Api = router.context["api"]
    return api.validate_strategy(request.document)


@router.get(
    "/v1/strategies/<name>",
    tags=["Strategies"],
    **operation(
        "readStrategy",
        "Read a strategy",
        StrategyDetail,
        description="One version with its document as the author wrote it; the newest when no version is asked for.",
        refusals=(404,),
    ),
)
def read_strategy(
    name: Name,
    version: Annotated[int | None, Query(ge=1, le=999_999, description="A stored version")] = None,
) -> StrategyDetail:
    api: Api = router.context["api"]
    return api.strategy(name, version)


@router.post(
    "/v1/strategies/<name>/enable",
    tags=["Strategies"],
    **operation(
        "enableStrategy",
        "Let a strategy trade",
        StrategySummary,
        description="The version asked for, or the newest, trades from the next bar on. Refused "
        "while trading is halted.",
        refusals=(404, 409),
        takes_body=True,
    ),
)
def enable_strategy(
    name: Name, request: Annotated[EnableRequest | None, Body()] = None
) -> StrategySummary:
    api: Api = router.context["api"]
    return api.enable_strategy(name, request.version if request else None)


@router.post(
    "/v1/strategies/<name>/disable",
    tags=["Strategies"],
    **operation(
        "disableStrategy",
        "Stop a strategy",
        StrategySummary,
        description="It decides nothing from the next bar on; its orders and positions stay as they are.",
        refusals=(404, 409),
    ),
)
def disable_strategy(name: Name) -> StrategySummary:
    api: Api = router.context["api"]
    return api.disable_strategy(name)
