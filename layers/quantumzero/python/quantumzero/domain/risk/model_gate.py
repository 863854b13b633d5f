"""Model gate: an entry whose strategy asks for a model needs a score at or above the strategy's threshold.

Codes: NO_MODEL, MODEL_SCORE. Origin: the strategy document's own model section. Exits never wait for a model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    decision = proposal.decision
    if proposal.reducing or decision is None or decision.model is None:
        return None
    threshold = decision.model_threshold
    if threshold is None:
        return None
    score = proposal.inference.score
    if score is None:
        return Refusal(
            code="NO_MODEL",
            text=f"the strategy asks model {decision.model} and no score came; "
            "train and approve one, or take the model out of the document",
        )
    if score >= threshold:
        return None
    return Refusal(
        code="MODEL_SCORE",
        limit=threshold,
        value=score,
        text=f"model {proposal.inference.model} scored {score}; the strategy acts from {threshold} on",
    )
