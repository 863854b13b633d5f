"""Fields of the bar, of a higher timeframe and of another instrument -> nodes of the graph.

A field node's constants are (name,) for the bar's own, (name, timeframe, "") for the last bar of a
higher timeframe that has closed, and (name, "", symbol) for another instrument's newest bar.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from quantumzero.domain.bars import TIMEFRAMES
from quantumzero.domain.strategy.graph import GraphNode, Kind, Unit
from quantumzero.domain.strategy.problems import nearest_name, unknown_name
from quantumzero.domain.strategy.timeframes import bars_in, is_longer

if TYPE_CHECKING:
    from quantumzero.domain.strategy.surroundings import Surroundings
    from quantumzero.domain.strategy.tree import Reference

PRICES = ("open", "high", "low", "close", "vwap")
FIELDS = (*PRICES, "volume")
_TIMES = ("opens_at", "closes_at")  # microseconds since 1970 UTC, which only functions may read
_SYMBOL = re.compile(r"[A-Z][A-Z0-9.]{0,15}")


def field_node(
    name: str, surroundings: Surroundings, timeframe: str = "", symbol: str = ""
) -> GraphNode:
    """Return the node of a field that exists."""
    unit, denominator = Unit.COUNT, 1
    if name in PRICES:
        unit, denominator = Unit.PRICE, surroundings.price_denominator
    elif name in _TIMES:
        unit = Unit.PLAIN
    warm_up = 1
    if timeframe and surroundings.timeframe:
        warm_up = bars_in(timeframe, surroundings.timeframe, surroundings.calendar)
    constants = (name, timeframe, symbol) if timeframe or symbol else (name,)
    return GraphNode("field", (), constants, Kind.NUMBER, unit, denominator, warm_up)


def field_parts(node: GraphNode) -> tuple[str, str, str]:
    """Return (field, higher timeframe, other symbol) of a field node; what it has not is empty."""
    name, timeframe, symbol = (*node.constants, "", "")[:3]
    return str(name), str(timeframe), str(symbol)


def fault_of(reference: Reference, own: str) -> tuple[str, str | None] | None:
    """Return what is wrong with a reference in bars of the timeframe own, and the nearest name."""
    if reference.name not in FIELDS:
        message, nearest = unknown_name("the field", reference.name, FIELDS)
        return message, nearest
    if reference.symbol and reference.timeframe:
        return (
            "a field of another instrument has the strategy's own timeframe; take out "
            f"@{reference.timeframe}",
            None,
        )
    if reference.symbol:
        if _SYMBOL.fullmatch(reference.symbol):
            return None
        return (
            f"the symbol was {reference.symbol}; it may be one in capitals, such as AAPL.close",
            None,
        )
    return _fault_of_timeframe(reference, own)


def _fault_of_timeframe(reference: Reference, own: str) -> tuple[str, str | None] | None:
    written, name = reference.timeframe, reference.name
    if written not in TIMEFRAMES:
        message = f"the timeframe was {written}; it may be {' or '.join(TIMEFRAMES)}"
        return message, nearest_name(written, TIMEFRAMES)
    if name == "vwap":
        return "vwap is the bar's own; a higher timeframe has none", None
    if not own or is_longer(written, own):
        return None
    if written == own:
        return f"bars of {own} are the strategy's own; write {name}", name
    longer = [timeframe for timeframe in TIMEFRAMES if is_longer(timeframe, own)]
    may_be = f"it may be longer than {own}: {' or '.join(longer)}" if longer else "none is longer"
    return (
        f"the timeframe {written} is finer than the strategy's {own}, whose close is when it "
        f"decides; the language cannot look ahead or inside a bar: {may_be}",
        None,
    )
