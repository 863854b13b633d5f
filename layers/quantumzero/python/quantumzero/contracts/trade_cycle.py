"""What crosses between the trade_cycle workflow and its tasks. msgspec: these are on the hot path."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.risk.proposal import ModelVerdict

RequestType = TypeVar("RequestType", bound=msgspec.Struct)


class Inference(msgspec.Struct, frozen=True):
    """The answer of infer_signal: score in [0, 1] or null, and the model that gave it (or why there is none)."""

    score: float | None
    model: str

    def to_domain(self) -> ModelVerdict:
        """Return the verdict; the score as it was written."""
        score = None if self.score is None else Decimal(repr(self.score))
        return ModelVerdict(score, self.model)


class CheckRiskRequest(msgspec.Struct, frozen=True):
    """The input of check_risk: the decision's place and the inference."""

    decision_id: str
    strategy: str
    symbol: str
    closes_at: datetime
    inference: Inference


class CheckRiskAnswer(msgspec.Struct, frozen=True):
    """The answer of check_risk; code is set on a refusal."""

    approved: bool
    client_order_id: str | None
    code: str | None
    reason: str


class PlaceOrderRequest(msgspec.Struct, frozen=True):
    """The input of place_order."""

    client_order_id: str


class PlaceOrderAnswer(msgspec.Struct, frozen=True):
    """The answer of place_order: the order's state when the work ended."""

    client_order_id: str
    state: str


def read_check_risk(event: Any) -> CheckRiskRequest:
    """Read the input of check_risk. Raises InvalidInputError naming the field."""
    request = _read(event, CheckRiskRequest)
    if request.closes_at.tzinfo is None:
        raise InvalidInputError("closes_at was without a zone; give ISO 8601 ending in Z")
    return request


def read_place_order(event: Any) -> PlaceOrderRequest:
    """Read the input of place_order. Raises InvalidInputError naming the field."""
    return _read(event, PlaceOrderRequest)


def _read(event: Any, kind: type[RequestType]) -> RequestType:
    try:
        return msgspec.convert(event, kind)
    except msgspec.ValidationError as error:
        raise InvalidInputError(f"the task's input was not usable: {error}") from error
