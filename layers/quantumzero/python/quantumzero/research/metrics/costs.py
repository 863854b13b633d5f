"""What trading cost, and how much capital the run's trades would have carried."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.research.metrics.definition import Undefined, metric
from quantumzero.research.metrics.returns import cagr

if TYPE_CHECKING:
    from quantumzero.research.metrics.sample import Sample

_PLAIN = "plain definition"


@metric("money", _PLAIN)
def commission(sample: Sample) -> float:
    """Commissions and regulatory fees paid."""
    return sample.charges.commission


@metric("money", _PLAIN)
def slippage(sample: Sample) -> float:
    """Price given up to slippage and impact, fill by fill."""
    return sample.charges.slippage


@metric("money", _PLAIN)
def borrow(sample: Sample) -> float:
    """Fees paid for borrowed shares."""
    return sample.charges.borrow


@metric("money", _PLAIN)
def margin_interest(sample: Sample) -> float:
    """Interest paid on borrowed cash."""
    return sample.charges.margin_interest


@metric("money", _PLAIN)
def dividends(sample: Sample) -> float:
    """Dividends received less those paid on short positions."""
    return sample.charges.dividends


@metric("money", _PLAIN)
def total_costs(sample: Sample) -> float:
    """Commission + slippage + borrow + margin interest."""
    charges = sample.charges
    return charges.commission + charges.slippage + charges.borrow + charges.margin_interest


@metric("ratio", _PLAIN)
def cost_drag(sample: Sample) -> float:
    """CAGR of E_T + total costs, less CAGR: what a year's growth lost, the saved costs not reinvested."""
    growth = cagr.read(sample)
    without = (sample.final + total_costs.read(sample)) / sample.cash
    return math.expm1(math.log(without) / sample.years) - growth


@metric("money", _PLAIN)
def capacity_1_percent(sample: Sample) -> float:
    """Starting cash at which the largest trade, relative to its market, is 1 % of the volume of its bar."""
    return _capacity(sample, 0.01)


@metric("money", _PLAIN)
def capacity_5_percent(sample: Sample) -> float:
    """Starting cash at which the largest trade, relative to its market, is 5 % of the volume of its bar."""
    return _capacity(sample, 0.05)


def _capacity(sample: Sample, share: float) -> float:
    """Scale all quantities with the cash; the thinner bar of entry and exit binds."""
    if sample.volumes is None:
        raise Undefined("the bars' volumes were not given")
    quantity = np.abs(sample.trades.quantity)
    if not len(sample.profits) or not float(np.maximum.reduce(quantity)):
        raise Undefined("no trade was closed")
    if not float(np.minimum.reduce(sample.volumes)) > 0.0:
        raise Undefined("a trade was made in a bar without volume")
    taken = float(np.maximum.reduce(quantity / sample.volumes))
    return sample.cash * share / taken


DEFINITIONS = (
    *(commission, slippage, borrow, margin_interest, dividends, total_costs, cost_drag),
    *(capacity_1_percent, capacity_5_percent),
)
