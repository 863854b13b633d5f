"""Starts a trade_cycle execution for each actionable decision; the execution's name is the decision's id."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from quantumzero.adapters.aws.failures import translated
from quantumzero.contracts.formats import utc_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.domain.decisions import Decision


class StepFunctionsTradeCycles:
    """Implements TradeCycles.

    states makes the client when it is first needed: most bars end in no decision to act.
    """

    def __init__(self, states: Callable[[], Any], state_machine: str) -> None:
        self._states = states
        self._state_machine = state_machine

    def start(self, decision: Decision) -> None:
        """Start the execution; one of that name that runs or has ended counts as success.

        Raises UnavailableError when Step Functions does not answer: the same start may be made again.
        """
        request = {
            "decision_id": decision.id,
            "strategy": decision.strategy,
            "symbol": decision.symbol,
            "closes_at": utc_text(decision.closes_at),
        }
        try:
            with translated(f"starting the execution {decision.id}"):
                self._states().start_execution(
                    stateMachineArn=self._state_machine,
                    name=decision.id,
                    input=json.dumps(request),
                )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise
