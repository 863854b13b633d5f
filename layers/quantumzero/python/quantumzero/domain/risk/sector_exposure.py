"""Sector exposure: what is held and working in the symbols of one sector, with this order, is at most the limit.

Code: EXPOSURE_SECTOR. Origin: RTS 6 article 15(5). The limits say which sector a symbol is in; a symbol without one is
not limited here. Checked again in the transaction: no other symbol of the sector may use more than was read.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quantumzero.domain.risk.proposal import Proposal

_ZERO = Decimal(0)


def uses(proposal: Proposal) -> Mapping[str, Decimal]:
    """Return what the orders of each symbol of the sector reserved, empty when the sector is not limited."""
    limits, account = proposal.account.limits, proposal.account
    sector = limits.sectors.get(proposal.symbol)
    if sector is None or limits.sector_exposure is None:
        return {}
    members = sorted(symbol for symbol, other in limits.sectors.items() if other == sector)
    return {symbol: account.symbol_used.get(symbol, _ZERO) for symbol in members}


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    limits = proposal.account.limits
    reserved, limit = uses(proposal), limits.sector_exposure
    if proposal.reducing or not reserved or limit is None:
        return None
    held = proposal.held_at_market
    used = sum((max(used, held.get(name, _ZERO)) for name, used in reserved.items()), _ZERO)
    after = used + proposal.value
    if after <= limit:
        return None
    return Refusal(
        code="EXPOSURE_SECTOR",
        limit=limit,
        value=after,
        text=f"with this order {limits.sectors[proposal.symbol]} would be {after} of exposure; "
        f"at most {limit} may be",
    )
