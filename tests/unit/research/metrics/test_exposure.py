"""Time and money in the market."""

from __future__ import annotations

import pytest

from quantumzero.research.metrics import exposure
from quantumzero.research.result import Charges
from tests.unit.research.metrics.runs import curves_of, reason, sample_of

EQUITY = [1000.0, 1100.0, 1000.0, 900.0]


def test_time_in_market_is_the_share_of_instants_with_a_position() -> None:
    run = sample_of([], curves=curves_of(EQUITY, gross=[0.0, 550.0, 500.0, 0.0]))
    assert exposure.time_in_market.read(run) == 0.5


def test_leverage_is_the_mean_of_value_over_equity() -> None:
    curves = curves_of(EQUITY, gross=[0.0, 550.0, 2000.0, 0.0], net=[0.0, 550.0, -1000.0, 0.0])
    run = sample_of([], curves=curves)
    assert exposure.mean_gross_leverage.read(run) == pytest.approx(2.5 / 4)
    assert exposure.mean_net_leverage.read(run) == pytest.approx(-0.5 / 4)


def test_the_longest_flat_time_ends_when_a_position_appears_or_with_the_run() -> None:
    gross = [0.0, 0.0, 10.0, 0.0, 0.0, 0.0, 0.0]
    run = sample_of([], curves=curves_of([1000.0] * 7, gross=gross))
    assert exposure.longest_flat_days.read(run) == 3.0
    run = sample_of([], curves=curves_of([1000.0] * 4, gross=[0.0, 0.0, 0.0, 10.0]))
    assert exposure.longest_flat_days.read(run) == 3.0
    run = sample_of([], curves=curves_of([1000.0] * 2, gross=[10.0, 10.0]))
    assert exposure.longest_flat_days.read(run) == 0.0


def test_turnover_is_half_the_traded_value_over_mean_equity_a_year() -> None:
    run = sample_of(EQUITY, charges=Charges(traded_value=4000.0))
    mean = (1000 + sum(EQUITY)) / 5
    assert exposure.turnover.read(run) == pytest.approx(2000 / mean / (3 / 365.25))


def test_a_run_without_bars_has_no_exposure() -> None:
    for definition in exposure.DEFINITIONS:
        assert reason(definition, sample_of([]))
