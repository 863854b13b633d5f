"""Show backtests: a page of them, or one with what a page draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.contracts.backtests import (
    BacktestBars,
    BacktestDetail,
    BacktestList,
    BacktestSummary,
)
from quantumzero.contracts.formats import decimal_text, utc_text
from quantumzero.domain.backtests import RunStatus

if TYPE_CHECKING:
    from quantumzero.domain.backtests import BacktestRun
    from quantumzero.ports.backtests import BacktestResults, BacktestRuns

_FIGURES = (
    *("final_equity", "bars", "trades", "orders", "refusals", "ambiguous_trades", "seconds"),
    *("trials", "deflated_sharpe"),
)


def list_backtests(*, runs: BacktestRuns, limit: int, cursor: str | None) -> BacktestList:
    """Return one page, newest first."""
    found, next_cursor = runs.runs(limit=limit, cursor=cursor)
    return BacktestList(
        backtests=[summary_view(run) for run in found],
        next_cursor=next_cursor,
    )


def read_backtest(run_id: str, *, runs: BacktestRuns, results: BacktestResults) -> BacktestDetail:
    """Return the run with metrics, trades and equity; they are empty until it is finished.

    Raises NotFoundError.
    """
    run = runs.run(run_id)
    drawn: dict[str, Any] = {
        "metric_units": {}, "metric_reasons": {}, "trades": [], "equity": [], "notes": [],
    }  # fmt: skip
    whole: str | None = None
    report: str | None = None
    if run.status is RunStatus.FINISHED:
        view = results.view(run_id)
        drawn = {name: view[name] for name in drawn}
        whole, report = results.links(run_id, report=bool(run.summary.get("report")))
    return BacktestDetail(
        summary=summary_view(run),
        document=run.settings.document,
        data={symbol: BacktestBars(**each) for symbol, each in run.summary.get("data", {}).items()},
        snapshot=run.summary.get("snapshot"),
        result_url=whole,
        report_url=report,
        **drawn,
    )


def summary_view(run: BacktestRun) -> BacktestSummary:
    """Show a run without its curves."""
    settings = run.settings
    return BacktestSummary(
        id=run.id,
        status=run.status.value,
        stage=run.stage,
        progress=run.progress,
        key=run.key,
        strategy=settings.strategy,
        version=settings.version,
        symbols=list(settings.symbols),
        from_date=settings.first.isoformat() if settings.first else None,
        to_date=settings.last.isoformat() if settings.last else None,
        parameters=dict(settings.parameters),
        cash=decimal_text(settings.cash),
        preset=settings.preset,
        convention=settings.convention,
        calendar=settings.calendar,
        limits=settings.limits,
        requested_at=utc_text(run.requested_at),
        requested_by=run.requested_by,
        changed_at=utc_text(run.changed_at),
        code=run.code,
        message=run.message,
        metrics=dict(run.summary.get("metrics", {})),
        **{name: run.summary.get(name) for name in _FIGURES},
    )
