"""What the OpenAPI document says about an operation: its words, its answer and its refusals."""

from typing import Any

from pydantic import BaseModel

from quantumzero.contracts.api import ErrorBody

_REFUSALS = {
    401: "Not signed in, or the token is not an access token of this page's client",
    403: "The groups of the user do not reach this operation",
    404: "Nothing of that name is stored",
    409: "Understood, but the present state does not allow it; the message says what to do",
    413: "The body is larger than 64 KiB",
    415: "The body is not JSON",
    422: "The request is wrong; field names the part",
    500: "Something failed on our side",
    503: "A service behind the API did not answer; try again",
}
_EVERYWHERE = (401, 403, 422, 500, 503)
_WITH_BODY = (413, 415)


def operation(
    identifier: str,
    summary: str,
    answer: type[BaseModel],
    *,
    description: str,
    refusals: tuple[int, ...] = (),
    answers: tuple[int, ...] = (200,),
    takes_body: bool = False,
) -> dict[str, Any]:
    """Return the keyword arguments of a route; answers are the statuses of success."""
    codes = sorted({*_EVERYWHERE, *refusals, *(_WITH_BODY if takes_body else ())})
    responses: dict[int, Any] = {code: _content(summary, answer) for code in answers}
    responses |= {code: _content(_REFUSALS[code], ErrorBody) for code in codes}
    return {
        "operation_id": identifier,
        "summary": summary,
        "description": description,
        "responses": responses,
    }


def _content(description: str, model: type[BaseModel]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"model": model}}}
