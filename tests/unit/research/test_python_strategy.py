"""Python strategies run in the same engine, and one that looks ahead is found out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pytest

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research import Strategy, backtest
from tests.unit.research.markets import daily_history

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quantumzero.research.python_strategy import BarView

WALK = np.round(100 + np.cumsum(np.random.default_rng(5).normal(0, 1, 250)), 2).tolist()
BARS = daily_history({"GOOG": WALK})
DOCUMENT = """
strategy: cross
version: 1
universe: [GOOG]
timeframe: 1d
entry: {long: "cross_above(sma(close, 5), sma(close, 20))"}
exit: {long: "cross_below(sma(close, 5), sma(close, 20))"}
sizing: {percent_of_equity: 100}
"""


class Cross(Strategy):
    universe = ("GOOG",)
    parameters: Mapping[str, Any] = {"fast": 5, "slow": 20}
    warm_up_bars: ClassVar[int] = 21

    def on_bar(self, bar: BarView) -> None:
        fast, slow = self.parameters["fast"], self.parameters["slow"]
        closes = np.rint(bar.history("close", slow + 1) * 10_000).astype(np.int64)
        now = closes[-fast:].sum() * slow - closes[-slow:].sum() * fast
        before = closes[-fast - 1 : -1].sum() * slow - closes[-slow - 1 : -1].sum() * fast
        if now > 0 >= before:
            self.buy()
        elif now < 0 <= before:
            self.close()


class Prophet(Strategy):
    universe = ("GOOG",)

    def prepare(self, columns: Mapping[str, Mapping[str, Any]]) -> None:
        closes = columns["GOOG"]["close"]
        self.tomorrow = np.append(closes[1:], closes[-1])

    def on_bar(self, bar: BarView) -> None:
        if self.tomorrow[bar.index] > bar.close:
            self.buy()
        else:
            self.close()


def test_a_class_gives_what_the_same_rule_as_a_document_gives() -> None:
    ours, document = backtest(Cross, BARS), backtest(DOCUMENT, BARS)
    assert len(ours.trades) > 3
    assert ours.curves.equity.tolist() == document.curves.equity.tolist()
    assert ours.trades.profit.tolist() == document.trades.profit.tolist()


def test_honest_decisions_are_certified_with_the_number_of_cuts() -> None:
    certificate = backtest(Cross, BARS).certificate
    assert certificate is not None
    assert certificate.startswith("prefix-invariant: the same decisions on data cut at ")


def test_a_look_ahead_is_reported_with_its_bar() -> None:
    certificate = backtest(Prophet, BARS).certificate
    assert certificate is not None
    assert certificate.startswith(
        "look-ahead: the decision on the bar of GOOG that closed at 2024-"
    )


def test_parameters_are_of_the_kind_the_class_declares() -> None:
    result = backtest(Cross, BARS, parameters={"fast": 3})
    assert result.parameters == {"fast": "3", "slow": "20"}
    assert result.key != backtest(Cross, BARS).key


def test_the_future_cannot_be_read_from_a_bar() -> None:
    class Curious(Strategy):
        universe = ("GOOG",)

        def on_bar(self, bar: BarView) -> None:
            assert len(bar.history("close")) == bar.index + 1
            assert bar.history("close", 3)[-1] == bar.close
            assert bar.low <= min(bar.open, bar.close) <= bar.high
            with pytest.raises(ValueError, match="read-only"):
                bar.history("close")[0] = 1.0

    assert len(backtest(Curious, BARS).orders) == 0


def test_what_the_class_raises_names_the_bar() -> None:
    class Broken(Strategy):
        universe = ("GOOG",)

        def on_bar(self, bar: BarView) -> None:
            raise KeyError("missing")

    with pytest.raises(InvalidInputError, match="Broken failed on bar 1 of GOOG: KeyError"):
        backtest(Broken, BARS)
