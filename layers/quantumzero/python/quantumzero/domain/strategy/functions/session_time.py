"""session_time: how long the session has lasted."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import FunctionDefinition, counted
from quantumzero.domain.strategy.graph import Unit

DEFINITION = FunctionDefinition(
    name="session_time",
    summary="Whole minutes from the session's open to this bar's close (calendar none: from midnight UTC).",
    formula="(closes_at - open of the session) in minutes, rounded down",
    source="the exchange's calendar",
    arguments=(),
    unit=Unit.PLAIN,
    denominator=counted,
    fields=("opens_at", "closes_at"),
    calendar=True,
    stateless=True,
)
