"""Requests of people that need the broker: the ready use case, once a process."""

from __future__ import annotations

from functools import cache

from quantumzero.adapters.aws.ledger_requests import requests_of
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.adapters.clocks import SystemClock
from quantumzero.bootstrap.ledger import cancel_orders, empty_book, ledger, place_order
from quantumzero.usecases.cancel_scope import CancelScope
from quantumzero.usecases.carry_out_requests import CarryOutRequests

__all__ = ["carry_out_requests", "requests_of"]


@cache
def carry_out_requests() -> CarryOutRequests:
    """Return the use case of carry_out_requests."""
    scope = CancelScope(
        ledger=ledger(),
        cancel=cancel_orders(),
        machine=SystemClock(),
        pause=JitteredBackoff(base=1.0, longest=5.0),
    )
    return CarryOutRequests(
        ledger=ledger(),
        place=place_order(),
        cancel=cancel_orders(),
        empty=empty_book(),
        scope=scope,
    )
