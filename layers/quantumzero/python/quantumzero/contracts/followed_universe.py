"""Whether the market data of a document's instruments is followed here, with the place of each one that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaml.nodes import MappingNode, Node, SequenceNode

from quantumzero.contracts.marked_yaml import DocumentProblem, MarkedText
from quantumzero.domain.strategy.problems import nearest_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.strategy.document import StrategyDocument


def unfollowed_symbols(
    text: str, document: StrategyDocument, followed: Sequence[str]
) -> list[DocumentProblem]:
    """Return a problem for every symbol of the universe that no market data is followed for.

    text is what the document was read from; followed empty means that any symbol will do.
    """
    unknown = [symbol for symbol in document.universe if followed and symbol not in followed]
    if not unknown:
        return []
    marked = MarkedText(text)
    items = _universe_items(marked.root)
    problems = []
    for symbol in unknown:
        position = document.universe.index(symbol)
        nearest = nearest_name(symbol, followed)
        hint = f"did you mean {nearest}?" if nearest else f"it may be {', '.join(followed)}"
        message = f"no market data is followed for {symbol}; {hint}"
        problems.append(
            marked.problem(
                f"universe[{position}]", items[position].start_mark.index, message, nearest
            )
        )
    return problems


def _universe_items(root: Node) -> list[Node]:
    pairs = root.value if isinstance(root, MappingNode) else []
    for key, value in pairs:
        if key.value == "universe" and isinstance(value, SequenceNode):
            items: list[Node] = value.value
            return items
    return []
