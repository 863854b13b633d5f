"""Store, check, enable and disable strategy documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.contracts import api as shapes
from quantumzero.contracts.api import (
    StrategyDetail,
    StrategyList,
    StrategySummary,
    ValidationResult,
)
from quantumzero.contracts.followed_market import FollowedMarket, unfollowed
from quantumzero.contracts.formats import utc_text
from quantumzero.contracts.strategy_document import (
    DocumentError,
    DocumentProblem,
    parse_document,
)
from quantumzero.domain.errors import InvalidInputError, RefusedError, StoppedError
from quantumzero.domain.risk.account_risk import AccountRisk, TradingState
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.domain.strategy.live_support import refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from quantumzero.domain.strategy.document import StrategyDocument
    from quantumzero.ports.ledger import TradingSwitch
    from quantumzero.ports.strategies import StoredStrategy, StrategyRepository


def list_strategies(*, strategies: StrategyRepository) -> StrategyList:
    """Return every strategy by name, described by the version that trades, else by its newest."""
    return StrategyList(
        strategies=[_summary(stored, strategies) for stored in strategies.strategies()]
    )


def read_strategy(
    name: str, version: int | None, *, strategies: StrategyRepository
) -> StrategyDetail:
    """Return one version, the newest when none is asked for; NotFoundError when it is not stored."""
    stored = strategies.strategy(name)
    shown = stored.latest_version if version is None else version
    document = strategies.document(name, shown)
    return StrategyDetail(
        summary=_summary(stored, strategies),
        version=shown,
        document=document,
        warm_up_bars=_warm_up_bars(document),
    )


def create_strategy(
    document: str, *, followed: FollowedMarket, strategies: StrategyRepository, now: datetime
) -> tuple[StrategyDetail, bool]:
    """Store the document as its strategy's next version; say whether that version is new.

    Raises InvalidInputError that names the first fault of the document and how many there are.
    """
    parsed = _accepted(document, followed)
    version, is_new = strategies.create(parsed.strategy, document, now=now)
    return read_strategy(parsed.strategy, version, strategies=strategies), is_new


def validate_strategy(document: str, *, followed: FollowedMarket) -> ValidationResult:
    """Check the document and store nothing."""
    try:
        parsed = parse_document(document)
    except DocumentError as error:
        return ValidationResult(
            valid=False, problems=_views(error.problems), name=None, warm_up_bars=None
        )
    problems = unfollowed(document, parsed, followed)
    return ValidationResult(
        valid=not problems,
        problems=_views(problems),
        name=parsed.strategy,
        warm_up_bars=compile_strategy(parsed).warm_up_bars,
    )


def enable_strategy(
    name: str,
    version: int | None,
    *,
    followed: FollowedMarket,
    strategies: StrategyRepository,
    switch: TradingSwitch,
    now: datetime,
) -> StrategySummary:
    """Let the version trade, the newest when none is named.

    Raises RefusedError while trading is halted, NotFoundError when it is not stored,
    InvalidInputError when its universe or timeframe is no longer followed, or when it uses what is
    not traded live yet.
    """
    stored = strategies.strategy(name)
    chosen = stored.latest_version if version is None else version
    document = _accepted(strategies.document(name, chosen), followed)
    if (message := refusal(document)) is not None:
        raise InvalidInputError(message)
    _refuse_while_halted(name, switch)
    return _summary(strategies.set_enabled(name, chosen, now=now), strategies)


def disable_strategy(
    name: str, *, strategies: StrategyRepository, now: datetime
) -> StrategySummary:
    """Let no version of the strategy trade; NotFoundError when it is not stored."""
    strategies.strategy(name)
    return _summary(strategies.set_enabled(name, None, now=now), strategies)


def _accepted(document: str, followed: FollowedMarket) -> StrategyDocument:
    try:
        parsed = parse_document(document)
    except DocumentError as error:
        raise _refused_document(error.problems) from error
    if problems := unfollowed(document, parsed, followed):
        raise _refused_document(problems)
    return parsed


def _refused_document(problems: Sequence[DocumentProblem]) -> InvalidInputError:
    first = problems[0]
    more = f" ({len(problems) - 1} more: POST /v1/strategies/validate lists all)"
    return InvalidInputError(
        f"{first}{more if len(problems) > 1 else ''}",
        field="body.document",
    )


def _refuse_while_halted(name: str, switch: TradingSwitch) -> None:
    risk = _risk(switch)
    if risk is not None and risk.state is TradingState.HALTED:
        since = f" since {utc_text(risk.since)}" if risk.since else ""
        raise RefusedError(
            f"strategy {name} was not enabled: trading is halted by "
            f"{risk.changed_by or 'a rule'}{since} ({risk.reason or 'no reason given'}); "
            "an administrator resumes it with POST /v1/risk/resume, then enable again"
        )


def _risk(switch: TradingSwitch) -> AccountRisk | None:
    """An account that has no ledger yet was halted by nobody; its orders are denied until it has
    one.
    """
    try:
        return switch.risk()
    except StoppedError:
        return None


def _summary(stored: StoredStrategy, strategies: StrategyRepository) -> StrategySummary:
    described = stored.enabled_version or stored.latest_version
    universe, timeframe = _described(strategies.document(stored.name, described))
    return StrategySummary(
        name=stored.name,
        latest_version=stored.latest_version,
        enabled=stored.enabled,
        enabled_version=stored.enabled_version,
        universe=universe,
        timeframe=timeframe,
        updated_at=utc_text(stored.updated_at),
    )


def _warm_up_bars(document: str) -> int:
    """A document stored under older rules can still be read, and mended, by its author."""
    try:
        return compile_strategy(parse_document(document)).warm_up_bars
    except InvalidInputError:
        return 0


def _described(document: str) -> tuple[list[str], str]:
    """A document stored under older rules must not hide all the others from a listing."""
    try:
        parsed = parse_document(document)
    except DocumentError:
        return [], "unreadable"
    return list(parsed.universe), parsed.timeframe


def _views(problems: Sequence[DocumentProblem]) -> list[shapes.DocumentProblem]:
    return [
        shapes.DocumentProblem(
            path=problem.path,
            line=problem.line,
            column=problem.column,
            message=problem.message,
            nearest=problem.nearest,
        )
        for problem in problems
    ]
