"""The controls in the order they are asked: the first refusal is the answer."""

from __future__ import annotations

from collections.abc import Callable

from quantumzero.domain.risk import (
    buying_power,
    gross_exposure,
    model_gate,
    order_value,
    price_collar,
    short_sale,
    stale_price,
    symbol_exposure,
    trading_state,
    zero_size,
)
from quantumzero.domain.risk.proposal import Proposal
from quantumzero.domain.risk.refusals import Refusal

Control = Callable[[Proposal], Refusal | None]

CONTROLS: tuple[Control, ...] = (
    trading_state.check,
    model_gate.check,
    zero_size.check,
    short_sale.check,
    stale_price.check,
    price_collar.check,
    order_value.check,
    gross_exposure.check,
    symbol_exposure.check,
    buying_power.check,
)


def first_refusal(proposal: Proposal) -> Refusal | None:
    """Return the first control's refusal of the order, None when all pass."""
    for control in CONTROLS:
        refusal = control(proposal)
        if refusal is not None:
            return refusal
    return None
