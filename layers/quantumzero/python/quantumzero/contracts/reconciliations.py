"""What the HTTP API says of comparisons with the broker, and what it accepts about them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from quantumzero.contracts.api import ApiModel, DecimalText, UtcTime

ReconciliationId = Annotated[
    str,
    Field(pattern=r"^\d{8}T\d{6}\.\d{6}Z$", examples=["20261123T150500.000250Z"]),
]


class ReconciliationDifference(ApiModel):
    """One thing on which ledger and broker differ; subject is a symbol, an order's id or cash. ledger
    and broker are quantities, or money for cash, and null for an order.
    """

    kind: Literal["order", "position", "cash"]
    subject: str
    text: str
    ledger: DecimalText | None
    broker: DecimalText | None


class ReconciliationView(ApiModel):
    """One comparison. no_verdict says that the broker could not be read whole, and reason why;
    external counts orders that somebody else made in the account. difference_count counts all
    differences, differences holds the first hundred. accepted_by made the broker's figures the truth.
    """

    id: ReconciliationId
    at: UtcTime
    market_time: UtcTime | None
    verdict: Literal["clean", "differs", "no_verdict"]
    orders: int
    positions: int
    external: int
    difference_count: int
    differences: list[ReconciliationDifference]
    reason: str | None
    accepted_by: str | None
    accepted_at: UtcTime | None
    accepted_reason: str | None


class ReconciliationList(ApiModel):
    """Newest first; next_cursor continues the listing and is null on the last page."""

    reconciliations: list[ReconciliationView]
    next_cursor: str | None


class AcceptRequest(ApiModel):
    """Why the broker is right: it is written into every correction."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]
