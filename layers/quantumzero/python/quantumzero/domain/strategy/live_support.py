"""What of a document the platform does not trade live yet, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.strategy.document import Execution
from quantumzero.domain.strategy.tree import Expression, Name, Reference, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quantumzero.domain.strategy.document import StrategyDocument


def unsupported_live(document: StrategyDocument) -> tuple[str, ...]:
    """Name every feature that a backtest trades and the platform does not; empty when it may trade.

    Live are entries and exits on both sides by market day orders of every size, with what protects
    them, behind a model's gate. Whether a short sale is allowed is the account's to say.
    """
    return (*_settings(document), *_expressions(document))


def refusal(document: StrategyDocument) -> str | None:
    """Return why the document may not trade live, None when it may."""
    missing = unsupported_live(document)
    if not missing:
        return None
    return (
        f"strategy {document.strategy} cannot trade live yet: it uses {', '.join(missing)}; live "
        "trading knows entries and exits by market day orders, sized and protected as the document "
        "says, so backtest it, or change these parts"
    )


def _settings(document: StrategyDocument) -> Iterator[str]:
    if document.weights is not None:
        yield "portfolio weights (weights)"
    shorts = document.entry_short is not None
    if shorts and document.sizing is not None and document.sizing.lot is None:
        yield "fractional shares beside short selling (sizing.lot)"
    yield from _orders(document.execution)
    if document.account == "reg_t" and not shorts:
        yield "borrowing (account.type reg_t without entry.short)"
    if document.calendar != "XNYS":
        yield "no calendar (calendar)"


def _orders(execution: Execution) -> Iterator[str]:
    live = Execution()
    for name in ("order", "fill", "time_in_force"):
        if getattr(execution, name) != getattr(live, name):
            yield f"{name} {getattr(execution, name)} (execution.{name})"
    if execution.participation_percent is not None:
        yield "a cap on each fill (execution.participation_percent)"


def _expressions(document: StrategyDocument) -> Iterator[str]:
    formulas = [formula for _, formula in document.signals]
    trees = [formula.tree for formula in (*formulas, *document.formulas.values())]
    parts: list[Expression] = [part for tree in trees for part in walk(tree)]
    references = [part for part in parts if isinstance(part, Reference)]
    if any(part.timeframe for part in references):
        yield "fields of a higher timeframe (such as close@1w)"
    if any(part.symbol for part in references):
        yield "fields of another instrument (such as AAPL.close)"
    if any(isinstance(part, Name) and part.name == "vwap" for part in parts):
        yield "the field vwap"
