"""Duplicate order: a strategy does not enter twice with the same order within a few seconds.

Code: DUPLICATE. Origin: SEC 15c3-5(c)(1)(ii), "or that indicate duplicative orders". The same decision is one order
anyway; this catches two decisions that ask for the same. Checked again, exactly, in the transaction.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from quantumzero.domain.orders import OrderRecord, OrderType, Side
    from quantumzero.domain.risk.proposal import Proposal


def fingerprint(record: OrderRecord) -> str:
    """Return what two orders of one strategy and symbol share when they are the same but for their id."""
    terms = record.terms
    price = terms.limit_price or terms.stop_price or record.reference_price
    return fingerprint_of(terms.side, terms.quantity, price, terms.order_type)


def fingerprint_of(side: Side, quantity: Decimal, price: Decimal, order_type: OrderType) -> str:
    """Return the fingerprint of an order that is not written yet; price is its own or the reference."""
    return f"{side}|{quantity.normalize():f}|{price.normalize():f}|{order_type}"


def earliest(proposal: Proposal) -> datetime | None:
    """Return since when the same order may not have been decided, None when it may at any time."""
    seconds = proposal.account.limits.duplicate_seconds
    if proposal.reducing or not seconds:
        return None
    return proposal.market_time - timedelta(seconds=float(seconds))


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    since, last = earliest(proposal), proposal.last_order_at
    if (
        since is None
        or last is None
        or proposal.last_order != proposal.fingerprint
        or last <= since
    ):
        return None
    ago = Decimal(str((proposal.market_time - last).total_seconds()))
    limit = proposal.account.limits.duplicate_seconds
    return Refusal(
        code="DUPLICATE",
        limit=limit,
        value=ago,
        text=f"{proposal.strategy} ordered the same {proposal.symbol} {ago} s ago; "
        f"the same order again may follow {limit} s later",
    )
