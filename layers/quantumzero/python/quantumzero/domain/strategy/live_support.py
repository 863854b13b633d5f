"""What of a document the platform does not trade live yet, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.strategy.document import Execution, SizingMethod
from quantumzero.domain.strategy.tree import Expression, Name, Reference, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quantumzero.domain.strategy.document import Sizing, StrategyDocument


def unsupported_live(document: StrategyDocument) -> tuple[str, ...]:
    """Name every feature that a backtest trades and the platform does not; empty when it may trade.

    Live are long entries and exits by market day orders of a percentage of equity in whole shares,
    behind a model's gate.
    """
    return (*_settings(document), *_expressions(document))


def refusal(document: StrategyDocument) -> str | None:
    """Return why the document may not trade live, None when it may."""
    missing = unsupported_live(document)
    if not missing:
        return None
    return (
        f"strategy {document.strategy} cannot trade live yet: it uses {', '.join(missing)}; live "
        "trading knows long entries and exits by market day orders of percent_of_equity in whole "
        "shares, so backtest it, or change these parts"
    )


def _settings(document: StrategyDocument) -> Iterator[str]:
    if document.weights is not None:
        yield "portfolio weights (weights)"
    if document.entry_short is not None:
        yield "short selling (entry.short)"
    if document.protect:
        yield "protective orders (protect)"
    yield from _size(document.sizing)
    yield from _orders(document.execution)
    if document.account != "cash":
        yield f"the account {document.account} (account.type)"
    if document.calendar != "XNYS":
        yield "no calendar (calendar)"


def _size(sizing: Sizing | None) -> Iterator[str]:
    if sizing is None:
        return
    if sizing.method is not SizingMethod.PERCENT_OF_EQUITY:
        yield f"the size {sizing.method} (sizing)"
    if sizing.lot != 1:
        lot = "fractional shares" if sizing.lot is None else f"lots of {sizing.lot} shares"
        yield f"{lot} (sizing.lot)"


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
