"""The strategy document as text -> a checked StrategyDocument, or every fault with its place."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from quantumzero.contracts.document_fields import FieldReader, shown
from quantumzero.contracts.marked_yaml import DocumentError, DocumentProblem, MarkedText
from quantumzero.domain.bars import TIMEFRAMES
from quantumzero.domain.strategy.compiler import RESERVED_NAMES, check_formulas
from quantumzero.domain.strategy.document import (
    Costs,
    Execution,
    Formula,
    ModelGate,
    Parameter,
    StrategyDocument,
)
from quantumzero.domain.strategy.parser import parse_expression
from quantumzero.domain.strategy.problems import ExpressionError, ExpressionProblem

__all__ = ["DocumentError", "DocumentProblem", "parse_document"]

MAXIMUM_SYMBOLS = 500
_STRATEGY_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_SYMBOL = re.compile(r"[A-Z][A-Z0-9.]{0,15}")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_REQUIRED = ("strategy", "version", "universe", "timeframe", "entry", "exit", "sizing")
_OPTIONAL = ("parameters", "signals", "execution", "model", "costs")
_PLANNED = ("protect", "weights", "rebalance", "calendar", "benchmark", "groups", "borrow")
_PLANNED_SIZES = ("weight", "risk_percent", "volatility_target", "fixed_quantity", "kelly")


def parse_document(text: str) -> StrategyDocument:
    """Read YAML or JSON text; raises DocumentError with every problem, its line and its column."""
    return _Reader(MarkedText(text)).document()


class _Reader(FieldReader):
    """Read one document."""

    def __init__(self, marked: MarkedText) -> None:
        super().__init__(marked)
        self._scalars: dict[str, ScalarNode] = {}

    def document(self) -> StrategyDocument:
        root = self.mapping(self.marked.root, "", _REQUIRED, _OPTIONAL, _PLANNED)
        parameters = self._parameters(root.get("parameters"))
        signals = self._signals(root.get("signals"), parameters)
        entry_long = self._long(root, "entry")
        exit_long = self._long(root, "exit")
        fields: dict[str, Any] = {
            "strategy": self.matching(
                root.get("strategy"), "strategy", _STRATEGY_NAME,
                "lower-case letters, digits and hyphens, a letter first, at most 40",
            ),
            "version": self.whole(root.get("version"), "version"),
            "universe": self._universe(root.get("universe")),
            "timeframe": self.choice(root.get("timeframe"), "timeframe", TIMEFRAMES),
            "percent_of_equity": self._percent_of_equity(root.get("sizing")),
            "execution": self._execution(root.get("execution")),
            "model": self._model(root.get("model")),
            "costs": self._costs(root.get("costs")),
        }  # fmt: skip
        defaults = {name: found.default if found else None for name, found in parameters.items()}
        checked = check_formulas(defaults, signals, entry_long, exit_long)
        for path, problem in checked.problems:
            self._report_in_expression(path, problem)
        if self.problems or entry_long is None or exit_long is None:
            raise DocumentError(self.problems)
        return StrategyDocument(
            **fields,
            parameters={name: found for name, found in parameters.items() if found},
            signals=tuple((name, formula) for name, formula in signals if formula),
            entry_long=entry_long,
            exit_long=exit_long,
        )

    def _report_in_expression(self, path: str, problem: ExpressionProblem) -> None:
        index = self.marked.character_of(self._scalars[path], problem.start)
        self.problems.append(self.marked.problem(path, index, problem.message, problem.nearest))

    def _universe(self, node: Node | None) -> tuple[str, ...] | None:
        if node is None:
            return None
        if not isinstance(node, SequenceNode) or not 1 <= len(node.value) <= MAXIMUM_SYMBOLS:
            self.report(
                "universe", node,
                f"the value was {shown(node)}; it must be a list of 1 to {MAXIMUM_SYMBOLS} symbols",
            )  # fmt: skip
            return None
        symbols: list[str] = []
        for position, item in enumerate(node.value):
            path = f"universe[{position}]"
            symbol = self.matching(item, path, _SYMBOL, "a symbol in capitals, such as AAPL")
            if symbol in symbols:
                self.report(path, item, f"the symbol {symbol} stood here a second time; keep one")
            elif symbol:
                symbols.append(symbol)
        return tuple(symbols)

    def _parameters(self, node: Node | None) -> dict[str, Parameter | None]:
        parameters: dict[str, Parameter | None] = {}
        if node is None:
            return parameters
        for name, key, value in self.items(node, "parameters", "a mapping of names"):
            path = f"parameters.{name}"
            self._check_new_name(path, name, key, ())
            parameters[name] = self._parameter(value, path)
        return parameters

    def _parameter(self, node: Node, path: str) -> Parameter | None:
        if isinstance(node, ScalarNode):
            number = self.number(node, path)
            return None if number is None else Parameter(Fraction(number))
        fields = self.mapping(node, path, ("default",), ("range",))
        default = self.number(fields.get("default"), f"{path}.default")
        bounds = self._range(fields.get("range"), f"{path}.range")
        if default is None:
            return None
        if bounds and not bounds[0] <= default <= bounds[1]:
            self.report(
                f"{path}.default", fields["default"],
                f"the default was {default}; its range is {bounds[0]} to {bounds[1]}",
            )  # fmt: skip
        return Parameter(Fraction(default), *(Fraction(bound) for bound in bounds or ()))

    def _range(self, node: Node | None, path: str) -> tuple[Decimal, ...] | None:
        if node is None:
            return None
        items = node.value if isinstance(node, SequenceNode) else []
        numbers = [self.number(item, path) for item in items]
        known = tuple(number for number in numbers if number is not None)
        if len(known) == len(items) and len(items) in (2, 3):
            if known[0] <= known[1] and (len(known) == 2 or known[2] > 0):
                return known
        elif len(known) < len(items):
            return None
        self.report(
            path, node,
            f"the range was {shown(node)}; it may be [least, greatest] or [least, greatest, step], "
            "least first and a step above 0",
        )  # fmt: skip
        return None

    def _signals(
        self, node: Node | None, parameters: dict[str, Parameter | None]
    ) -> list[tuple[str, Formula | None]]:
        signals: list[tuple[str, Formula | None]] = []
        if node is None or self._cut_by_comma(node, "signals"):
            return signals
        for name, key, value in self.items(node, "signals", "a mapping of names to expressions"):
            path = f"signals.{name}"
            self._check_new_name(path, name, key, tuple(parameters))
            signals.append((name, self._formula(value, path)))
        return signals

    def _check_new_name(self, path: str, name: str, key: Node, taken: tuple[str, ...]) -> None:
        if not _IDENTIFIER.fullmatch(name):
            message = "letters, digits and underscores, no digit first, at most 40"
            self.report(path, key, f"the name was {name!r}; it may be {message}")
        elif name.lower() in RESERVED_NAMES:
            self.report(path, key, f"the name {name} belongs to the language; choose another")
        elif name in taken:
            self.report(path, key, f"the name {name} is a parameter already; choose another")

    def _long(self, root: dict[str, Node], side: str) -> Formula | None:
        if side not in root:
            return None
        if self._cut_by_comma(root[side], side):
            return None
        fields = self.mapping(root[side], side, ("long",), planned=("short",))
        node = fields.get("long")
        return None if node is None else self._formula(node, f"{side}.long")

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

    def _formula(self, node: Node, path: str) -> Formula | None:
        if not isinstance(node, ScalarNode):
            self.report(path, node, f"the value was {shown(node)}; it must be an expression")
            return None
        self._scalars[path] = node
        try:
            return Formula(path, node.value, parse_expression(node.value))
        except ExpressionError as error:
            self._report_in_expression(path, error.problem)
            return None

    def _percent_of_equity(self, node: Node | None) -> Decimal | None:
        if node is None:
            return None
        fields = self.mapping(node, "sizing", ("percent_of_equity",), planned=_PLANNED_SIZES)
        value = fields.get("percent_of_equity")
        return self.number(
            value, "sizing.percent_of_equity", least=Decimal("0.01"), most=Decimal(100)
        )

    def _execution(self, node: Node | None) -> Execution | None:
        if node is None:
            return Execution()
        choices = {"order": ("market",), "fill": ("next_open",), "time_in_force": ("day",)}
        fields = self.mapping(node, "execution", (), tuple(choices))
        chosen = {
            name: self.choice(value, f"execution.{name}", choices[name])
            for name, value in fields.items()
        }
        return Execution(**{name: value for name, value in chosen.items() if value})

    def _model(self, node: Node | None) -> ModelGate | None:
        if node is None:
            return None
        fields = self.mapping(node, "model", ("name", "at_least"))
        name = self.matching(
            fields.get("name"), "model.name", _MODEL_NAME, "letters, digits, dots and hyphens"
        )
        score = self.number(
            fields.get("at_least"), "model.at_least", least=Decimal(0), most=Decimal(1)
        )
        return None if name is None or score is None else ModelGate(name, score)

    def _costs(self, node: Node | None) -> Costs | None:
        if node is None:
            return Costs()
        fields = self.mapping(node, "costs", (), ("commission", "slippage"))
        charged = {name: self._basis_points(value, name) for name, value in fields.items()}
        return Costs(**{f"{name}_bps": value for name, value in charged.items() if value})

    def _basis_points(self, node: Node, name: str) -> Decimal | None:
        path = f"costs.{name}"
        fields = self.mapping(node, path, ("bps",))
        return self.number(fields.get("bps"), f"{path}.bps", least=Decimal(0), most=Decimal(10_000))
