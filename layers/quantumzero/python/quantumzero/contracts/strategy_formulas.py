"""The expressions of a strategy document: nodes -> formulas that know their place in the text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from yaml.nodes import MappingNode, Node, ScalarNode

from quantumzero.contracts.document_fields import FieldReader, shown
from quantumzero.domain.strategy.compiler import RESERVED_NAMES
from quantumzero.domain.strategy.document import Execution, Formula, Weights
from quantumzero.domain.strategy.parser import parse_expression, parse_weights
from quantumzero.domain.strategy.problems import ExpressionError, ExpressionProblem

if TYPE_CHECKING:
    from quantumzero.contracts.marked_yaml import MarkedText

SIDES = ("long", "short")
ORDERS = (
    "market", "limit", "stop", "stop_limit", "trailing_stop", "market_on_open", "market_on_close",
)  # fmt: skip
FILLS = ("next_open", "close", "next_close", "quote")
LIVES = ("day", "gtc", "ioc", "fok")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_PRICES_OF_ORDER = {
    "limit": ("limit",), "stop": ("stop",), "stop_limit": ("limit", "stop"),
    "trailing_stop": ("trail_percent",),
}  # fmt: skip


class FormulaReader(FieldReader):
    """Read expressions; faults inside one are reported at its characters."""

    def __init__(self, marked: MarkedText) -> None:
        super().__init__(marked)
        self._scalars: dict[str, ScalarNode] = {}

    def report_in_expression(self, path: str, problem: ExpressionProblem) -> None:
        index = self.marked.character_of(self._scalars[path], problem.start)
        self.problems.append(self.marked.problem(path, index, problem.message, problem.nearest))

    def check_new_name(self, path: str, name: str, key: Node, taken: tuple[str, ...]) -> None:
        if not _IDENTIFIER.fullmatch(name):
            message = "letters, digits and underscores, no digit first, at most 40"
            self.report(path, key, f"the name was {name!r}; it may be {message}")
        elif name.lower() in RESERVED_NAMES:
            self.report(path, key, f"the name {name} belongs to the language; choose another")
        elif name in taken:
            self.report(path, key, f"the name {name} is a parameter already; choose another")

    def signals(
        self, node: Node | None, parameters: tuple[str, ...]
    ) -> list[tuple[str, Formula | None]]:
        signals: list[tuple[str, Formula | None]] = []
        if node is None or self._cut_by_comma(node, "signals"):
            return signals
        for name, key, value in self.items(node, "signals", "a mapping of names to expressions"):
            path = f"signals.{name}"
            self.check_new_name(path, name, key, parameters)
            signals.append((name, self.formula(value, path)))
        return signals

    def sides(self, node: Node | None, key: str) -> dict[str, Formula | None]:
        """Return the formulas of entry or exit by side, None where one cannot be read."""
        if node is None or self._cut_by_comma(node, key):
            return {}
        fields = self.mapping(node, key, (), SIDES)
        self.at_least_one(node, key, fields, SIDES)
        return {side: self.formula(value, f"{key}.{side}") for side, value in fields.items()}

    def formula(self, node: Node | None, path: str) -> Formula | None:
        text = self._text(node, path)
        if text is None:
            return None
        try:
            return Formula(path, text, parse_expression(text))
        except ExpressionError as error:
            self.report_in_expression(path, error.problem)
            return None

    def weights(self, node: Node | None) -> Weights | None:
        if node is None:
            return None
        if isinstance(node, ScalarNode):
            read = self._weighted(node, "weights")
            return None if read is None else Weights(read[0], None, read[1], read[2] or 60)
        if self._cut_by_comma(node, "weights"):
            return None
        fields = self.mapping(node, "weights", (), SIDES)
        if not self.at_least_one(node, "weights", fields, SIDES):
            return None
        sides = {side: self._weighted(each, f"weights.{side}") for side, each in fields.items()}
        known = {side: read for side, read in sides.items() if read is not None}
        if len(known) < len(sides):
            return None
        schemes = [read[1:] for read in known.values()]
        if schemes[0] != schemes[-1]:
            self.report(
                "weights.short", fields["short"],
                f"the scheme was {schemes[-1][0]} and that of the other side {schemes[0][0]}; "
                "both sides take the same scheme and bars",
            )  # fmt: skip
        formulas = {side: read[0] for side, read in known.items()}
        scheme, bars = schemes[0]
        return Weights(formulas.get("long"), formulas.get("short"), scheme, bars or 60)

    def _weighted(self, node: Node, path: str) -> tuple[Formula, str, int | None] | None:
        text = self._text(node, path)
        if text is None:
            return None
        try:
            tree, scheme, bars = parse_weights(text)
        except ExpressionError as error:
            self.report_in_expression(path, error.problem)
            return None
        return Formula(path, text, tree), scheme, bars

    def execution(self, node: Node | None) -> Execution:
        if node is None or self._cut_by_comma(node, "execution"):
            return Execution()
        choices = {"order": ORDERS, "fill": FILLS, "time_in_force": LIVES}
        percents = {"trail_percent": Decimal(100), "participation_percent": Decimal(100)}
        fields = self.mapping(node, "execution", (), (*choices, "limit", "stop", *percents))
        read: dict[str, Any] = {
            name: self.choice(fields.get(name), f"execution.{name}", choices[name])
            for name in choices
        }
        for name in ("limit", "stop"):
            read[name] = self.formula(fields.get(name), f"execution.{name}")
        for name, most in percents.items():
            read[name] = self.number(
                fields.get(name), f"execution.{name}", least=Decimal("0.001"), most=most
            )
        self._check_prices(node, fields, read["order"] or "market")
        return Execution(**{name: value for name, value in read.items() if value is not None})

    def _check_prices(self, node: Node, fields: dict[str, Node], order: str) -> None:
        """Report a price that the kind of order needs and has not, or has and does not read."""
        needed = _PRICES_OF_ORDER.get(order, ())
        for name in ("limit", "stop", "trail_percent"):
            path = f"execution.{name}"
            if name in needed and name not in fields:
                self.report(path, node, f"an order {order} needs the key {name}; add it")
            elif name in fields and name not in needed:
                kinds = [kind for kind, prices in _PRICES_OF_ORDER.items() if name in prices]
                self.report(
                    path, fields[name],
                    f"an order {order} does not read {name}; take it out, or write order: "
                    f"{' or '.join(kinds)}",
                )  # fmt: skip

    def _text(self, node: Node | None, path: str) -> str | None:
        if node is None:
            return None
        if not isinstance(node, ScalarNode):
            self.report(path, node, f"the value was {shown(node)}; it must be an expression")
            return None
        self._scalars[path] = node
        return str(node.value)

    def _cut_by_comma(self, node: Node, path: str) -> bool:
        """Report an unquoted expression in braces that YAML ended at a comma of a call."""
        if not isinstance(node, MappingNode) or not node.flow_style:
            return False
        for key, value in node.value:
            plain = isinstance(value, ScalarNode) and value.style is None
            if plain and value.value.count("(") > value.value.count(")"):
                message = "inside { } a comma ends the value; put the expression in quotes"
                self.report(f"{path}.{key.value}", value, message)
                return True
        return False
