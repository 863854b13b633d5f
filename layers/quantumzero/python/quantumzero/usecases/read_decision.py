"""Read one decision by its identifier."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from quantumzero.domain.errors import NotFoundError
from quantumzero.usecases.list_decisions import decision_view

if TYPE_CHECKING:
    from quantumzero.contracts.api import DecisionView
    from quantumzero.domain.decisions import Decision
    from quantumzero.ports.decisions import DecisionStore

# The parts that domain/decisions.py joins; a symbol holds no hyphen, so the split is unambiguous.
_IDENTIFIER = re.compile(
    r"(?P<strategy>[a-z][a-z0-9-]*)-v(?P<version>\d{1,6})-(?P<symbol>[A-Z][A-Z0-9_]*)"
    r"-(?P<closes_at>\d{8}T\d{6}Z)"
)


def read_decision(identifier: str, *, decisions: DecisionStore) -> DecisionView:
    """Return the decision; NotFoundError when no decision has that identifier."""
    decision = _find(identifier, decisions)
    if decision is None or decision.id != identifier:
        raise NotFoundError(
            f"decision was {identifier!r}, which is not stored; list them with GET /v1/decisions"
        )
    return decision_view(decision)


def _find(identifier: str, decisions: DecisionStore) -> Decision | None:
    parts = _IDENTIFIER.fullmatch(identifier)
    if parts is None:
        return None
    try:
        closes_at = datetime.strptime(parts["closes_at"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    symbol = parts["symbol"].replace("_", ".")
    return decisions.decision(parts["strategy"], symbol, closes_at)
