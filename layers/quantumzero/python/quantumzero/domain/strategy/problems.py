"""Faults of an expression, each pointing at the characters it is about."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from quantumzero.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class ExpressionProblem:
    """One fault: start and end count characters of the expression's text from 0, end excluded."""

    start: int
    end: int
    message: str
    nearest: str | None = None


class ExpressionError(InvalidInputError):
    """An expression cannot be read; problem says where and why."""

    def __init__(self, problem: ExpressionProblem) -> None:
        super().__init__(f"{problem.message} (at character {problem.start + 1})")
        self.problem = problem


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like the given one, None when nothing is close."""
    candidates = sorted(known)
    folded = {candidate.lower(): candidate for candidate in candidates}
    found = get_close_matches(name.lower(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def unknown_name(kind: str, name: str, known: Iterable[str]) -> tuple[str, str | None]:
    """Return the sentence about an unknown name, and the nearest known one."""
    names = sorted(known)
    nearest = nearest_name(name, names)
    hint = f"did you mean {nearest}?" if nearest else f"it may be one of {', '.join(names)}"
    return f"{kind} {name} does not exist; {hint}", nearest
