"""Tokens -> syntax tree, by recursive descent.

disjunction := conjunction ("or" conjunction)*
conjunction := negation ("and" negation)*
negation    := "not" negation | comparison
comparison  := sum [("<" | "<=" | ">" | ">=" | "==" | "!=") sum]
sum         := product (("+" | "-") product)*
product     := signed (("*" | "/") signed)*
signed      := "-" signed | primary
primary     := number | name | field "@" timeframe | symbol "." field
             | name "(" [disjunction ("," disjunction)*] ")" | "(" disjunction ")"
weights     := disjunction "->" ("equal" | "proportional" | "inverse_volatility" ["(" bars ")"])

A symbol may hold dots: the last one separates it from the field. No space stands around "@" and
".". parse_weights reads the rule weights, parse_expression everything else.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from quantumzero.domain.strategy.lexer import COMPARISONS, Token, tokenize
from quantumzero.domain.strategy.problems import ExpressionError, ExpressionProblem, nearest_name
from quantumzero.domain.strategy.tree import (
    Binary,
    Call,
    Expression,
    Name,
    Number,
    Reference,
    Unary,
)

if TYPE_CHECKING:
    from collections.abc import Callable

MAXIMUM_DEPTH = 20
MAXIMUM_BARS = 4_999  # and one more for a change from bar to bar
SCHEMES = ("equal", "proportional", "inverse_volatility")
_SCHEME = re.compile(r"(?P<name>[a-z_]+)\s*(?:\(\s*(?P<bars>\d{1,9})\s*\))?")


def parse_expression(text: str) -> Expression:
    """Return the tree of an expression; raises ExpressionError that points at the first fault."""
    return _Parser(tokenize(text)).whole()


def parse_weights(text: str) -> tuple[Expression, str, int | None]:
    """Return the tree before the arrow, the scheme behind it, and the bars it was given.

    Raises ExpressionError that points at the first fault.
    """
    arrow = text.find("->")
    if arrow < 0:
        raise ExpressionError(
            ExpressionProblem(
                max(len(text) - 1, 0), len(text),
                "the scheme was missing; write -> equal, -> proportional or "
                "-> inverse_volatility(bars) after the expression",
            )
        )  # fmt: skip
    tree = parse_expression(text[:arrow])
    scheme, bars = _scheme(text, arrow + 2)
    return tree, scheme, bars


def _scheme(text: str, start: int) -> tuple[str, int | None]:
    written = text[start:].strip()
    start += len(text[start:]) - len(text[start:].lstrip())
    found = _SCHEME.fullmatch(written)
    name = found["name"] if found else written
    if found is None or name not in SCHEMES or (found["bars"] and name != "inverse_volatility"):
        nearest = nearest_name(re.split(r"\W", written)[0], SCHEMES)
        raise ExpressionError(
            ExpressionProblem(
                start, max(len(text), start + 1),
                f"the scheme was {written!r}; it may be equal, proportional or "
                "inverse_volatility(bars)",
                nearest,
            )
        )  # fmt: skip
    bars = int(found["bars"]) if found["bars"] else None
    if bars is not None and not 2 <= bars <= MAXIMUM_BARS:
        raise ExpressionError(
            ExpressionProblem(
                start, len(text), f"the bars were {bars}; they may be 2 to {MAXIMUM_BARS}"
            )
        )
    return name, bars


def _reference(token: Token) -> Reference:
    named, _, timeframe = token.text.partition("@")
    symbol, _, name = named.rpartition(".")
    return Reference(name, timeframe, symbol, token.start, token.end)


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._position = 0
        self._nesting = 0

    def whole(self) -> Expression:
        if self._next.kind == "end":
            raise self._error("expression was empty; write one, such as close > sma(close, 20)")
        expression = self._disjunction()
        if self._next.kind != "end":
            raise self._error(
                f"{self._shown()} was not expected; an operator or the end may follow"
            )
        return expression

    @property
    def _next(self) -> Token:
        return self._tokens[self._position]

    def _take(self) -> Token:
        token = self._next
        self._position += 1
        return token

    def _shown(self) -> str:
        return "the end" if self._next.kind == "end" else f"`{self._next.text}`"

    def _error(self, message: str) -> ExpressionError:
        token = self._next
        return ExpressionError(ExpressionProblem(token.start, token.end, message))

    def _check_depth(self, depth: int, start: int, end: int) -> int:
        if depth > MAXIMUM_DEPTH:
            raise ExpressionError(
                ExpressionProblem(
                    start,
                    end,
                    f"expression was nested deeper than {MAXIMUM_DEPTH}; name parts as signals",
                )
            )
        return depth

    def _binary(self, operator: Token, left: Expression, right: Expression) -> Binary:
        depth = self._check_depth(max(left.depth, right.depth) + 1, operator.start, operator.end)
        return Binary(operator.text, left, right, left.start, right.end, depth)

    def _chain(self, operators: frozenset[str], operand: Callable[[], Expression]) -> Expression:
        expression = operand()
        while self._next.kind in ("operator", "keyword") and self._next.text in operators:
            operator = self._take()
            expression = self._binary(operator, expression, operand())
        return expression

    def _disjunction(self) -> Expression:
        return self._chain(frozenset({"or"}), self._conjunction)

    def _conjunction(self) -> Expression:
        return self._chain(frozenset({"and"}), self._negation)

    def _negation(self) -> Expression:
        if self._next.kind == "keyword" and self._next.text == "not":
            return self._unary(self._negation)
        return self._comparison()

    def _comparison(self) -> Expression:
        left = self._sum()
        if self._next.text not in COMPARISONS:
            return left
        operator = self._take()
        comparison = self._binary(operator, left, self._sum())
        if self._next.text in COMPARISONS:
            raise self._error("comparisons cannot be chained; join two of them with `and`")
        return comparison

    def _sum(self) -> Expression:
        return self._chain(frozenset({"+", "-"}), self._product)

    def _product(self) -> Expression:
        return self._chain(frozenset({"*", "/"}), self._signed)

    def _signed(self) -> Expression:
        if self._next.kind == "operator" and self._next.text == "-":
            return self._unary(self._signed)
        return self._primary()

    def _unary(self, operand: Callable[[], Expression]) -> Unary:
        operator = self._take()
        self._enter(operator)
        inner = operand()
        self._nesting -= 1
        depth = self._check_depth(inner.depth + 1, operator.start, operator.end)
        return Unary(operator.text, inner, operator.start, inner.end, depth)

    def _enter(self, token: Token) -> None:
        """Count what the descent nests: a flood of parentheses must not exhaust the stack."""
        self._nesting = self._check_depth(self._nesting + 1, token.start, token.end)

    def _primary(self) -> Expression:
        token = self._next
        if token.kind == "number":
            self._take()
            return Number(Fraction(token.text), token.text, token.start, token.end)
        if token.kind == "name":
            self._take()
            if self._next.text == "(":
                return self._call(token)
            return Name(token.text, token.start, token.end)
        if token.kind == "reference":
            return _reference(self._take())
        if token.text == "(":
            self._enter(self._take())
            inner = self._disjunction()
            self._close()
            return inner
        raise self._error(f"{self._shown()} was found where a number, a name or `(` may stand")

    def _call(self, name: Token) -> Call:
        self._enter(self._take())
        arguments: list[Expression] = []
        if self._next.text != ")":
            arguments.append(self._disjunction())
            while self._next.text == ",":
                self._take()
                arguments.append(self._disjunction())
        end = self._close()
        deepest = max((argument.depth for argument in arguments), default=0)
        depth = self._check_depth(deepest + 1, name.start, name.end)
        return Call(name.text, tuple(arguments), name.start, end, depth)

    def _close(self) -> int:
        if self._next.text != ")":
            raise self._error(f"{self._shown()} was found where `)` or an operator may stand")
        self._nesting -= 1
        return self._take().end
