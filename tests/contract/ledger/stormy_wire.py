"""A network between botocore and the table on which requests and replies are refused, delayed and lost.

botocore's own client sends every request through here, so that its own repetitions are part of what is tested.
"""

from __future__ import annotations

import io
import json
import zlib
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, ReadTimeoutError

from tests.contract.ledger.faults import CANCELLATIONS, CONFLICTS, UNWRITTEN, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.ledger.faults import Sky

_TRANSACTION = "TransactWriteItems"
_WRITES = frozenset({_TRANSACTION, "PutItem", "UpdateItem", "DeleteItem"})
_REASONS = {
    Fault.TRANSACTION_CONFLICT: "TransactionConflict",
    Fault.CANCELLED_BY_THROTTLING: "ThrottlingError",
    Fault.CANCELLED_BY_THROUGHPUT: "ProvisionedThroughputExceeded",
}
_CODES = {
    Fault.TRANSACTION_CONFLICT: (400, "TransactionConflictException"),
    Fault.THROUGHPUT: (400, "ProvisionedThroughputExceededException"),
    Fault.THROTTLING: (400, "ThrottlingException"),
    Fault.REQUEST_LIMIT: (400, "RequestLimitExceeded"),
    Fault.SERVER_ERROR: (500, "InternalServerError"),
    Fault.REPLY_TURNED_INTO_AN_ERROR: (500, "InternalServerError"),
    Fault.UNAVAILABLE: (503, "ServiceUnavailable"),
}


class StormyWire:
    """Registered for botocore's event before-send: forward carries a request to the table and brings its answer."""

    def __init__(self, sky: Sky, forward: Callable[[str, Any], Any]) -> None:
        self.sky = sky
        self._forward = forward

    def __call__(self, event_name: str, request: Any, **_: object) -> Any:
        operation = event_name.rsplit(".", 1)[-1]
        transaction, write = operation == _TRANSACTION, operation in _WRITES
        fault = self.sky.next(transaction=transaction, write=write)
        if fault is Fault.REQUEST_LOST:
            raise ConnectTimeoutError(endpoint_url=request.url)
        if fault in UNWRITTEN:
            return _refusal(request, fault, transaction=transaction)
        answer = self._forward(event_name, request)
        if fault is None:
            return answer
        if write and answer.status_code == 200:
            self.sky.unseen += 1
        return _without_reply(request, fault, answer)


def _refusal(request: Any, fault: Fault, *, transaction: bool) -> AWSResponse:
    """Return the answer of a table that wrote nothing."""
    if transaction and fault in CONFLICTS | CANCELLATIONS:
        count = len(json.loads(request.body)["TransactItems"])
        codes = ["None"] * (count - 1) + [_REASONS[fault]]
        return _answer(
            request,
            400,
            {
                "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                "Message": f"Transaction cancelled, please refer cancellation reasons [{', '.join(codes)}]",
                "CancellationReasons": [{"Code": code} for code in codes],
            },
        )
    status, code = _CODES[fault]
    return _answer(request, status, {"__type": f"com.amazonaws.dynamodb#{code}", "message": fault})


def _without_reply(request: Any, fault: Fault, answer: Any) -> Any:
    """Take away the answer of a table that did what was asked."""
    if fault is Fault.REPLY_LATE:
        raise ReadTimeoutError(endpoint_url=request.url)
    if fault is Fault.REPLY_TURNED_INTO_AN_ERROR:
        return _refusal(request, fault, transaction=False)
    if fault is Fault.REPLY_BROKEN:
        whole = answer.content
        headers = {"x-amz-crc32": str(zlib.crc32(whole + b" "))}
        return _raw(request, answer.status_code, headers, whole[: len(whole) // 2])
    raise ConnectionClosedError(endpoint_url=request.url)


def _answer(request: Any, status: int, body: dict[str, Any]) -> AWSResponse:
    content = json.dumps(body).encode()
    return _raw(request, status, {"x-amz-crc32": str(zlib.crc32(content))}, content)


def _raw(request: Any, status: int, headers: dict[str, str], content: bytes) -> AWSResponse:
    return AWSResponse(request.url, status, headers, _Stream(content))


class _Stream(io.BytesIO):
    """What botocore reads an answer from."""

    def stream(self, **_: object) -> Any:
        while piece := self.read():
            yield piece
