"""Every refusal as one body: a stable code, a sentence for a person, the field at fault and the request's id."""

import json
from typing import TYPE_CHECKING, Any

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
    StoppedError,
    UnavailableError,
    UserError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

logger = Logger(child=True)

# From the narrow to the wide: the first class that an error is of gives its status and code.
_ANSWERS: tuple[tuple[type[QuantumZeroError], int, str], ...] = (
    (InvalidInputError, 422, "invalid_request"),
    (NotFoundError, 404, "not_found"),
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
    """Let the application answer every error with an ErrorBody; nothing of the inside reaches the caller."""
    on_error: Callable[[type[Exception]], Callable[..., Any]] = app.exception_handler

    def request_id() -> str:
        return str(app.current_event.raw_event["requestContext"].get("requestId", "unknown"))

    @on_error(QuantumZeroError)
    def known(error: QuantumZeroError) -> Response[str]:
        for kind, status, code in _ANSWERS:
            if isinstance(error, kind):
                field = error.field if isinstance(error, UserError) else None
                return refusal(status, code, str(error), request_id=request_id(), field=field)
        return unexpected(error)

    @on_error(RequestValidationError)
    def invalid(error: RequestValidationError) -> Response[str]:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        return refusal(
            422,
            "invalid_request",
            f"{field}: {first.get('msg', 'was not valid')}",
            request_id=request_id(),
            field=field,
        )

    @on_error(RequestUnsupportedContentType)
    def wrong_media_type(error: RequestUnsupportedContentType) -> Response[str]:
        sent = app.current_event.headers.get("content-type", "absent")
        message = f"content-type was {json.dumps(sent)}; send application/json"
        return refusal(415, "unsupported_media_type", message, request_id=request_id())

    @on_error(RouteNotFoundError)
    def unknown_route(error: RouteNotFoundError) -> Response[str]:
        message = (
            f"path was {app.current_event.path}; docs/openapi.json lists the paths of this API"
        )
        return refusal(404, "not_found", message, request_id=request_id())

    @on_error(Exception)
    def unexpected(error: Exception) -> Response[str]:
        logger.exception("request failed unexpectedly", exc_info=error)
        message = "something failed on our side; try again, and name the request id if it stays"
        return refusal(500, "internal_error", message, request_id=request_id())
