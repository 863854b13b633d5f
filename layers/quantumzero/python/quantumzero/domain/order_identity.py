"""Names of orders and claims: pure functions of what they are about, so a repetition names the same thing.

The scheme is the write-ahead identity of TigerBeetle (docs/coding/reliable-transaction-submission.md): the
client makes the id and stores it before the first send, and every retry carries the same one.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from quantumzero.domain.decisions import Action, Decision

if TYPE_CHECKING:
    from datetime import datetime

PREFIX = "qz1-"
_DIGEST_LENGTH = 26


def client_order_id(
    *,
    account: str,
    strategy: str,
    version: int,
    decided_at: datetime,
    symbol: str,
    leg: str = "entry",
    intent: int = 0,
) -> str:
    """Return the order's id of 30 characters, valid at every broker we know.

    decided_at is the close of the bar decided on (aware UTC), never the time of the work; leg tells the orders of one
    decision apart; intent grows when an order replaces another, because brokers never accept an id twice.
    """
    parts = (account, strategy, str(version), f"{decided_at:%Y%m%dT%H%M%S.%fZ}", symbol, leg)
    digest = hashlib.sha256("|".join((*parts, str(intent))).encode()).digest()
    return PREFIX + base64.b32encode(digest).decode()[:_DIGEST_LENGTH].lower()


def order_id_of(account: str, decision: Decision) -> str:
    """Return the id of the one order that follows from a decision to act."""
    return client_order_id(
        account=account,
        strategy=decision.strategy,
        version=decision.version,
        decided_at=decision.closes_at,
        symbol=decision.symbol,
        leg="entry" if decision.action is Action.ENTER_LONG else "exit",
    )


def successor_id(order: str, purpose: str) -> str:
    """Return the id of the order that follows from another one for that purpose, of the same form."""
    digest = hashlib.sha256(f"{order}|{purpose}".encode()).digest()
    return PREFIX + base64.b32encode(digest).decode()[:_DIGEST_LENGTH].lower()


def is_ours(identifier: str) -> bool:
    """Tell whether a client order id was made here."""
    return identifier.startswith(PREFIX)


def claim_id(order: str, request: str) -> str:
    """Return the name of one request's claim on one order: another request never owns it."""
    return hashlib.sha256(f"{order}|{request}".encode()).hexdigest()[:32]
