"""The HTTP application: admission, routes, refusals and cache validators, in the order a request meets them."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from routers import (
    backtests,
    bars,
    decisions,
    lots,
    orders,
    portfolio,
    reconciliations,
    risk,
    service_health,
    strategies,
)
from routers.access import AccessRefused, authorise
from routers.refusals import answer_errors, refusal

from quantumzero.bootstrap.api import Api
from quantumzero.domain.errors import InvalidInputError

BODY_LIMIT = 64 * 1024


def refuse_unknown_parameters(
    app: APIGatewayHttpResolver, next_middleware: Callable[..., Response[Any]]
) -> Response[Any]:
    """A misspelt filter would answer with everything; it is refused instead."""
    known = {parameter.alias for parameter in app.context["_route"].dependant.query_params}
    for name in app.current_event.query_string_parameters or {}:
        if name not in known:
            may = (
                f"it may be one of {', '.join(sorted(known))}" if known else "this path takes none"
            )
            raise InvalidInputError(
                f"query parameter {name!r} does not exist; {may}", field=f"query.{name}"
            )
    return next_middleware(app)


def _assembled() -> APIGatewayHttpResolver:
    app = APIGatewayHttpResolver(enable_validation=True)
    app.use([refuse_unknown_parameters])
    account = (service_health, portfolio, orders, lots, decisions)
    for module in (*account, reconciliations, bars, strategies, risk, backtests):
        app.include_router(module.router)
    answer_errors(app)
    return app


application = _assembled()


def serve(event: dict[str, Any], context: LambdaContext, api: Api) -> dict[str, Any]:
    """Answer one API Gateway event (HTTP API, payload 2.0)."""
    try:
        authorise(event, client_ids=api.client_ids)
        _check_body(event)
    except AccessRefused as refused:
        answer = refusal(
            refused.status,
            refused.code,
            refused.message,
            request_id=str(event["requestContext"].get("requestId", "unknown")),
            field=refused.field,
        )
        headers = {**answer.headers, "Content-Type": answer.content_type}
        return {"statusCode": answer.status_code, "headers": headers, "body": answer.body}
    application.append_context(api=api)  # type: ignore[no-untyped-call]  # Powertools leaves it open
    return _validated(event, application.resolve(event, context))


def _check_body(event: Mapping[str, Any]) -> None:
    """Refuse what is too large to read, and what is not JSON, before anything looks inside."""
    body = event.get("body") or ""
    try:
        content = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
        if len(content) > BODY_LIMIT:
            raise AccessRefused(
                413,
                "too_large",
                f"the body was {len(content)} bytes; it may be {BODY_LIMIT}",
                field="body",
            )
        if content:
            json.loads(content)
    except (ValueError, RecursionError) as error:
        raise AccessRefused(
            422, "invalid_request", f"the body was not JSON in UTF-8: {error}", field="body"
        ) from error


def _validated(event: Mapping[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """Give the answer of a read an entity tag, and say 304 to whoever has it already.

    A polling page then receives a body only when something changed.
    """
    if event["requestContext"]["http"]["method"] != "GET" or answer["statusCode"] != 200:
        return answer
    tag = f'"{hashlib.sha256(answer["body"].encode()).hexdigest()[:32]}"'
    headers = {
        **answer.get("headers", {}),
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    sent = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    if tag in [
        each.strip().removeprefix("W/") for each in sent.get("if-none-match", "").split(",")
    ]:
        return {"statusCode": 304, "headers": headers, "body": ""}
    return {**answer, "headers": headers}
