"""The controls in the order they are asked: the first refusal is the answer."""

from __future__ import annotations

from collections.abc import Callable

from quantumzero.domain.risk import (
    buying_power,
    duplicate_order,
    execution_throttle,
    gross_exposure,
    loss_limit,
    message_rate,
    model_gate,
    net_exposure,
    open_count,
    opposite_side,
    order_quantity,
    order_value,
    permission,
    price_collar,
    reconcile_age,
    reject_storm,
    restricted_symbol,
    sector_exposure,
    self_cross,
    short_sale,
    stale_price,
    strategy_exposure,
    symbol_exposure,
    trading_session,
    trading_state,
    zero_size,
)
from quantumzero.domain.risk.proposal import Proposal
from quantumzero.domain.risk.refusals import Refusal

Control = Callable[[Proposal], Refusal | None]

CONTROLS: tuple[Control, ...] = (
    trading_state.check,
    permission.check,
    restricted_symbol.check,
    trading_session.check,
    reconcile_age.check,
    loss_limit.check,
    reject_storm.check,
    model_gate.check,
    order_quantity.check,
    zero_size.check,
    short_sale.check,
    opposite_side.check,
    stale_price.check,
    price_collar.check,
    order_value.check,
    gross_exposure.check,
    net_exposure.check,
    symbol_exposure.check,
    sector_exposure.check,
    strategy_exposure.check,
    buying_power.check,
    open_count.check,
    duplicate_order.check,
    self_cross.check,
    execution_throttle.check,
    message_rate.check,
)


def first_refusal(proposal: Proposal) -> Refusal | None:
    """Return the first control's refusal of the order, None when all pass."""
    for control in CONTROLS:
        refusal = control(proposal)
        if refusal is not None:
            return refusal
    return None
