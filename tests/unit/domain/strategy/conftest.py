"""Bars for the tests of the strategy language."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.bars import Bar
from tests.unit.domain.strategy.random_strategies import START

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from quantumzero.domain.strategy.document import StrategyDocument


@pytest.fixture
def daily_bars() -> Callable[..., list[Bar]]:
    """Return a maker of daily bars from closes in currency; high and low lie one unit around them."""

    def make(closes: Sequence[float], *, volume: int = 100) -> list[Bar]:
        prices = [round(close * 10_000) for close in closes]
        return [
            Bar(
                "AAPL", "1d", START + timedelta(days=day, hours=-6), START + timedelta(days=day),
                price, price + 10_000, price - 10_000, price, volume, 1,
            )
            for day, price in enumerate(prices)
        ]  # fmt: skip

    return make


@pytest.fixture
def sma_cross() -> StrategyDocument:
    """Return the shipped document sma-cross."""
    text = (Path(__file__).parents[4] / "strategies/sma-cross.yaml").read_text()
    return parse_document(text)
