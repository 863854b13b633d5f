"""What trading costs: the document's words and the brokers' tariffs -> the simulation's rates.

Regulatory fees (sells only). SEC, Section 31 of the Exchange Act: the fee-rate advisories and
orders, the newest Release 34-104909 of 2026-02-27 (Federal Register 2026-04233). FINRA Trading
Activity Fee: FINRA By-Laws, Schedule A, section 1. Interactive Brokers: US stocks, tiered pricing,
without the exchanges' and the clearing house's own charges. Alpaca: no commission, regulatory fees
passed on. One rate holds for a whole run: the one in force on its last day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.simulation.request import INFINITE, CostSettings

if TYPE_CHECKING:
    from decimal import Decimal

    from quantumzero.domain.strategy.document import Costs

_MILLION = 1_000_000

SEC_FEE_PER_MILLION = (
    ("2018-05-22", 13.00), ("2019-04-16", 20.70), ("2020-02-18", 22.10), ("2021-02-25", 5.10),
    ("2022-05-14", 22.90), ("2023-02-27", 8.00), ("2024-05-22", 27.80), ("2025-05-14", 0.00),
    ("2026-04-04", 20.60),
)  # fmt: skip
"""First day (exchange date) and dollars per million of the value sold."""

FINRA_TRADING_ACTIVITY_FEE = (
    ("2012-07-01", 0.000119, 5.95), ("2022-01-01", 0.000130, 6.49), ("2023-01-01", 0.000145, 7.27),
    ("2024-01-01", 0.000166, 8.30), ("2026-01-01", 0.000195, 9.79),
)  # fmt: skip
"""First day, dollars per share sold and the most of one trade."""

INTERACTIVE_BROKERS_TIERS = (
    (0.0, 0.0035), (300_000.0, 0.0020), (3_000_000.0, 0.0015), (20_000_000.0, 0.0010),
    (100_000_000.0, 0.0005),
)  # fmt: skip
"""Shares traded so far in the month and dollars per share from there on."""

_INTERACTIVE_BROKERS_MINIMUM, _INTERACTIVE_BROKERS_MAXIMUM = 0.35, 0.01
ALPACA, INTERACTIVE_BROKERS = "alpaca", "interactive_brokers_tiered"
PLANS = (ALPACA, INTERACTIVE_BROKERS)


@dataclass(frozen=True, slots=True)
class RegulatoryFees:
    """Rates of one day: of the value sold, per share sold, and the most of the latter a sale."""

    value_rate: float
    per_share: float
    per_share_cap: float


def regulatory_fees(day: str) -> RegulatoryFees:
    """Return the fees in force on an exchange date (ISO 8601); the earliest known before them."""
    per_million = [rate for first, rate in SEC_FEE_PER_MILLION if first <= day]
    activity = [rates for first, *rates in FINRA_TRADING_ACTIVITY_FEE if first <= day]
    per_share, cap = activity[-1] if activity else FINRA_TRADING_ACTIVITY_FEE[0][1:]
    value = per_million[-1] if per_million else SEC_FEE_PER_MILLION[0][1]
    return RegulatoryFees(value / _MILLION, per_share, cap)


def cost_settings(costs: Costs, last_day: str) -> CostSettings:
    """Return the rates of a document's costs; raises InvalidInputError for an unknown plan."""
    plan = costs.commission_plan
    if plan is not None and plan not in PLANS:
        raise InvalidInputError(f"commission plan was {plan!r}; it may be {' or '.join(PLANS)}")
    fees = regulatory_fees(last_day) if plan else RegulatoryFees(0.0, 0.0, INFINITE)
    tiered = plan == INTERACTIVE_BROKERS
    most = costs.commission_maximum_percent
    maximum = INFINITE if most is None else _percent(most)
    least = float(costs.commission_minimum)
    return CostSettings(
        rate=_basis_points(costs.commission_bps),
        per_share=float(costs.commission_per_share),
        per_trade=float(costs.commission_per_trade),
        minimum=max(least, _INTERACTIVE_BROKERS_MINIMUM) if tiered else least,
        maximum_rate=min(maximum, _INTERACTIVE_BROKERS_MAXIMUM) if tiered else maximum,
        sell_value_rate=fees.value_rate,
        sell_per_share=fees.per_share,
        sell_per_share_cap=fees.per_share_cap,
        tier_shares=tuple(shares for shares, _ in INTERACTIVE_BROKERS_TIERS) if tiered else (),
        tier_rates=tuple(rate for _, rate in INTERACTIVE_BROKERS_TIERS) if tiered else (),
        slippage_rate=_basis_points(costs.slippage_bps),
        volume_share_impact=float(costs.volume_share_impact),
        square_root_coefficient=float(costs.square_root_coefficient),
        borrow_rate=_percent(costs.borrow_percent),
        interest_rate=_percent(costs.margin_interest_percent),
    )


def _basis_points(value: Decimal) -> float:
    return float(value / 10_000)


def _percent(value: Decimal) -> float:
    return float(value / 100)
