"""Requests of people in the ledger's change stream: what an item became, compared with what it was.

The stream's filter (stacks/trading.py) delivers little else; what is not a request is passed over here as well, since
a filter cannot compare the two images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.ledger_table import values_of
from quantumzero.adapters.aws.risk_items import SCOPE_PREFIX, scoped_state
from quantumzero.domain.ledger_requests import CANCEL_ASKED, Asked, LedgerRequest
from quantumzero.domain.orders import OrderState, Origin
from quantumzero.domain.risk.account_risk import TradingState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ORDER_PREFIX = "O#"


def requests_of(image: Mapping[str, Any]) -> Sequence[LedgerRequest]:
    """Return what the change of one item asks for; mostly nothing. image is the `dynamodb` part of a stream record."""
    new = image.get("NewImage")
    if not new:
        return ()
    sort = image["Keys"]["sk"]["S"]
    old, now = values_of(image.get("OldImage") or {}), values_of(new)
    if sort == "RISK":
        return _halts(old, now)
    return _of_order(old, now) if sort.startswith(_ORDER_PREFIX) else ()


def _halts(old: Mapping[str, Any], now: Mapping[str, Any]) -> Sequence[LedgerRequest]:
    """An account that is halted covers its scopes."""
    if now.get("state") == TradingState.HALTED:
        return () if old.get("state") == TradingState.HALTED else (LedgerRequest(Asked.HALT),)
    return tuple(
        LedgerRequest(Asked.HALT, name.removeprefix(SCOPE_PREFIX))
        for name in sorted(now)
        if name.startswith(SCOPE_PREFIX) and _halted(now[name]) and not _halted(old.get(name))
    )


def _halted(text: str | None) -> bool:
    return text is not None and scoped_state(text).state is TradingState.HALTED


def _of_order(old: Mapping[str, Any], now: Mapping[str, Any]) -> Sequence[LedgerRequest]:
    name = now["client_order_id"]
    if not old:
        by_hand = now.get("origin") == Origin.MANUAL or "replaces" in now
        wanted = by_hand and now["state"] == OrderState.INTENT and not now.get("held")
        return (LedgerRequest(Asked.SEND, name),) if wanted else ()
    # Whoever has the broker's keys cancels by himself when he marks an order.
    by_hand = str(now.get("reason", "")).startswith(CANCEL_ASKED)
    if by_hand and now.get("cancel_requested") and not old.get("cancel_requested"):
        return (LedgerRequest(Asked.CANCEL, name),)
    return ()
