"""/v1/portfolio and /v1/positions: the account as it stands."""

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler.api_gateway import Router
from routers.documentation import operation

from quantumzero.contracts.api import Portfolio, PositionList

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves it open


@router.get(
    "/v1/portfolio",
    tags=["Account"],
    **operation(
        "readPortfolio",
        "Read the portfolio",
        Portfolio,
        description="Cash, equity at the newest closes, profit since the previous session's close, exposure and the "
        "equity at up to 1000 session closes and now.",
    ),
)
def read_portfolio() -> Portfolio:
    api: Api = router.context["api"]
    return api.portfolio()


@router.get(
    "/v1/positions",
    tags=["Account"],
    **operation(
        "listPositions",
        "List the positions",
        PositionList,
        description="Every instrument held, by symbol, valued at its newest close.",
    ),
)
def list_positions() -> PositionList:
    api: Api = router.context["api"]
    return api.positions()
