"""Text of an expression -> tokens with their spans."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quantumzero.domain.strategy.problems import ExpressionError, ExpressionProblem

KEYWORDS = frozenset({"and", "or", "not"})
COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
MAXIMUM_DIGITS = 18  # more digits than any price or volume needs, and small enough to stay cheap
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>\d+(?:\.\d+)?|\.\d+)"
    r"|(?P<reference>[A-Za-z_][A-Za-z0-9_]*(?:(?:\.[A-Za-z_][A-Za-z0-9_]*)+(?:@[A-Za-z0-9]+)?"
    r"|@[A-Za-z0-9]+))"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<operator><=|>=|==|!=|[<>+\-*/(),])"
)
_ADVICE = {
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`, or `!=` for unequal",
    "=": "write `==` to compare",
    "^": "powers are not part of the language; multiply instead",
    "%": "write a ratio as a number, 5 percent is 0.05",
    "@": "a field of a higher timeframe is written without spaces, such as close@1d",
    ".": "a field of another instrument is written without spaces, such as AAPL.close; a number "
    "needs a digit after the dot",
    "{": "an expression has no braces",
    "[": "indexing is not part of the language, so that no expression can look ahead",
    "]": "indexing is not part of the language, so that no expression can look ahead",
}


@dataclass(frozen=True, slots=True)
class Token:
    """kind is number, name, reference, keyword, operator or end; start and end count characters from 0."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Return the tokens, the last of kind `end`; raises ExpressionError at a bad character."""
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionError(_bad_character(text, position))
        kind, end = str(match.lastgroup), match.end()
        if kind == "number":
            _check_number(text, position, end)
        if kind != "space":
            word = text[position:end]
            kind = "keyword" if word in KEYWORDS else kind
            tokens.append(Token(kind, word, position, end))
        position = end
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _bad_character(text: str, position: int) -> ExpressionProblem:
    character = text[position]
    advice = _ADVICE.get(
        character,
        "an expression holds numbers, names, + - * /, comparisons, and, or, not and calls",
    )
    return ExpressionProblem(
        position, position + 1, f"character {character!r} cannot stand here; {advice}"
    )


def _check_number(text: str, start: int, end: int) -> None:
    if sum(character.isdigit() for character in text[start:end]) > MAXIMUM_DIGITS:
        raise ExpressionError(
            ExpressionProblem(
                start, end, f"number had more than {MAXIMUM_DIGITS} digits; write fewer"
            )
        )
    if end < len(text) and (text[end].isalpha() or text[end] == "_"):
        raise ExpressionError(
            ExpressionProblem(
                start,
                end + 1,
                f"number {text[start:end]} ran into the letter {text[end]!r}; put an operator or a "
                "space between them (numbers have no exponent and no unit)",
            )
        )
