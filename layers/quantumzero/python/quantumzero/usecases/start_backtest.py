"""Take a request for a backtest: check it, name it, and start it unless its result is there already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from quantumzero.contracts.backtest_identity import bars_mark, run_identity
from quantumzero.contracts.strategy_document import DocumentError, parse_document
from quantumzero.domain.backtests import BacktestRun, BacktestSettings, RunStatus
from quantumzero.domain.calendars import EXCHANGE_ZONE
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.usecases.conflicts import decide_until_committed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quantumzero.contracts.backtests import BacktestRequest
    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.document import StrategyDocument
    from quantumzero.domain.strategy.scoring import ScoringModel
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.backtests import BacktestExecutions, BacktestRuns
    from quantumzero.ports.clocks import MachineClock
    from quantumzero.ports.market_data import BarStore
    from quantumzero.ports.models import ModelRegistry
    from quantumzero.ports.strategies import StrategyRepository

# Longer than the state machine lets an execution live: whoever is silent for so long is dead.
SILENT_FOR = timedelta(hours=1)
_END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartBacktest:
    """Start runs; the same request over the same bars is one run."""

    strategies: StrategyRepository
    bars: BarStore
    runs: BacktestRuns
    executions: BacktestExecutions
    models: ModelRegistry
    clock: MachineClock
    backoff: Backoff

    def start(self, request: BacktestRequest, *, by: str) -> BacktestRun:
        """Return the run: finished when its result was computed before, else queued and started.

        A run that failed, was cancelled or fell silent is started once more. Raises
        InvalidInputError with the field at fault, NotFoundError for an unknown strategy or version.
        """
        settings, compiled = self._checked(request)
        marks = self._marks(settings, compiled)
        model = champion_of(compiled.document, self.models)
        now = self.clock.now()
        asked = BacktestRun(
            id=run_identity(settings, values=compiled.parameters, marks=marks, model=model),
            settings=settings,
            status=RunStatus.QUEUED,
            requested_at=now,
            requested_by=by,
            changed_at=now,
            stage="queued",
        )
        return decide_until_committed(
            lambda: self._started(asked, afresh=request.afresh), self.backoff
        )

    def _started(self, asked: BacktestRun, *, afresh: bool) -> BacktestRun:
        run = self.runs.create(asked)
        if run.status is RunStatus.FINISHED and not afresh:
            return run
        if run.status.is_over or asked.changed_at - run.changed_at > SILENT_FOR:
            # The name of an execution can be used once.
            run = self.runs.save(
                replace(asked, attempt=run.attempt + 1, revision=run.revision),
            )
        if run.status is not RunStatus.CANCELLING:
            self.executions.start(run)
        return run

    def _checked(self, request: BacktestRequest) -> tuple[BacktestSettings, CompiledStrategy]:
        text, version = self._document(request)
        try:
            document = parse_document(text)
        except DocumentError as error:
            raise InvalidInputError(str(error), field="body.document") from error
        if request.symbols:
            document = replace(document, universe=_universe(request.symbols))
        compiled = _compiled(document, request.parameters)
        first, last = _day(request.from_date, "from"), _day(request.to_date, "to")
        if first and last and first > last:
            raise InvalidInputError(
                f"from was {first}, after to, {last}; give dates in order", field="body.from"
            )
        cash = Decimal(request.cash)
        if cash <= 0:
            raise InvalidInputError("cash was 0; give an amount above 0", field="body.cash")
        settings = BacktestSettings(
            strategy=document.strategy,
            version=version,
            document=text,
            symbols=document.universe,
            first=first,
            last=last,
            parameters=dict(request.parameters),
            cash=cash,
            preset=request.preset,
            convention=request.convention,
            calendar=request.calendar,
            limits=request.limits,
            accept_gaps=request.accept_gaps,
        )
        return settings, compiled

    def _document(self, request: BacktestRequest) -> tuple[str, int | None]:
        if (request.strategy is None) == (request.document is None):
            was = "neither" if request.strategy is None else "both"
            raise InvalidInputError(
                f"strategy and document were {was} given; give the name of a stored strategy, or a "
                "document",
                field="body.strategy",
            )
        if request.strategy is None:
            if request.version is not None:
                raise InvalidInputError(
                    "version was given with a document; it names a stored version of a strategy: "
                    "leave it out",
                    field="body.version",
                )
            return str(request.document), None
        stored = self.strategies.strategy(request.strategy)
        version = stored.latest_version if request.version is None else request.version
        return self.strategies.document(request.strategy, version), version

    def _marks(self, settings: BacktestSettings, compiled: CompiledStrategy) -> Mapping[str, str]:
        """Name the bars that the run will read, at the price of two small reads a symbol."""
        timeframe, until = compiled.document.timeframe, end_of(settings.last)
        marks = {}
        for symbol in symbols_read(compiled.document, compiled):
            newest = self.bars.bars(symbol, timeframe, until=until, limit=1)
            if not newest:
                by = f" that closed by {settings.last}" if settings.last else ""
                raise InvalidInputError(
                    f"no {timeframe} bars of {symbol} are stored{by}; GET /v1/bars shows which are",
                    field="body.symbols",
                )
            marks[symbol] = bars_mark(newest[0], self.bars.splits(symbol))
        return marks


def champion_of(document: StrategyDocument, models: ModelRegistry) -> ScoringModel | None:
    """Return the approved model that gates the document's entries, None when it asks for none.

    Raises InvalidInputError when none is approved: live, every entry would be refused.
    """
    if document.model is None:
        return None
    model = models.champion(document.model.name)
    if model is None:
        raise InvalidInputError(
            f"the strategy asks model {document.model.name}, of which none is approved; approve "
            "one, or take the model out of the document",
            field="body.document",
        )
    return model


def symbols_read(document: StrategyDocument, compiled: CompiledStrategy) -> tuple[str, ...]:
    """Return every symbol whose bars a run reads: the universe, others it looks at, the benchmark."""
    extra = [*compiled.others, *([document.benchmark] if document.benchmark else [])]
    return tuple(dict.fromkeys([*document.universe, *extra]))


def end_of(last: date | None) -> datetime:
    """Return the instant at which an exchange date has ended in New York, aware UTC."""
    if last is None:
        return _END_OF_TIME
    return datetime.combine(last + timedelta(days=1), time(), EXCHANGE_ZONE).astimezone(UTC)


def numbers(parameters: Mapping[str, str]) -> dict[str, Fraction]:
    """Read the numbers; raises InvalidInputError with the field."""
    read = {}
    for name, text in parameters.items():
        try:
            value = Decimal(text)
            read[name] = Fraction(value)
        except (ArithmeticError, ValueError, OverflowError):
            raise InvalidInputError(
                f"parameter {name} was {text!r}; give a number such as 10 or 0.5",
                field=f"body.parameters.{name}",
            ) from None
    return read


def _compiled(document: StrategyDocument, parameters: Mapping[str, str]) -> CompiledStrategy:
    try:
        return compile_strategy(document, numbers(parameters))
    except InvalidInputError as error:
        raise InvalidInputError(str(error), field=error.field or "body.parameters") from error


def _universe(symbols: list[str]) -> tuple[str, ...]:
    if len(set(symbols)) < len(symbols):
        twice = next(symbol for symbol in symbols if symbols.count(symbol) > 1)
        raise InvalidInputError(
            f"symbols named {twice} twice; name each once", field="body.symbols"
        )
    return tuple(symbols)


def _day(text: str | None, name: str) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 1970 <= day.year <= 2099:
        raise InvalidInputError(
            f"{name} was {text}; give a date of 1970 to 2099 such as 2005-01-03",
            field=f"body.{name}",
        )
    return day
