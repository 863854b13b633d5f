"""What a compiled strategy computes and needs, as plain values for people and tools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.strategy.lexer import COMPARISONS
from quantumzero.domain.strategy.live_support import unsupported_live
from quantumzero.domain.strategy.references import field_parts

if TYPE_CHECKING:
    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.graph import GraphNode


@dataclass(frozen=True, slots=True)
class NodeDescription:
    """One node of the graph.

    text is the source text where the author wrote it, otherwise the operation over its inputs, #n
    for an input without a text. kind is "a series of numbers" or "a series of truths"; exact says
    that the number is a fraction without rounding. warm_up counts the bars to the first value.
    """

    index: int
    text: str
    operation: str
    inputs: tuple[int, ...]
    kind: str
    unit: str
    exact: bool
    warm_up: int


@dataclass(frozen=True, slots=True)
class DataNeeds:
    """The market data that the strategy reads. others are symbols outside the universe that it
    reads or compares itself with; fields are those of the bars, higher_timeframes are built from
    the strategy's own bars.
    """

    symbols: tuple[str, ...]
    others: tuple[str, ...]
    timeframe: str
    higher_timeframes: tuple[str, ...]
    fields: tuple[str, ...]
    calendar: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A strategy taken apart.

    ends pair what the strategy reads (entry_long, weight_long, stop_loss, ...) with its node;
    parameters are the values it was compiled with; not_live names what is only backtested.
    """

    strategy: str
    version: int
    parameters: tuple[tuple[str, float], ...]
    nodes: tuple[NodeDescription, ...]
    ends: tuple[tuple[str, int], ...]
    warm_up_bars: int
    data: DataNeeds
    cross_sectional: bool
    not_live: tuple[str, ...]


_ENDS = (
    "entry_long", "exit_long", "entry_short", "exit_short", "limit", "stop", "weight_long",
    "weight_short", "volatility", "daily_volatility",
)  # fmt: skip
_INFIX = frozenset({"+", "-", "*", "/", "and", "or", *COMPARISONS})


def explain(compiled: CompiledStrategy) -> Explanation:
    """Return the description of a compiled strategy."""
    document = compiled.document
    found = [(name, getattr(compiled, name)) for name in _ENDS]
    ends = [(name, index) for name, index in found if index is not None]
    return Explanation(
        strategy=document.strategy,
        version=document.version,
        parameters=tuple((name, float(value)) for name, value in compiled.parameters.items()),
        nodes=tuple(_described(compiled)),
        ends=(*ends, *compiled.distances.items()),
        warm_up_bars=compiled.warm_up_bars,
        data=_data(compiled),
        cross_sectional=compiled.cross_sectional,
        not_live=unsupported_live(document),
    )


def _described(compiled: CompiledStrategy) -> list[NodeDescription]:
    written: dict[int, str] = {}
    for label, index in compiled.labels:
        written.setdefault(index, label)
    return [
        NodeDescription(
            index=index,
            text=written.get(index) or _text(node, written),
            operation=node.operation,
            inputs=node.inputs,
            kind=str(node.kind),
            unit=str(node.unit),
            exact=node.denominator is not None,
            warm_up=node.warm_up,
        )
        for index, node in enumerate(compiled.nodes)
    ]


def _text(node: GraphNode, written: dict[int, str]) -> str:
    if node.operation == "field":
        name, timeframe, symbol = field_parts(node)
        return f"{symbol}.{name}" if symbol else f"{name}@{timeframe}" if timeframe else name
    if node.operation == "constant":
        value = node.constants[0]
        return str(value) if isinstance(value, str) else f"{value / (node.denominator or 1):g}"
    given = [written.get(index, f"#{index}") for index in node.inputs]
    if node.operation in _INFIX:
        first, second = (f"({text})" if " " in text else text for text in given)
        return f"{first} {node.operation} {second}"
    constants = () if node.operation == "to_float" else node.constants
    return f"{node.operation}({', '.join([*given, *map(str, constants)])})"


def _data(compiled: CompiledStrategy) -> DataNeeds:
    document = compiled.document
    fields = {field_parts(node)[0] for node in compiled.nodes if node.operation == "field"}
    others = {*compiled.others, *([document.benchmark] if document.benchmark else [])}
    return DataNeeds(
        symbols=document.universe,
        others=tuple(sorted(others - set(document.universe))),
        timeframe=document.timeframe,
        higher_timeframes=compiled.timeframes,
        fields=tuple(sorted(fields - {"opens_at", "closes_at"})),
        calendar=document.calendar,
    )
