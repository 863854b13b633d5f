"""Asks the deployed API function directly, as the gateway would: the replay's own view of the product.

Going through the function keeps one definition of every figure: what `qz` prints is what the page shows.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from quantumzero.domain.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CLAIMS = {
    "sub": "local-operator",
    "username": "local-operator",
    "token_use": "access",
    "cognito:groups": "[admin]",
}


class ApiClient:
    """Calls routes of /v1 by invoking the function with the gateway's event."""

    def __init__(
        self, lambda_client: Any, function_name: str, client_id: str, *, user: str | None = None
    ) -> None:
        self._lambda = lambda_client
        self._function_name = function_name
        named = {"username": user} if user else {}
        self._claims = {**_CLAIMS, "client_id": client_id, **named}

    def call(
        self,
        method: str,
        path: str,
        *,
        body: dict[str, Any] | None = None,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Return the status and the decoded body of one call; names of headers are in lower case."""
        asked = query or {}
        event = {
            "version": "2.0",
            "routeKey": f"{method} /v1/{{proxy+}}",
            "rawPath": path,
            "rawQueryString": urlencode(asked),
            "queryStringParameters": {key: str(value) for key, value in asked.items()} or None,
            "headers": {"content-type": "application/json", **(headers or {})},
            "requestContext": {
                "stage": "$default",
                "requestId": "local",
                "http": {"method": method, "path": path, "sourceIp": "127.0.0.1"},
                "authorizer": {"jwt": {"claims": self._claims, "scopes": None}},
            },
            "body": json.dumps(body) if body is not None else None,
            "isBase64Encoded": False,
        }
        answer = self._lambda.invoke(FunctionName=self._function_name, Payload=json.dumps(event))
        payload = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise UnavailableError(f"the API function failed on {path}: {payload}")
        return int(payload["statusCode"]), json.loads(payload["body"] or "null")

    def get(self, path: str, **query: str | int) -> Any:
        """Return the body of a GET that must succeed."""
        status, body = self.call("GET", path, query=query)
        if status != 200:
            raise UnavailableError(f"GET {path} answered {status}: {body}")
        return body

    def every(self, path: str, key: str, **query: str | int) -> Iterator[dict[str, Any]]:
        """Yield the items of all pages of a listing, newest first."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.get(path, limit=500, **query, **({"cursor": cursor} if cursor else {}))
            yield from page[key]
            cursor = page["next_cursor"]
