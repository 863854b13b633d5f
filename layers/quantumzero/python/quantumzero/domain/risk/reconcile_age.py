"""Reconcile age: entries need a clean comparison with the broker of the last minutes.

Code: RECONCILE_STALE. Origin: nautilus_trader does not start without one. Machine time. Without a limit only an unclean
comparison stops entries, by the trading state.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    limit, account = proposal.account.limits.reconcile_minutes, proposal.account
    if proposal.reducing or limit is None:
        return None
    if account.reconciled_at is None or account.reconcile_clean is not True:
        text = (
            "ledger and broker were never found equal since the last difference; compare them first"
        )
        return Refusal("RECONCILE_STALE", text, limit=limit)
    seconds = Decimal(int((proposal.machine_time - account.reconciled_at).total_seconds()))
    if seconds <= limit * 60:
        return None
    return Refusal(
        code="RECONCILE_STALE",
        limit=limit,
        value=round(seconds / 60, 2),
        text=f"ledger and broker were last compared {seconds / 60:.1f} minutes ago; "
        f"entries need a comparison of the last {limit}",
    )
