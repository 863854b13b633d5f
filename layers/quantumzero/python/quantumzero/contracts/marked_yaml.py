"""YAML or JSON text -> nodes that know their place in the text. Nothing is constructed; bombs are
refused.

Refused: more than 64 KiB, aliases, tags of any kind, nesting deeper than MAXIMUM_NESTING, several
documents.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from quantumzero.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from yaml.nodes import Node, ScalarNode

MAXIMUM_BYTES = 64 * 1024
MAXIMUM_NESTING = 20


@dataclass(frozen=True, slots=True)
class DocumentProblem:
    """One fault: path of keys, line and column from 1 in the text as sent, and what may be."""

    path: str
    line: int
    column: int
    message: str
    nearest: str | None = None

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}"
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class DocumentError(InvalidInputError):
    """The document cannot be used; problems holds every fault found, in the order of the text."""

    def __init__(self, problems: list[DocumentProblem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.line, problem.column))
        super().__init__("; ".join(str(problem) for problem in self.problems))


class _TextError(Exception):
    def __init__(self, index: int, message: str) -> None:
        super().__init__(message)
        self.index = index


class _Loader(yaml.SafeLoader):
    """Compose nodes only, and count how deep they nest."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._nesting = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it open
        place = event.start_mark.index
        if isinstance(event, yaml.AliasEvent):
            raise _TextError(
                place, "an alias (*name) stood here; write the value out, aliases are not allowed"
            )
        if getattr(event, "tag", None):
            raise _TextError(
                place, f"the tag {event.tag} stood here; write the value without any tag"
            )
        self._nesting += 1
        if self._nesting > MAXIMUM_NESTING:
            raise _TextError(place, f"the text nested deeper than {MAXIMUM_NESTING} levels")
        node = super().compose_node(parent, index)
        self._nesting -= 1
        return node


class MarkedText:
    """The text as sent, its root node, and places in it as line and column."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._line_starts = [0]
        self._line_starts += [place + 1 for place, char in enumerate(text) if char == "\n"]
        self.root = self._compose()

    def problem(
        self, path: str, index: int, message: str, nearest: str | None = None
    ) -> DocumentProblem:
        """Return the problem at a character of the text, counted from 0."""
        line = bisect_right(self._line_starts, index)
        return DocumentProblem(
            path, line, index - self._line_starts[line - 1] + 1, message, nearest
        )

    def _compose(self) -> Node:
        if len(self.text.encode("utf-8", "replace")) > MAXIMUM_BYTES:
            raise DocumentError(
                [self.problem("", 0, f"the text had more than {MAXIMUM_BYTES // 1024} KiB")]
            )
        # JSON may indent by tabs, YAML may not; a tab becomes one space, so every column stays.
        is_json = self.text.lstrip().startswith("{")
        loader = None
        try:
            loader = _Loader(self.text.replace("\t", " ") if is_json else self.text)
            root = loader.get_single_node()
        except _TextError as error:
            raise DocumentError([self.problem("", error.index, str(error))]) from error
        except yaml.MarkedYAMLError as error:
            raise DocumentError([self._syntax_problem(error)]) from error
        except yaml.reader.ReaderError as error:
            message = f"the character {chr(error.character)!r} cannot stand in a document"
            raise DocumentError([self.problem("", error.position, message)]) from error
        finally:
            if loader is not None:
                loader.dispose()
        if root is None:
            raise DocumentError(
                [self.problem("", 0, "the document was empty; begin with `strategy: name`")]
            )
        return root

    def _syntax_problem(self, error: yaml.MarkedYAMLError) -> DocumentProblem:
        mark = error.problem_mark or error.context_mark
        context = f"{error.context}, " if error.context else ""
        message = f"the text is not YAML or JSON: {context}{error.problem}"
        return self.problem("", mark.index if mark else 0, message)

    def character_of(self, node: ScalarNode, offset: int) -> int:
        """Return where the offset-th character of a scalar's value stands in the text."""
        text, value = self.text, node.value
        place = node.start_mark.index
        if node.style in ("|", ">"):
            place = text.index("\n", place) + 1
        elif node.style in ("'", '"'):
            place += 1
        found = place
        for character in value[: offset + 1]:
            # Folding changes only white space, so every other character follows in the same order.
            if not character.isspace():
                found = text.find(character, place, node.end_mark.index)
                if (
                    found < 0
                ):  # written by an escape: the scalar's beginning is the nearest honest answer
                    return int(node.start_mark.index)
                place = found + 1
        return found if offset < len(value) else place
