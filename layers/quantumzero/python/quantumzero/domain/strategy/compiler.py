"""A document and its parameters -> the graph that every evaluator runs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.checker import FIELDS, Checker
from quantumzero.domain.strategy.functions import FUNCTIONS
from quantumzero.domain.strategy.lexer import KEYWORDS
from quantumzero.domain.strategy.problems import ExpressionProblem, unknown_name
from quantumzero.domain.strategy.tree import Expression, Name, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from quantumzero.domain.strategy.document import Formula, Parameter, StrategyDocument
    from quantumzero.domain.strategy.graph import GraphNode

MAXIMUM_NODES = 500
RESERVED_NAMES = frozenset({*FIELDS, *FUNCTIONS, *KEYWORDS, "vwap", "true", "false", "none"})


@dataclass(frozen=True, slots=True)
class CompiledStrategy:
    """The graph of one document with its parameters set.

    entry_long and exit_long are nodes of truth; labels name the nodes shown in decision records by
    their source text; warm_up_bars counts the bars before the first conclusion; fingerprint names
    the graph, and a stored state belongs to exactly one.
    """

    document: StrategyDocument
    parameters: Mapping[str, Fraction]
    nodes: tuple[GraphNode, ...]
    entry_long: int
    exit_long: int
    labels: tuple[tuple[str, int], ...]
    warm_up_bars: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class CheckedFormulas:
    """The graph as far as it could be built, and everything wrong, by path of expression."""

    nodes: tuple[GraphNode, ...]
    labels: Mapping[str, int]
    entry_long: int | None
    exit_long: int | None
    problems: list[tuple[str, ExpressionProblem]]


class CompileError(InvalidInputError):
    """Expressions are wrong; problems pairs each fault with the path of its expression."""

    def __init__(self, problems: list[tuple[str, ExpressionProblem]]) -> None:
        super().__init__("; ".join(f"{path}: {problem.message}" for path, problem in problems))
        self.problems = problems


def compile_strategy(
    document: StrategyDocument, parameters: Mapping[str, Fraction | int] | None = None
) -> CompiledStrategy:
    """Return the document's graph, with its default parameters or the given ones.

    Raises InvalidInputError for a parameter that does not exist or is out of its range,
    CompileError for expressions.
    """
    values = _parameter_values(document.parameters, parameters or {})
    checked = check_formulas(values, document.signals, document.entry_long, document.exit_long)
    if checked.problems or checked.entry_long is None or checked.exit_long is None:
        raise CompileError(checked.problems)
    nodes, entry, leave = checked.nodes, checked.entry_long, checked.exit_long
    return CompiledStrategy(
        document=document,
        parameters=values,
        nodes=nodes,
        entry_long=entry,
        exit_long=leave,
        labels=tuple(checked.labels.items()),
        warm_up_bars=max(nodes[entry].warm_up, nodes[leave].warm_up),
        fingerprint=_fingerprint(nodes, entry, leave, checked.labels),
    )


def check_formulas(
    parameters: Mapping[str, Fraction | None],
    signals: Sequence[tuple[str, Formula | None]],
    entry_long: Formula | None,
    exit_long: Formula | None,
) -> CheckedFormulas:
    """Check all expressions together and build their graph.

    A parameter or formula given as None is known to be wrong already: what uses it is not reported
    again.
    """
    written = [(name, formula) for name, formula in signals if formula is not None]
    ends = [formula for formula in (entry_long, exit_long) if formula is not None]
    problems = list(_oversize([*(formula for _, formula in written), *ends]))
    order, circles = _signal_order(written)
    problems.extend(circles)
    checker = Checker(parameters, [name for name, _ in signals])
    for name, formula in order:
        checker.signal(name, formula.tree)
        problems.extend(_taken(checker, formula))
    truths = [_truth(checker, formula, problems) for formula in (entry_long, exit_long)]
    return CheckedFormulas(checker.graph.nodes, checker.labels, truths[0], truths[1], problems)


def _truth(
    checker: Checker, formula: Formula | None, problems: list[tuple[str, ExpressionProblem]]
) -> int | None:
    if formula is None:
        return None
    index = checker.truth(formula.tree)
    problems.extend(_taken(checker, formula))
    return index


def _taken(checker: Checker, formula: Formula) -> list[tuple[str, ExpressionProblem]]:
    """Move the checker's problems over to the path of the expression just checked."""
    problems = [(formula.path, problem) for problem in checker.problems]
    checker.problems.clear()
    return problems


def _fingerprint(
    nodes: tuple[GraphNode, ...], entry: int, leave: int, labels: Mapping[str, int]
) -> str:
    text = repr(
        (
            [(n.operation, n.inputs, n.constants, n.denominator) for n in nodes],
            entry,
            leave,
            list(labels.items()),
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


def _oversize(formulas: Sequence[Formula]) -> Iterator[tuple[str, ExpressionProblem]]:
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
) -> tuple[list[tuple[str, Formula]], list[tuple[str, ExpressionProblem]]]:
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
