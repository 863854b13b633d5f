"""Hold every answer against the vendor's shapes.

With QZ_VENDOR_OPENAPI naming a folder that holds the vendor's trading-api.json and
market-data-api.json, each answer is validated against its path, method and status there. The
required fields of the vendor's own client models are checked always.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jsonschema
from alpaca.trading import models

if TYPE_CHECKING:
    import requests

VARIABLE = "QZ_VENDOR_OPENAPI"
_DOCUMENTS = ("trading-api.json", "market-data-api.json")
_TRADE, _QUOTE = frozenset("tps"), frozenset({"t", "bp", "bs", "ap", "as"})
_BAR = frozenset({"t", "o", "h", "l", "c", "v", "n", "vw"})


def _required(model: Any) -> frozenset[str]:
    return frozenset(
        field.alias or name for name, field in model.model_fields.items() if field.is_required()
    )


# Path, whether the answer is a list, and the fields that the client cannot do without.
_FIELDS: tuple[tuple[str, bool, frozenset[str]], ...] = (
    (r"/v2/account", False, _required(models.TradeAccount)),
    (r"/v2/clock", False, _required(models.Clock)),
    (r"/v2/calendar", True, frozenset({"date", "open", "close"})),
    (r"/v2/assets", True, _required(models.Asset)),
    (r"/v2/assets/[^/]+", False, _required(models.Asset)),
    (r"/v2/orders", True, _required(models.Order)),
    (r"/v2/orders(/[^/]+|:by_client_order_id)", False, _required(models.Order)),
    (r"/v2/positions", True, _required(models.Position)),
    (r"/v2/positions/[^/]+", False, _required(models.Position)),
)
_GROUPS: tuple[tuple[str, str, frozenset[str]], ...] = (
    (r"/v2/stocks/trades(/latest)?", "trades", _TRADE),
    (r"/v2/stocks/quotes(/latest)?", "quotes", _QUOTE),
    (r"/v2/stocks/bars(/latest)?", "bars", _BAR),
)


class Checked:
    """A response hook that checks each answer and counts them."""

    def __init__(self) -> None:
        self.answers = 0

    def watch(self, client: Any) -> Any:
        """Check every answer that a vendor client gets from now on; return the client."""
        client._session.hooks["response"].append(self.check)
        return client

    def check(self, response: requests.Response, *_: Any, **__: Any) -> None:
        """Assert that the answer has the vendor's shape."""
        path, method = urlsplit(response.url).path, str(response.request.method)
        assert response.headers["X-Request-ID"]
        assert int(response.headers["X-Ratelimit-Limit"]) > 0
        self.answers += 1
        if response.status_code >= 400:
            assert isinstance(response.json()["message"], str)
            return
        if method == "GET":
            _check_fields(path, response.json())
        for document in _documents():
            _check_schema(document, path, method, response)


def _check_fields(path: str, body: Any) -> None:
    for pattern, is_list, fields in _FIELDS:
        if re.fullmatch(pattern, path):
            for view in body if is_list else [body]:
                assert fields <= view.keys(), (path, fields - view.keys())
    for pattern, group, fields in _GROUPS:
        if re.fullmatch(pattern, path):
            for views in body[group].values():
                for view in views if isinstance(views, list) else [views]:
                    assert fields <= view.keys(), (path, fields - view.keys())


@cache
def _documents() -> tuple[dict[str, Any], ...]:
    folder = os.environ.get(VARIABLE)
    if not folder:
        return ()
    texts = [(Path(folder) / name).read_text() for name in _DOCUMENTS]
    return tuple(_with_nulls(json.loads(text)) for text in texts)


def _with_nulls(node: Any) -> Any:
    """Write OpenAPI 3.0's nullable as JSON Schema does."""
    if isinstance(node, list):
        return [_with_nulls(item) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _with_nulls(value) for key, value in node.items()}
    if changed.pop("nullable", False) is True:
        return {"anyOf": [changed, {"type": "null"}]}
    return changed


def _check_schema(
    document: dict[str, Any], path: str, method: str, response: requests.Response
) -> None:
    operation = _operation(document, path, method)
    if operation is None:
        return
    answers = operation["responses"]
    assert str(response.status_code) in answers, (path, method, response.status_code)
    content = answers[str(response.status_code)].get("content", {})
    if not content:
        assert response.status_code == 204 or response.content == b""
        return
    schema = {**content["application/json"]["schema"], "components": document["components"]}
    jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.FormatChecker(["uuid", "date"])
    ).validate(response.json())


def _operation(document: dict[str, Any], path: str, method: str) -> dict[str, Any] | None:
    literal = document["paths"].get(path)
    templates = [literal] if literal else []
    templates += [
        operations
        for template, operations in document["paths"].items()
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path)
    ]
    for operations in templates:
        if method.lower() in operations:
            return dict(operations[method.lower()])
    return None
