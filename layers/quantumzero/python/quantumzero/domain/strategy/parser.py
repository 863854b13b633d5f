"""Tokens -> syntax tree, by recursive descent.

disjunction := conjunction ("or" conjunction)*
conjunction := negation ("and" negation)*
negation    := "not" negation | comparison
comparison  := sum [("<" | "<=" | ">" | ">=" | "==" | "!=") sum]
sum         := product (("+" | "-") product)*
product     := signed (("*" | "/") signed)*
signed      := "-" signed | primary
primary     := number | name | name "(" arguments ")" | "(" disjunction ")"
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from quantumzero.domain.strategy.lexer import COMPARISONS, Token, tokenize
from quantumzero.domain.strategy.problems import ExpressionError, ExpressionProblem
from quantumzero.domain.strategy.tree import Binary, Call, Expression, Name, Number, Unary

if TYPE_CHECKING:
    from collections.abc import Callable

MAXIMUM_DEPTH = 20


def parse_expression(text: str) -> Expression:
    """Return the tree of an expression; raises ExpressionError that points at the first fault."""
    return _Parser(tokenize(text)).whole()


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
