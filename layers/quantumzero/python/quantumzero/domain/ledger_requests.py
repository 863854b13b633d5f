"""What people ask for by writing it into the ledger, and what only somebody with the broker's keys can carry out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# How the reason of an order begins whose end a person asked for; the stream's filter looks for it too.
CANCEL_ASKED = "cancel asked by "


class Asked(StrEnum):
    """HALT cancels what works in its scope, SEND sends an intent, CANCEL ends one order at the broker."""

    HALT = "halt"
    SEND = "send"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class LedgerRequest:
    """One request. subject is an order's id; of a halt the scope (account_risk names them), empty for the account."""

    asked: Asked
    subject: str = ""
