"""Starts and stops executions of the state machine `backtest`; an execution is named by its run's attempt."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from quantumzero.adapters.aws.failures import translated

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.domain.backtests import BacktestRun

_NOT_RUNNING = ("ExecutionDoesNotExist", "ValidationException")


class StepFunctionsBacktests:
    """Implements BacktestExecutions; the client is made when it is first needed."""

    def __init__(self, states: Callable[[], Any], state_machine: str) -> None:
        self._states = states
        self._state_machine = state_machine

    def start(self, run: BacktestRun) -> None:
        """Start the attempt; one of that name that runs or has ended counts as success.

        Raises UnavailableError when Step Functions does not answer: the same start may be made again.
        """
        request = {"id": run.id, "attempt": run.attempt}
        try:
            with translated(f"starting backtest {run.execution}"):
                self._states().start_execution(
                    stateMachineArn=self._state_machine,
                    name=run.execution,
                    input=json.dumps(request),
                )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise

    def stop(self, run: BacktestRun) -> None:
        """Stop the attempt; one that never started or has ended counts as success."""
        machine = self._state_machine.replace(":stateMachine:", ":execution:")
        try:
            with translated(f"stopping backtest {run.execution}"):
                self._states().stop_execution(
                    executionArn=f"{machine}:{run.execution}",
                    error="Cancelled",
                    cause="somebody asked for the backtest to be cancelled",
                )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _NOT_RUNNING:
                raise
