"""What crosses between the state machine backtest and its tasks."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from quantumzero.domain.errors import InvalidInputError

RequestType = TypeVar("RequestType", bound=msgspec.Struct)


class RunBacktestRequest(msgspec.Struct, frozen=True):
    """The input of run_backtest: which run, and the how-manieth start of it."""

    id: str
    attempt: int


class EndBacktestRequest(msgspec.Struct, frozen=True):
    """The input of end_backtest: the run, and Step Functions' words for what went wrong."""

    id: str
    attempt: int
    error: str
    cause: str = ""


class BacktestAnswer(msgspec.Struct, frozen=True):
    """The answer of both: where the run stands now."""

    id: str
    status: str
    key: str | None = None


def read_run_backtest(event: Any) -> RunBacktestRequest:
    """Read the input of run_backtest. Raises InvalidInputError naming the field."""
    return _read(event, RunBacktestRequest)


def read_end_backtest(event: Any) -> EndBacktestRequest:
    """Read the input of end_backtest. Raises InvalidInputError naming the field."""
    return _read(event, EndBacktestRequest)


def _read(event: Any, kind: type[RequestType]) -> RequestType:
    try:
        return msgspec.convert(event, kind)
    except msgspec.ValidationError as error:
        raise InvalidInputError(f"the task's input was not usable: {error}") from error
