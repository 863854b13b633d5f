"""Whether the market data that a document needs is followed here, with the place of whatever is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from yaml.nodes import MappingNode, Node, SequenceNode

from quantumzero.contracts.marked_yaml import DocumentProblem, MarkedText
from quantumzero.domain.strategy.problems import nearest_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.strategy.document import StrategyDocument


@dataclass(frozen=True, slots=True)
class FollowedMarket:
    """The symbols that are polled and the bars that are built of them; empty means that any will do."""

    symbols: Sequence[str]
    timeframes: Sequence[str]


def unfollowed(
    text: str, document: StrategyDocument, followed: FollowedMarket
) -> list[DocumentProblem]:
    """Return a problem for every symbol, and for the timeframe, that would never bring a bar.

    text is what the document was read from.
    """
    marked = MarkedText(text)
    problems = []
    for position, symbol in enumerate(document.universe):
        if followed.symbols and symbol not in followed.symbols:
            place = _universe_items(marked.root)[position]
            said = f"no market data is followed for {symbol}"
            problems.append(
                _problem(marked, f"universe[{position}]", place, said, symbol, followed.symbols)
            )
    timeframe = document.timeframe
    if followed.timeframes and timeframe not in followed.timeframes:
        place = _value(marked.root, "timeframe") or marked.root
        said = f"no bars of {timeframe} are built here"
        problems.append(_problem(marked, "timeframe", place, said, timeframe, followed.timeframes))
    return problems


def _problem(
    marked: MarkedText, path: str, place: Node, said: str, word: str, allowed: Sequence[str]
) -> DocumentProblem:
    nearest = nearest_name(word, allowed)
    hint = f"did you mean {nearest}?" if nearest else f"it may be {', '.join(allowed)}"
    return marked.problem(path, place.start_mark.index, f"{said}; {hint}", nearest)


def _universe_items(root: Node) -> list[Node]:
    found = _value(root, "universe")
    return list(found.value) if isinstance(found, SequenceNode) else []


def _value(root: Node, name: str) -> Node | None:
    pairs = root.value if isinstance(root, MappingNode) else []
    return next((value for key, value in pairs if key.value == name), None)
