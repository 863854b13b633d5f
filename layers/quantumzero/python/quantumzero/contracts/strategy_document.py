"""The strategy document as text -> a checked StrategyDocument, or every fault with its place."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from yaml.nodes import Node, ScalarNode, SequenceNode

from quantumzero.contracts.document_fields import shown
from quantumzero.contracts.marked_yaml import DocumentError, DocumentProblem, MarkedText
from quantumzero.contracts.strategy_costs import read_costs
from quantumzero.contracts.strategy_formulas import FormulaReader
from quantumzero.contracts.strategy_settings import (
    CALENDARS,
    SYMBOL,
    SYMBOL_WORDS,
    has_key,
    read_account,
    read_groups,
    read_model,
    read_protection,
    read_rebalance,
    read_symbols,
)
from quantumzero.contracts.strategy_sizes import read_sizing
from quantumzero.domain.bars import TIMEFRAMES
from quantumzero.domain.strategy.compiler import check_formulas
from quantumzero.domain.strategy.document import (
    Formula,
    Parameter,
    SizingMethod,
    StrategyDocument,
)
from quantumzero.domain.strategy.surroundings import Surroundings

if TYPE_CHECKING:
    from decimal import Decimal

    from quantumzero.domain.strategy.document import Sizing

__all__ = ["DocumentError", "DocumentProblem", "parse_document"]

MAXIMUM_SYMBOLS = 500
_STRATEGY_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_IDENTITY = ("strategy", "version", "universe", "timeframe")
_SIGNAL_KEYS = ("entry", "exit", "sizing")
_SIGNAL_OPTIONS = ("protect", "model", "execution")
_PORTFOLIO_OPTIONS = ("rebalance", "groups")
_OPTIONAL = ("parameters", "signals", "costs", "account", "calendar", "benchmark")


def parse_document(text: str) -> StrategyDocument:
    """Read YAML or JSON text; raises DocumentError with every problem, its line and its column."""
    return _Reader(MarkedText(text)).document()


class _Reader(FormulaReader):
    """Read one document."""

    def document(self) -> StrategyDocument:
        is_portfolio = has_key(self.marked.root, "weights")
        root = self._root(is_portfolio)
        parameters = self._parameters(root.get("parameters"))
        signals = self.signals(root.get("signals"), tuple(parameters))
        formulas = self._ends(root)
        weights = self.weights(root.get("weights"))
        universe = self._universe(root.get("universe"))
        fields: dict[str, Any] = {
            **self._identity(root),
            **formulas,
            "universe": universe,
            "weights": weights,
            "sizing": read_sizing(self, root.get("sizing")),
            "protect": read_protection(self, root.get("protect")),
            "rebalance": read_rebalance(self, root.get("rebalance")) if is_portfolio else None,
            "execution": self.execution(root.get("execution")),
            "model": read_model(self, root.get("model")),
            "costs": read_costs(self, root.get("costs")),
            "account": read_account(self, root.get("account")),
            "groups": read_groups(self, root.get("groups"), universe or (), MAXIMUM_SYMBOLS),
        }
        self._check_sizing(root, fields["sizing"])
        document = StrategyDocument(
            **fields,
            parameters={name: found for name, found in parameters.items() if found},
            signals=tuple((name, formula) for name, formula in signals if formula),
        )
        self._check_expressions(document, parameters, signals)
        if self.problems:
            raise DocumentError(self.problems)
        return document

    def _root(self, is_portfolio: bool) -> dict[str, Node]:
        """Return the keys; those of the other kind of strategy are reported."""
        required = (*_IDENTITY, *(("weights",) if is_portfolio else _SIGNAL_KEYS))
        foreign = (*_SIGNAL_KEYS, *_SIGNAL_OPTIONS) if is_portfolio else _PORTFOLIO_OPTIONS
        optional = (*_OPTIONAL, *_SIGNAL_OPTIONS, *_PORTFOLIO_OPTIONS, "weights", *_SIGNAL_KEYS)
        root = self.mapping(self.marked.root, "", required, optional)
        for name in foreign:
            if name in root:
                advice = (
                    f"a strategy of weights has no {name}; take it out, or take weights out"
                    if is_portfolio
                    else f"{name} goes with weights; a strategy of entry and exit has none"
                )
                self.report(name, root[name], advice)
        return root

    def _identity(self, root: dict[str, Node]) -> dict[str, Any]:
        calendar = self.choice(root.get("calendar"), "calendar", CALENDARS)
        benchmark = root.get("benchmark")
        return {
            "strategy": self.matching(
                root.get("strategy"), "strategy", _STRATEGY_NAME,
                "lower-case letters, digits and hyphens, a letter first, at most 40",
            ),
            "version": self.whole(root.get("version"), "version"),
            "timeframe": self.choice(root.get("timeframe"), "timeframe", TIMEFRAMES),
            "calendar": calendar or "XNYS",
            "benchmark": self.matching(benchmark, "benchmark", SYMBOL, SYMBOL_WORDS),
        }  # fmt: skip

    def _universe(self, node: Node | None) -> tuple[str, ...] | None:
        return None if node is None else read_symbols(self, node, "universe", MAXIMUM_SYMBOLS)

    def _ends(self, root: dict[str, Node]) -> dict[str, Formula | None]:
        """Return entry and exit; each entry needs the exit of its side, and the other way round."""
        entry, leave = (self.sides(root.get(key), key) for key in ("entry", "exit"))
        if entry and leave:
            for key, other, sides, missing in (
                ("exit", "entry", entry, entry.keys() - leave.keys()),
                ("entry", "exit", leave, leave.keys() - entry.keys()),
            ):
                for side in (each for each in sides if each in missing):
                    path = f"{key}.{side}"
                    message = f"{other}.{side} stood alone; add {path}, or take {other}.{side} out"
                    self.report(path, root[key], message)
        return {
            f"{key}_{side}": formula
            for key, sides in (("entry", entry), ("exit", leave))
            for side, formula in sides.items()
        }

    def _check_sizing(self, root: dict[str, Node], sizing: Sizing | None) -> None:
        by_risk = sizing is not None and sizing.method is SizingMethod.RISK_PERCENT
        stop = root.get("protect") and has_key(root["protect"], "stop_loss")
        if by_risk and not stop:
            self.report(
                "sizing.risk_percent", root["sizing"],
                "risk_percent sizes an entry by its stop; add protect.stop_loss",
            )  # fmt: skip

    def _check_expressions(
        self,
        document: StrategyDocument,
        parameters: dict[str, Parameter | None],
        signals: list[tuple[str, Formula | None]],
    ) -> None:
        defaults = {name: found.default if found else None for name, found in parameters.items()}
        checked = check_formulas(defaults, signals, document.formulas, Surroundings.of(document))
        for path, problem in checked.problems:
            self.report_in_expression(path, problem)

    def _parameters(self, node: Node | None) -> dict[str, Parameter | None]:
        parameters: dict[str, Parameter | None] = {}
        if node is None:
            return parameters
        for name, key, value in self.items(node, "parameters", "a mapping of names"):
            path = f"parameters.{name}"
            self.check_new_name(path, name, key, ())
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
