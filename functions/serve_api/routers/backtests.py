"""/v1/backtests: what a strategy would have done, computed by the platform on the bars it keeps."""

from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from routers.access import principal
from routers.documentation import operation
from routers.paging import Cursor, Limit

from quantumzero.contracts.backtests import (
    BacktestDetail,
    BacktestList,
    BacktestRequest,
    BacktestSummary,
)

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves it open

Identifier = Annotated[str, Path(max_length=80, description="Identifier of the backtest")]


@router.post(
    "/v1/backtests",
    tags=["Research"],
    **operation(
        "startBacktest",
        "Start a backtest",
        BacktestSummary,
        description="Computes a stored strategy or a document over the stored bars (202). The same request over "
        "the same bars is one backtest: when its result is there, it is the answer (200), and while it runs, "
        "nothing else is started. One that failed or was cancelled is started again.",
        refusals=(404, 409),
        answers=(200, 202),
        takes_body=True,
    ),
)
def start_backtest(
    request: Annotated[BacktestRequest, Body()],
) -> tuple[BacktestSummary, int]:
    api: Api = router.context["api"]
    by = principal(router.current_event.raw_event)
    summary, is_finished = api.backtests.start(request, by=by)
    return summary, 200 if is_finished else 202


@router.get(
    "/v1/backtests",
    tags=["Research"],
    **operation(
        "listBacktests",
        "List the backtests",
        BacktestList,
        description="Newest first, with their headline figures.",
    ),
)
def list_backtests(limit: Limit = 100, cursor: Cursor = None) -> BacktestList:
    api: Api = router.context["api"]
    return api.backtests.page(limit=limit, cursor=cursor)


@router.get(
    "/v1/backtests/<backtest_id>",
    tags=["Research"],
    **operation(
        "readBacktest",
        "Read a backtest",
        BacktestDetail,
        description="Metrics, trades and equity when it is finished, with an address of the whole result that is open "
        "for five minutes.",
        refusals=(404,),
    ),
)
def read_backtest(backtest_id: Identifier) -> BacktestDetail:
    api: Api = router.context["api"]
    return api.backtests.read(backtest_id)


@router.post(
    "/v1/backtests/<backtest_id>/cancel",
    tags=["Research"],
    **operation(
        "cancelBacktest",
        "Cancel a backtest",
        BacktestSummary,
        description="Stops a backtest that is queued or running. Cancelling a cancelled one is success; one that has "
        "finished or failed is refused.",
        refusals=(404, 409),
    ),
)
def cancel_backtest(backtest_id: Identifier) -> BacktestSummary:
    api: Api = router.context["api"]
    return api.backtests.cancel(backtest_id)
