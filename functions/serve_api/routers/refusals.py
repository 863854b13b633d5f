"""Every refusal as one body: a stable code, a sentence for a person, the field at fault and the request's id."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as RouteNotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
)

from quantumzero.contracts.api import ErrorBody
from quantumzero.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    QuantumZeroError,
    RefusedError,
    SignInAgainError,
    StoppedError,
    UnavailableError,
    UserError,
)

logger = Logger(child=True)

# From the narrow to the wide: the first class that an error is of gives its status and code.
_ANSWERS: tuple[tuple[type[QuantumZeroError], int, str], ...] = (
    (InvalidInputError, 422, "invalid_request"),
    (NotFoundError, 404, "not_found"),
    (SignInAgainError, 403, "sign_in_again"),
    (RefusedError, 409, "refused"),
    (StoppedError, 409, "refused"),
    (ConflictError, 409, "conflict"),
    (UnavailableError, 503, "unavailable"),
    (UserError, 422, "invalid_request"),
)


def refusal(
    status: int, code: str, message: str, *, request_id: str, field: str | None = None
) -> Response[str]:
    """Make the answer of one refusal."""
    body = ErrorBody(code=code, message=message, field=field, request_id=request_id)
    return Response(
        status_code=status,
        content_type="application/json",
        body=body.model_dump_json(),
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )


def answer_errors(app: APIGatewayHttpResolver) -> None:
    """Let every error be answered with an ErrorBody; nothing of the inside reaches the caller."""
    answers: dict[type[Exception], Callable[[Any, str], Response[str]]] = {
        QuantumZeroError: _known,
        RequestValidationError: _invalid,
        RequestUnsupportedContentType: _wrong_media_type,
        RouteNotFoundError: _unknown_route,
        Exception: _unexpected,
    }
    for kind, answer in answers.items():
        app.exception_handler(kind)(_with_request_id(app, answer))


def _with_request_id(
    app: APIGatewayHttpResolver, answer: Callable[[Any, str], Response[str]]
) -> Callable[[Exception], Response[str]]:
    def answered(error: Exception) -> Response[str]:
        context = app.current_event.raw_event["requestContext"]
        return answer(error, str(context.get("requestId", "unknown")))

    return answered


def _known(error: QuantumZeroError, request_id: str) -> Response[str]:
    for kind, status, code in _ANSWERS:
        if isinstance(error, kind):
            field = error.field if isinstance(error, UserError) else None
            return refusal(status, code, str(error), request_id=request_id, field=field)
    return _unexpected(error, request_id)


def _invalid(error: RequestValidationError, request_id: str) -> Response[str]:
    first = error.errors()[0]
    if first["loc"][0] == "response":  # what we were about to say broke our own contract
        return _unexpected(error, request_id)
    field = ".".join(str(part) for part in first["loc"])
    message = f"{field}: {first.get('msg', 'was not valid')}"
    return refusal(422, "invalid_request", message, request_id=request_id, field=field)


def _wrong_media_type(error: RequestUnsupportedContentType, request_id: str) -> Response[str]:
    message = f"{error}; send content-type application/json"
    return refusal(415, "unsupported_media_type", message, request_id=request_id)


def _unknown_route(error: Exception, request_id: str) -> Response[str]:
    message = "the path does not exist; docs/openapi.json lists the paths of this API"
    return refusal(404, "not_found", message, request_id=request_id)


def _unexpected(error: Exception, request_id: str) -> Response[str]:
    logger.exception("request failed unexpectedly", exc_info=error)
    message = "something failed on our side; try again, and name the request id if it stays"
    return refusal(500, "internal_error", message, request_id=request_id)
