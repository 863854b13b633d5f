"""The same order is refused with the same code, numbers and words by the live path and by a backtest."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from quantumzero.domain.risk.account_risk import default_limits
from quantumzero.domain.risk.limits import SessionRule
from quantumzero.research.simulation.codes import Code, live_code
from quantumzero.research.simulation.request import (
    ENTER_LONG,
    ENTER_SHORT,
    EXIT_LONG,
)
from tests.unit.research.simulation.live_parity import (
    CASH,
    SYMBOLS,
    Happened,
    LiveRun,
    World,
    session_times,
    simulated,
)

if TYPE_CHECKING:
    from quantumzero.domain.risk.account_risk import RiskLimits

WORLDS = 120
_NUMBER = re.compile(r"(?<![A-Za-z\d])\d+(?:\.\d+)?")
_MONEY = (Decimal(15_000), Decimal(40_000), Decimal(70_000))
_NOT_HERE = {"MODEL_GATE"}


def choose(random: np.random.Generator, *values: Any) -> Any:
    return values[int(random.integers(len(values)))]


def random_limits(random: np.random.Generator) -> RiskLimits:
    """The defaults of a new account with a few limits that bite."""
    tight: dict[str, Any] = {
        "gross_exposure": choose(random, *_MONEY),
        "symbol_exposure": choose(random, *_MONEY),
        "net_exposure": choose(random, *_MONEY),
        "sector_exposure": choose(random, *_MONEY),
        "strategy_exposure": choose(random, *_MONEY),
        "order_value": choose(random, *_MONEY),
        "order_quantity": Decimal(500),
        "price_collar_percent": Decimal(2),
        "drift_percent": choose(random, Decimal(4), Decimal(12)),
        "daily_loss_percent": choose(random, Decimal(1), Decimal("2.5")),
        "drawdown_percent": choose(random, Decimal(2), Decimal(6)),
        "executions_per_day": Decimal(int(random.integers(1, 9))),
        "open_orders": Decimal(int(random.integers(1, 3))),
        "positions": Decimal(int(random.integers(1, 4))),
        "haircut_percent": Decimal(20),
        "restricted": frozenset({"IBM"}),
        "session": choose(random, SessionRule.REGULAR, SessionRule.EXTENDED),
    }
    names = random.choice(list(tight), size=int(random.integers(1, 4)), replace=False).tolist()
    wide = dict.fromkeys(("gross_exposure", "symbol_exposure", "order_value"), CASH * 3)
    chosen = {name: tight[name] for name in names}
    sectors = {"AAPL": "technology", "MSFT": "technology", "IBM": "services"}
    return replace(default_limits(CASH), sectors=sectors, **{**wide, **chosen})


def random_world(seed: int) -> World:
    random = np.random.default_rng(seed)
    times = session_times(6)
    shape = (len(SYMBOLS), len(times))
    steps = random.integers(-12, 13, shape)
    steps[:, random.random(shape[1]) < 0.15] -= 20
    close = np.maximum(np.cumsum(steps, axis=1) + 200, 20) / 4
    bits = ENTER_LONG * (random.random(shape) < 0.5) + EXIT_LONG * (random.random(shape) < 0.3)
    bits |= ENTER_SHORT * ((random.random(shape) < 0.1) & (bits & EXIT_LONG == 0))
    return World(
        times,
        close,
        bits.astype(np.uint8),
        close + random.integers(0, 12, shape) / 4,
        choose(random, 10.0, 25.0, 45.0, 90.0, 0.02),
        random_limits(random),
        bool(random.random() < 0.4),
    )


@cache  # once for the kernel and the reference
def traded_live(seed: int) -> list[Happened]:
    return LiveRun(random_world(seed)).run()


def in_words(happened: Happened) -> tuple[Any, ...]:
    """The order with every number of its text as a rounded number."""
    numbers = [round(float(each), 2) for each in _NUMBER.findall(happened.text)]
    compared = [
        None if each is None else round(each, 2) for each in (happened.limit, happened.value)
    ]
    words = _NUMBER.sub("#", happened.text)
    return (happened.row, happened.symbol, happened.side, happened.code, words, numbers, compared)


@pytest.mark.parametrize("first", range(0, WORLDS, 20))
def test_random_orders_come_to_the_same_codes_numbers_and_words(run: Any, first: int) -> None:
    for seed in range(first, first + 20):
        live, ours = traded_live(seed), simulated(random_world(seed), run)
        assert [in_words(each) for each in ours] == [in_words(each) for each in live], seed
        sent = [each.quantity for each in live if each.code is None]
        assert [each.quantity for each in ours if each.code is None] == sent, seed


def test_these_worlds_meet_every_code(run: Any) -> None:
    met = {each.code for seed in range(WORLDS) for each in simulated(random_world(seed), run)} - {
        None
    }
    assert met == {live_code(code) for code in Code} - _NOT_HERE
