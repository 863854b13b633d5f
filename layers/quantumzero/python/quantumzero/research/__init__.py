"""Research: backtests, sweeps and metrics of strategies over market histories.

`backtest` and `sweep` take a strategy as text (YAML or JSON), as StrategyDocument, or, for
`backtest`, as a class derived from `Strategy`.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from quantumzero.research import backtest as _backtest_module
from quantumzero.research import sweep as _sweep_module
from quantumzero.research.python_strategy import Strategy

if TYPE_CHECKING:
    from pandas import DataFrame

    from quantumzero.domain.strategy.document import StrategyDocument
    from quantumzero.research.plan import Bars
    from quantumzero.research.result import BacktestResult

__all__ = ["Strategy", "backtest", "sweep"]


def _document(document: Any) -> Any:
    if not isinstance(document, str):
        return document
    # The one place where research meets the text of a document: everything below takes it read.
    from quantumzero.contracts.strategy_document import parse_document

    return parse_document(document)


@wraps(_backtest_module.backtest)
def backtest(
    document: StrategyDocument | str | type[Strategy], bars: Bars, **options: Any
) -> BacktestResult:
    return _backtest_module.backtest(_document(document), bars, **options)


@wraps(_sweep_module.sweep)
def sweep(document: StrategyDocument | str, bars: Bars, grid: Any, **options: Any) -> DataFrame:
    return _sweep_module.sweep(_document(document), bars, grid, **options)
