"""The commands of research: one backtest, a sweep of parameters, the values of one expression."""

from __future__ import annotations

# ruff: noqa: TC001, TC003 - typer reads the annotations of commands while it runs
import json
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from cli.backtest_view import backtest_view
from cli.research_inputs import (
    grid_of,
    parameters_of,
    read_inputs,
    read_scoring_model,
)
from cli.research_options import (
    AcceptGaps,
    AsJson,
    Calendar,
    Cash,
    Convention,
    Data,
    First,
    Home,
    Last,
    Limits,
    Parameters,
    Preset,
    StrategyFile,
    Symbol,
)
from cli.research_progress import progress_bar
from cli.sweep_view import FIGURES, ordered, sweep_rows, sweep_trials, sweep_view
from cli.trial_record import TrialRecord
from cli.written_files import require_writable, write_whole
from local.settings import HOME
from quantumzero.adapters.files.market import read_market
from quantumzero.contracts.backtest_result import result_document
from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.backtest import backtest as run_backtest
from quantumzero.research.metrics import compute_metrics
from quantumzero.research.metrics.compute import convention_definitions
from quantumzero.research.plan import Options, plan_run
from quantumzero.research.report import render_report
from quantumzero.research.sweep import sweep_plan

if TYPE_CHECKING:
    from cli.research_inputs import ResearchInputs
    from quantumzero.research.metrics import Trials
    from quantumzero.research.result import BacktestResult, Metric

_CASH = Decimal(100_000)


def backtest(  # noqa: PLR0913, PLR0917 - a command's options are its parameters
    strategy: StrategyFile,
    data: Data = None,
    symbol: Symbol = None,
    first: First = None,
    last: Last = None,
    parameters: Parameters = None,
    cash: Cash = _CASH,
    preset: Preset = "default",
    convention: Convention = "default",
    calendar: Calendar = None,
    limits: Limits = None,
    accept_gaps: AcceptGaps = False,
    benchmark: Annotated[
        str | None, typer.Option(help="Compare with holding this instrument.")
    ] = None,
    detail: Annotated[
        Path | None, typer.Option(exists=True, help="Finer bars that settle ambiguous trades.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The model of a gate, JSON.")
    ] = None,
    decisions: Annotated[
        bool, typer.Option("--decisions", help="Keep why every bar was acted on or not.")
    ] = False,
    as_json: AsJson = False,
    report: Annotated[Path | None, typer.Option(help="Write the report, one HTML file.")] = None,
    home: Home = HOME,
) -> None:
    """Run a strategy over market data and say what it would have done."""
    convention_definitions(convention)
    if report:
        require_writable(report)
    inputs = read_inputs(
        strategy,
        data,
        symbol=symbol,
        parameters=parameters_of(parameters or []),
        calendar=calendar,
        benchmark=benchmark,
    )
    options = {
        "cash": float(cash), "start": first, "end": last, "preset": preset,
        "convention": convention, "limits": limits, "accept_gaps": accept_gaps,
        "decisions": decisions, "benchmark": benchmark,
        "model": read_scoring_model(model) if model else None,
        "detail": read_detail(detail, inputs),
    }  # fmt: skip
    result = computed(inputs, options)
    trials = TrialRecord(home, result.strategy).note([(result.key, session_sharpe(result))])
    if report:
        write_report(report, result, trials)
    if as_json:
        print_json(document_with_trials(result, trials))
    else:
        shown = with_deflated_sharpe(result, trials)
        Console(highlight=False).print(backtest_view(shown, trials))
        if report:
            Console(highlight=False).print(f"· report {report}", markup=False, soft_wrap=True)


def computed(inputs: ResearchInputs, options: dict[str, Any]) -> BacktestResult:
    """Run the engine under a progress bar; the notes of the inputs come first."""
    with progress_bar("backtest") as move:
        result = run_backtest(
            inputs.document,
            inputs.history,
            parameters=inputs.parameters,
            calendar=inputs.calendar,
            progress=move,
            **options,
        )
    return replace(result, notes=(*inputs.notes, *result.notes))


def read_detail(path: Path | None, inputs: ResearchInputs) -> Any:
    """Read the finer bars of the run's instruments."""
    if path is None:
        return None
    symbols = inputs.document.universe
    alone = symbols[0] if len(symbols) == 1 else None
    return read_market(path, symbol=alone, wanted=symbols, calendar=inputs.calendar).history


def session_sharpe(result: BacktestResult) -> float | None:
    """Return the default convention's ratio: trials must be of one kind to be compared."""
    return _default_metric(result, "session_sharpe", None).value


def with_deflated_sharpe(result: BacktestResult, trials: Trials) -> BacktestResult:
    """Return the result with the Sharpe ratio judged by all trials: what a reader is shown.

    A result's own metrics follow from its key alone; the number of trials does not.
    """
    if "deflated_sharpe" not in result.metrics:
        return result
    judged = _default_metric(result, "deflated_sharpe", trials)
    return replace(result, metrics={**result.metrics, "deflated_sharpe": judged})


def document_with_trials(result: BacktestResult, trials: Trials) -> dict[str, Any]:
    """Return the JSON document with the count of trials and the ratio that they deflate."""
    deflated = _default_metric(result, "deflated_sharpe", trials).value
    return {**result_document(result), "trials": trials.count, "deflated_sharpe": deflated}


def _default_metric(result: BacktestResult, name: str, trials: Trials | None) -> Metric:
    found = compute_metrics(
        result.curves,
        result.trades,
        result.charges,
        cash=result.cash,
        sessions_per_year=result.sessions_per_year,
        trials=trials,
    )
    return found[name]


def write_report(path: Path, result: BacktestResult, trials: Trials) -> None:
    """Write the page whole or not at all."""
    times = "1 distinct result" if trials.count == 1 else f"{trials.count} distinct results"
    note = f"{result.strategy} has {times} so far; the deflated Sharpe ratio counts them all"
    shown = with_deflated_sharpe(result, trials)
    write_whole(path, render_report(replace(shown, notes=(*result.notes, note))))


def sweep(  # noqa: PLR0913, PLR0917 - a command's options are its parameters
    strategy: StrategyFile,
    grid: Annotated[
        list[str],
        typer.Option(help="Values of a parameter: fast=5:45:1 (both ends) or fast=5,10,20."),
    ],
    data: Data = None,
    symbol: Symbol = None,
    first: First = None,
    last: Last = None,
    parameters: Parameters = None,
    cash: Cash = _CASH,
    preset: Preset = "default",
    calendar: Calendar = None,
    limits: Limits = None,
    accept_gaps: AcceptGaps = False,
    threads: Annotated[int, typer.Option(min=1, help="Threads to compute with.")] = 1,
    sort: Annotated[str, typer.Option(help="sharpe, final_equity, max_drawdown or trades.")] = (
        "sharpe"
    ),
    top: Annotated[int, typer.Option(min=1, help="Rows of the table.")] = 15,
    as_json: AsJson = False,
    home: Home = HOME,
) -> None:
    """Run a strategy with every combination of parameters and show the best."""
    if sort not in FIGURES:
        raise typer.BadParameter(f"--sort was {sort!r}; it may be {', '.join(FIGURES)}")
    fixed = parameters_of(parameters or [])
    values: dict[str, Any] = {**{name: [each] for name, each in fixed.items()}, **grid_of(grid)}
    inputs = read_inputs(strategy, data, symbol=symbol, parameters=fixed, calendar=calendar)
    options = Options(
        cash=float(cash),
        start=first,
        end=last,
        preset=preset,
        calendar=inputs.calendar,
        limits=limits,
        accept_gaps=accept_gaps,
    )
    if isinstance(inputs.document, type):
        raise InvalidInputError(
            f"{strategy} is a Python file; a sweep needs a strategy document, whose parts its "
            "combinations share"
        )
    plan = plan_run(inputs.document, inputs.history, options)
    with progress_bar("sweep") as move:
        found = sweep_plan(plan, values, threads=threads, progress=move)
    trials = TrialRecord(home, plan.document.strategy).note(sweep_trials(plan, found))
    rows = ordered(found, sort)
    if as_json:
        print_json(sweep_rows(rows, list(values)))
        return
    console = Console(highlight=False)
    console.print(sweep_view(rows, list(values), cash=float(cash), shown=top, by=sort))
    notes = [*inputs.notes, *plan.notes, f"{trials.count:,} distinct results so far"]
    for note in notes:
        console.print(f"· {note}", markup=False, soft_wrap=True)


def print_json(content: Any) -> None:
    """Print one line of JSON on stdout."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()
