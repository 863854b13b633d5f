"""Order quantity: a finite number of shares, as fine as a broker divides them, and an entry at most the limit.

Code: MAX_QTY. Origin: RTS 6 article 15(1)(c), maximum order volume. Prices are whole ticks: a cent, below one dollar
0.0001 (SEC rule 612 of Regulation NMS).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal

SMALLEST = Decimal("0.000000001")
_HUGE = Decimal("1E15")
_CENT = Decimal("0.01")
_BELOW_ONE = Decimal("0.0001")


def tick_of(price: Decimal) -> Decimal:
    """Return the step of prices of that size."""
    return _CENT if price >= 1 else _BELOW_ONE


def finer(number: Decimal, step: Decimal) -> bool:
    """Tell whether the number has digits below the step, a power of ten."""
    return number.quantize(step) != number if abs(number) < _HUGE else False


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    quantity = proposal.quantity
    if not quantity.is_finite():
        return Refusal("MAX_QTY", f"the quantity was {quantity}; it must be a finite number")
    if finer(quantity, SMALLEST):
        text = f"the quantity was {quantity}; shares are divided to nine decimals"
        return Refusal("MAX_QTY", text, limit=SMALLEST, value=quantity)
    for price in (proposal.terms.limit_price, proposal.terms.stop_price):
        if price is not None and price.is_finite() and finer(price, tick_of(price)):
            text = f"a price was {price}; it must be a multiple of {tick_of(price)}"
            return Refusal("MAX_QTY", text, limit=tick_of(price), value=price)
    limit = proposal.account.limits.order_quantity
    if proposal.reducing or limit is None or quantity <= limit:
        return None
    return Refusal(
        code="MAX_QTY",
        limit=limit,
        value=quantity,
        text=f"the order is for {quantity} shares; one order may be for {limit}",
    )
