"""What the research commands are given, read and checked: document, parameters, model, market data."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING

import typer

from cli.python_strategies import SUFFIX, for_symbols, strategy_class
from cli.research_data import market_of
from quantumzero.contracts.scoring_model import read_model
from quantumzero.contracts.strategy_document import DocumentError, parse_document
from quantumzero.domain.errors import CorruptDataError, InvalidInputError
from quantumzero.domain.strategy.compiler import compile_strategy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from quantumzero.adapters.files.market import FileMarket
    from quantumzero.domain.strategy.document import StrategyDocument
    from quantumzero.domain.strategy.scoring import ScoringModel
    from quantumzero.research import Strategy
    from quantumzero.research.history import MarketHistory

CALENDARS = ("XNYS", "none")
_MOST_COMBINATIONS = 1_000_000


@dataclass(frozen=True, slots=True)
class ResearchInputs:
    """A document (or class) whose universe is that of the run, its bars, sentences for the reader."""

    document: StrategyDocument | type[Strategy]
    history: MarketHistory
    parameters: dict[str, Fraction]
    calendar: str
    notes: tuple[str, ...] = ()


def read_inputs(
    strategy: Path,
    data: Path | None,
    *,
    symbol: str | None,
    parameters: dict[str, Fraction],
    calendar: str | None,
    benchmark: str | None = None,
) -> ResearchInputs:
    """Read the document (or the Python file) and the bars that it needs.

    The document is checked before any bar is read. symbol restricts the run to one instrument; the
    instrument of a single file that names none stands in for the document's universe.
    Errors: InvalidInputError naming the file.
    """
    if strategy.suffix == SUFFIX:
        return _python_inputs(strategy_class(strategy), data, symbol, parameters, calendar)
    document = read_document(strategy)
    chosen = calendar or document.calendar
    if symbol:
        document = replace(document, universe=(symbol.upper(),))
    compiled = compile_strategy(document, parameters)
    other = {*compiled.others, *(name for name in (benchmark, document.benchmark) if name)}
    other -= {symbol.upper()} if symbol else set()
    market = market_of(
        data,
        symbol=symbol if not other else None,
        wanted=(*document.universe, *sorted(other)),
        calendar=chosen,
        timeframe=document.timeframe,
    )
    document, notes = _stand_in(document, market, data, other)
    return ResearchInputs(document, market.history, parameters, chosen, notes)


def _python_inputs(
    kind: type[Strategy],
    data: Path | None,
    symbol: str | None,
    parameters: dict[str, Fraction],
    calendar: str | None,
) -> ResearchInputs:
    """Read the bars of a Python strategy; without a universe it runs on all of them."""
    chosen = calendar or kind.calendar
    wanted = (symbol.upper(),) if symbol else kind.universe
    market = market_of(
        data, symbol=symbol, wanted=wanted, calendar=chosen, timeframe=kind.timeframe
    )
    held = tuple(market.history.series)
    universe = held if not market.named and len(held) == 1 else wanted or held
    return ResearchInputs(for_symbols(kind, universe), market.history, parameters, chosen)


def read_document(path: Path) -> StrategyDocument:
    """Read and check a strategy document. Errors: InvalidInputError with the file's name first."""
    return document_of(read_text(path), path)


def document_of(text: str, path: Path) -> StrategyDocument:
    """Check a document's text; every fault is named by line and column."""
    try:
        return parse_document(text)
    except DocumentError as error:
        raise InvalidInputError(f"{path}: {error}") from error


def read_text(path: Path) -> str:
    """Return a file's text, or say why it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path} is not UTF-8 text ({error}); save it as UTF-8") from error
    except OSError as error:
        raise InvalidInputError(
            f"{path} cannot be read ({error.strerror}); give a readable file"
        ) from error


def read_scoring_model(path: Path) -> ScoringModel:
    """Read a model of the registry's format; on the command line its file is the approval."""
    text = read_text(path)
    try:
        return read_model(text, hashlib.sha256(text.encode()).hexdigest())
    except CorruptDataError as error:
        raise InvalidInputError(
            f"{path}: {error}; give a model as the registry keeps it"
        ) from error


def _stand_in(
    document: StrategyDocument, market: FileMarket, data: Path | None, others: set[str]
) -> tuple[StrategyDocument, tuple[str, ...]]:
    """Let the one instrument of an unnamed file stand in for the universe; say so."""
    held = tuple(market.history.series)
    can = not market.named and document.weights is None and others <= set(held)
    if data is None or not can or len(held) != 1 or document.universe == held:
        return document, ()
    universe = ", ".join(document.universe[:5]) + (" ..." if len(document.universe) > 5 else "")
    note = (
        f"{data.name} holds one instrument, so the run is of {held[0]} alone; the document's "
        f"universe is {universe}"
    )
    return replace(document, universe=held), (note,)


def parameters_of(texts: Sequence[str]) -> dict[str, Fraction]:
    """Read --param name=number options; the later of two wins."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f"--param was {text!r}; it may be one like fast=10")
        found[name.strip()] = _number(value, f"--param {name.strip()}")
    return found


def grid_of(texts: Sequence[str]) -> dict[str, list[Fraction]]:
    """Read --grid options: name=first:last:step with both ends, or name=value,value."""
    grid: dict[str, list[Fraction]] = {}
    combinations = 1
    for text in texts:
        name, equals, values = (part.strip() for part in text.partition("="))
        if not equals or not name:
            raise typer.BadParameter(f"--grid was {text!r}; it may be one like fast=5:45:1")
        if name in grid:
            raise typer.BadParameter(f"--grid named {name} twice; name each parameter once")
        grid[name] = _values(values, f"--grid {name}")
        combinations *= len(grid[name])
    if combinations > _MOST_COMBINATIONS:
        raise typer.BadParameter(
            f"--grid asked for {combinations:,} combinations; it may be {_MOST_COMBINATIONS:,} at most"
        )
    return grid


def _values(text: str, option: str) -> list[Fraction]:
    parts = text.split(":")
    if len(parts) == 1:
        return list(dict.fromkeys(_number(part, option) for part in text.split(",")))
    if len(parts) not in {2, 3}:
        raise typer.BadParameter(
            f"{option} was {text!r}; it may be first:last:step, or values with commas between"
        )
    first, last, *rest = (_number(part, option) for part in parts)
    step = rest[0] if rest else Fraction(1)
    if step <= 0 or last < first:
        raise typer.BadParameter(
            f"{option} was {text!r}; its last value must not be below its first, its step above 0"
        )
    count = (last - first) // step + 1
    if count > _MOST_COMBINATIONS:
        raise typer.BadParameter(
            f"{option} was {text!r}, {count:,} values; it may be {_MOST_COMBINATIONS:,} at most"
        )
    return [first + step * place for place in range(int(count))]


def _number(text: str, option: str) -> Fraction:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise typer.BadParameter(f"{option} was {text!r}; it may be a number such as 10 or 0.5")
    return Fraction(value)


def calendar_of(text: str) -> str:
    """Read the name of a calendar, or say what it may be."""
    for name in CALENDARS:
        if text.lower() == name.lower():
            return name
    raise typer.BadParameter(f"the calendar was {text!r}; it may be {' or '.join(CALENDARS)}")
