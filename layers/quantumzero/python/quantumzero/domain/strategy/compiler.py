"""A document and its parameters -> the graph that every evaluator runs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.checker import Checker
from quantumzero.domain.strategy.cross_section import PREFIX
from quantumzero.domain.strategy.lexer import KEYWORDS
from quantumzero.domain.strategy.problems import ExpressionProblem, unknown_name
from quantumzero.domain.strategy.references import FIELDS, field_parts
from quantumzero.domain.strategy.surroundings import (
    DAILY_VOLATILITY,
    DISTANCES,
    LIVE_PRICE_DECIMALS,
    VOLATILITY,
    Surroundings,
    hidden_formulas,
)
from quantumzero.domain.strategy.tree import Expression, Name, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from quantumzero.domain.strategy.document import Formula, Parameter, StrategyDocument
    from quantumzero.domain.strategy.graph import GraphNode

MAXIMUM_NODES = 500
_ALWAYS = ("entry_long", "exit_long")
# Functions are not reserved: a call shows by its parenthesis, so that a function more breaks no
# document that has named a signal like it.
RESERVED_NAMES = frozenset({*FIELDS, *KEYWORDS, "true", "false", "none"})

Problem = tuple[str, ExpressionProblem]


@dataclass(frozen=True, slots=True)
class CompiledStrategy:
    """The graph of one document with its parameters set.

    The entries and exits are nodes of truth, limit and stop of prices, the weights of wishes (a
    truth or a number); None where the document has none. labels name the nodes shown in decision
    records by their source text; warm_up_bars counts the bars before the first conclusion;
    fingerprint names the graph, and a stored state belongs to exactly one. distances hold the node
    of atr of stop_loss, take_profit and trailing_stop where they are multiples of it; volatility is
    the deviation of the bars' logarithmic returns, daily_volatility that of a day. others are the
    symbols that fields name, timeframes the higher ones. cross_sectional: some node compares the
    members of the universe.
    """

    document: StrategyDocument
    parameters: Mapping[str, Fraction]
    nodes: tuple[GraphNode, ...]
    entry_long: int | None
    exit_long: int | None
    labels: tuple[tuple[str, int], ...]
    warm_up_bars: int
    fingerprint: str
    entry_short: int | None = None
    exit_short: int | None = None
    limit: int | None = None
    stop: int | None = None
    weight_long: int | None = None
    weight_short: int | None = None
    distances: Mapping[str, int] = field(default_factory=dict)
    volatility: int | None = None
    daily_volatility: int | None = None
    price_decimals: int = LIVE_PRICE_DECIMALS
    others: tuple[str, ...] = ()
    timeframes: tuple[str, ...] = ()
    cross_sectional: bool = False


@dataclass(frozen=True, slots=True)
class CheckedFormulas:
    """The graph as far as it could be built, and everything wrong, by path of expression.

    ends hold the node of each formula that is right, by what it says; hidden those of the formulas
    that settings imply.
    """

    nodes: tuple[GraphNode, ...]
    labels: Mapping[str, int]
    ends: Mapping[str, int]
    hidden: Mapping[str, int]
    problems: list[Problem]


class CompileError(InvalidInputError):
    """Expressions are wrong; problems pairs each fault with the path of its expression."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{path}: {problem.message}" for path, problem in problems))
        self.problems = problems


def compile_strategy(
    document: StrategyDocument,
    parameters: Mapping[str, Fraction | int] | None = None,
    price_decimals: int = LIVE_PRICE_DECIMALS,
) -> CompiledStrategy:
    """Return the document's graph, with its default parameters or the given ones.

    Raises InvalidInputError for a parameter that does not exist or is out of its range,
    CompileError for expressions. Prices are counts of 10**-price_decimals.
    """
    values = _parameter_values(document.parameters, parameters or {})
    surroundings = Surroundings.of(document, price_decimals)
    hidden = hidden_formulas(document)
    checked = check_formulas(values, document.signals, document.formulas, surroundings, hidden)
    if checked.problems:
        raise CompileError(checked.problems)
    nodes, ends = checked.nodes, checked.ends
    fields = [field_parts(node) for node in nodes if node.operation == "field"]
    needed = [*ends.values(), *checked.hidden.values()]
    return CompiledStrategy(
        document=document,
        parameters=values,
        nodes=nodes,
        entry_long=ends.get("entry_long"),
        exit_long=ends.get("exit_long"),
        labels=tuple(checked.labels.items()),
        warm_up_bars=max((nodes[index].warm_up for index in needed), default=0),
        fingerprint=_fingerprint(checked, document.universe),
        **{name: index for name, index in ends.items() if name not in _ALWAYS},
        distances={name: checked.hidden[name] for name in DISTANCES if name in hidden},
        volatility=checked.hidden.get(VOLATILITY),
        daily_volatility=checked.hidden.get(DAILY_VOLATILITY),
        price_decimals=price_decimals,
        others=tuple(sorted({symbol for _, _, symbol in fields if symbol})),
        timeframes=tuple(sorted({timeframe for _, timeframe, _ in fields if timeframe})),
        cross_sectional=any(node.operation.startswith(PREFIX) for node in nodes),
    )


def check_formulas(
    parameters: Mapping[str, Fraction | None],
    signals: Sequence[tuple[str, Formula | None]],
    ends: Mapping[str, Formula],
    surroundings: Surroundings,
    hidden: Mapping[str, Formula] | None = None,
) -> CheckedFormulas:
    """Check all expressions together and build their graph.

    ends are the document's formulas by what they say. A parameter or signal given as None is known
    to be wrong already: what uses it is not reported again.
    """
    written = [(name, formula) for name, formula in signals if formula is not None]
    problems = list(_oversize([*(formula for _, formula in written), *ends.values()]))
    order, circles = _signal_order(written)
    problems.extend(circles)
    checker = Checker(parameters, [name for name, _ in signals], surroundings)
    for name, formula in order:
        checker.signal(name, formula.tree)
        problems.extend(_taken(checker, formula))
    found: dict[str, int] = {}
    for name, formula in ends.items():
        index = _check_end(checker, name, formula)
        problems.extend(_taken(checker, formula))
        if index is not None:
            found[name] = index
    labels = dict(checker.labels)
    implied: dict[str, int] = {}
    for name, formula in (hidden or {}).items():
        index = checker.wish(formula.tree)
        problems.extend(_taken(checker, formula))
        if index is not None:
            implied[name] = index
    return CheckedFormulas(checker.graph.nodes, labels, found, implied, problems)


def _check_end(checker: Checker, name: str, formula: Formula) -> int | None:
    if name in ("limit", "stop"):
        return checker.number(formula.tree)
    if name.startswith("weight"):
        return checker.wish(formula.tree)
    return checker.truth(formula.tree)


def _taken(checker: Checker, formula: Formula) -> list[Problem]:
    """Move the checker's problems over to the path of the expression just checked."""
    problems = [(formula.path, problem) for problem in checker.problems]
    checker.problems.clear()
    return problems


def _fingerprint(checked: CheckedFormulas, universe: tuple[str, ...]) -> str:
    text = repr(
        (
            [(n.operation, n.inputs, n.constants, n.denominator) for n in checked.nodes],
            list(checked.ends.items()),
            list(checked.hidden.items()),
            list(checked.labels.items()),
            universe if any(n.operation.startswith(PREFIX) for n in checked.nodes) else (),
        )
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _parameter_values(
    known: Mapping[str, Parameter], given: Mapping[str, Fraction | int]
) -> dict[str, Fraction]:
    for name in given:
        if name not in known:
            raise InvalidInputError(unknown_name("the parameter", name, known)[0])
    values: dict[str, Fraction] = {}
    for name, parameter in known.items():
        value = Fraction(given.get(name, parameter.default))
        low, high = parameter.least, parameter.greatest
        if (low is not None and value < low) or (high is not None and value > high):
            raise InvalidInputError(
                f"parameter {name} was {float(value):g}; its range is {float(low or 0):g} to "
                f"{float(high or 0):g}"
            )
        values[name] = value
    return values


def _oversize(formulas: Sequence[Formula]) -> Iterator[Problem]:
    total = 0
    for formula in formulas:
        total += sum(1 for _ in walk(formula.tree))
        if total > MAXIMUM_NODES:
            message = (
                f"the document's expressions had more than {MAXIMUM_NODES} parts up to here; "
                "share parts as signals or split the strategy"
            )
            yield formula.path, ExpressionProblem(formula.tree.start, formula.tree.end, message)
            return


def _signal_order(
    signals: Sequence[tuple[str, Formula]],
) -> tuple[list[tuple[str, Formula]], list[Problem]]:
    """Return the signals, users after what they use, and a problem for each in a circle."""
    waiting = dict(signals)
    uses = {name: _names(formula.tree) & waiting.keys() for name, formula in signals}
    order: list[tuple[str, Formula]] = []
    while ready := [name for name in waiting if not uses[name] & waiting.keys()]:
        order.extend((name, waiting.pop(name)) for name in ready)
    problems = [
        (
            formula.path,
            ExpressionProblem(
                formula.tree.start,
                formula.tree.end,
                f"signal {name} was part of a circle with "
                f"{', '.join(sorted(uses[name] & waiting.keys()))}; a signal must not need itself",
            ),
        )
        for name, formula in waiting.items()
    ]
    return order, problems


def _names(expression: Expression) -> set[str]:
    return {node.name for node in walk(expression) if isinstance(node, Name)}
