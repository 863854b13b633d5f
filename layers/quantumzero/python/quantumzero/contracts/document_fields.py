"""Read fields of a marked document; what cannot be read is reported and read as None."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from quantumzero.domain.strategy.problems import unknown_name

if TYPE_CHECKING:
    from quantumzero.contracts.marked_yaml import DocumentProblem, MarkedText

_NUMBER = re.compile(r"-?(\d{1,15}(\.\d{1,12})?|\.\d{1,12})")
_WHOLE = re.compile(r"\d{1,9}")


class FieldReader:
    """Read fields of one document and gather its problems."""

    def __init__(self, marked: MarkedText) -> None:
        self.marked = marked
        self.problems: list[DocumentProblem] = []

    def report(self, path: str, node: Node, message: str, nearest: str | None = None) -> None:
        problem = self.marked.problem(path, node.start_mark.index, message, nearest)
        self.problems.append(problem)

    def mapping(
        self, node: Node, path: str, required: tuple[str, ...], optional: tuple[str, ...] = (),
        planned: tuple[str, ...] = (),
    ) -> dict[str, Node]:  # fmt: skip
        """Return the nodes of known keys; report unknown, planned, repeated and missing ones."""
        found: dict[str, Node] = {}
        known = (*required, *optional)
        for name, key, value in self.items(node, path, f"a mapping with {', '.join(known)}"):
            where = f"{path}.{name}" if path else name
            if name in planned:
                self.report(where, key, f"{name} is not available yet; take it out for now")
            elif name not in known:
                self.report(where, key, *unknown_name("the key", name, known))
            else:
                found[name] = value
        if isinstance(node, MappingNode):
            for name in required:
                if name not in found:
                    where = f"{path}.{name}" if path else name
                    self.report(where, node, f"the key {name} was missing; add it")
        return found

    def exactly_one(
        self, node: Node, path: str, fields: dict[str, Node], names: tuple[str, ...]
    ) -> bool:
        """Say whether one of the names stands in the mapping; report none and several."""
        found = [name for name in names if name in fields]
        for name in found[1:]:
            message = f"{name} stood beside {found[0]}; keep one of them"
            self.report(f"{path}.{name}", fields[name], message)
        return self.at_least_one(node, path, fields, names) and len(found) == 1

    def at_least_one(
        self, node: Node, path: str, fields: dict[str, Node], names: tuple[str, ...]
    ) -> bool:
        """Say whether any of the names stands in the mapping; report none."""
        if any(name in fields for name in names):
            return True
        if isinstance(node, MappingNode):
            choices = (
                f"{names[0]}" if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
            )
            self.report(path, node, f"the key {choices} was missing; add one")
        return False

    def items(self, node: Node, path: str, wanted: str) -> list[tuple[str, Node, Node]]:
        """Return (name, key, value) of a mapping; report anything else and repeated names."""
        if not isinstance(node, MappingNode):
            self.report(path, node, f"the value was {shown(node)}; it must be {wanted}")
            return []
        items: dict[str, tuple[str, Node, Node]] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else ""
            if not name:
                self.report(path, key, f"the key was {shown(key)}; it must be a name")
            elif name in items:
                where = f"{path}.{name}" if path else name
                self.report(where, key, f"the key {name} stood here a second time; keep one")
            else:
                items[name] = (name, key, value)
        return list(items.values())

    def matching(
        self, node: Node | None, path: str, pattern: re.Pattern[str], wanted: str
    ) -> str | None:
        if node is None:
            return None
        if isinstance(node, ScalarNode) and pattern.fullmatch(node.value):
            return str(node.value)
        self.report(path, node, f"the value was {shown(node)}; it may be {wanted}")
        return None

    def choice(self, node: Node | None, path: str, choices: tuple[str, ...]) -> str | None:
        if node is None:
            return None
        if isinstance(node, ScalarNode) and node.value in choices:
            return str(node.value)
        message = f"the value was {shown(node)}; it may be {' or '.join(choices)}"
        nearest = unknown_name("", node.value, choices)[1] if isinstance(node, ScalarNode) else None
        self.report(path, node, message, nearest)
        return None

    def whole(
        self, node: Node | None, path: str, *, least: int = 1, most: int | None = None,
        wanted: str = "",
    ) -> int | None:  # fmt: skip
        if not wanted:
            bounds = f"from {least} on" if most is None else f"from {least} to {most}"
            wanted = f"a whole number {bounds}"
        text = self.matching(node, path, _WHOLE, wanted)
        if text is None or node is None:
            return None
        number = int(text)
        if number < least or (most is not None and number > most):
            self.report(path, node, f"the value was {text}; it may be {wanted}")
            return None
        return number

    def number(
        self, node: Node | None, path: str, *, least: Decimal | None = None,
        most: Decimal | None = None,
    ) -> Decimal | None:  # fmt: skip
        wanted = "a number" if least is None or most is None else f"a number from {least} to {most}"
        text = self.matching(node, path, _NUMBER, wanted)
        if text is None or node is None:
            return None
        number = Decimal(text)
        if (least is not None and number < least) or (most is not None and number > most):
            self.report(path, node, f"the value was {text}; it may be {wanted}")
            return None
        return number


def shown(node: Node) -> str:
    """Return a node's value in words, short enough for a message."""
    if isinstance(node, MappingNode):
        return "a mapping"
    if isinstance(node, SequenceNode):
        return f"a list of {len(node.value)}"
    value = str(node.value)
    return "empty" if not value else repr(value if len(value) <= 60 else f"{value[:57]}...")
