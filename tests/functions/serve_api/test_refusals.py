"""Every refusal has one body, names the part at fault, and shows nothing of the inside."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.contracts.api import ErrorBody
from quantumzero.domain.errors import (
    ConflictError,
    CorruptDataError,
    StoppedError,
    UnavailableError,
    UnknownOutcomeError,
)
from tests.fakes.order_desk import OrderDesk
from tests.functions.serve_api.requests import HANDLER, Context, api_over, call, event

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api


@pytest.fixture
def api() -> Api:
    return api_over(OrderDesk())


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/v1/orders", {"limit": "0"}, "query.limit"),
        ("/v1/orders", {"limit": "501"}, "query.limit"),
        ("/v1/orders", {"limit": "ten"}, "query.limit"),
        ("/v1/orders", {"limit": "1,2"}, "query.limit"),
        ("/v1/orders", {"state": "OPEN"}, "query.state"),
        ("/v1/orders", {"symbol": "aapl"}, "query.symbol"),
        ("/v1/orders", {"simbol": "AAPL"}, "query.simbol"),
        ("/v1/portfolio", {"account": "other"}, "query.account"),
        ("/v1/bars", {}, "query.symbol"),
        ("/v1/bars", {"symbol": "AAPL", "timeframe": "2d"}, "query.timeframe"),
        ("/v1/bars", {"symbol": "AAPL", "until": "2005-03-01"}, "query.until"),
        ("/v1/bars", {"symbol": "AAPL", "until": "soon"}, "query.until"),
        ("/v1/decisions", {"strategy": "Sma"}, "query.strategy"),
        ("/v1/decisions", {"cursor": "nonsense"}, "query.cursor"),
        ("/v1/strategies/Sma", {}, "path.name"),
        ("/v1/strategies/sma", {"version": "0"}, "query.version"),
    ],
)
def test_a_wrong_parameter_is_named(api: Api, path: str, query: dict[str, str], field: str) -> None:
    answer = call(api, "GET", path, query=query)
    assert (answer.status, answer.body["code"], answer.body["field"]) == (
        422,
        "invalid_request",
        field,
    )


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/risk/halt", {}, "body.reason"),
        ("/v1/risk/halt", {"reason": "no"}, "body.reason"),
        ("/v1/risk/halt", {"reason": 7}, "body.reason"),
        ("/v1/risk/halt", {"reason": "enough", "force": True}, "body.force"),
        ("/v1/risk/halt", [], "body"),
        ("/v1/strategies", {"document": ""}, "body.document"),
        ("/v1/strategies/sma/enable", {"version": 0}, "body.version"),
    ],
)
def test_a_wrong_body_is_refused_with_its_field(api: Api, path: str, body: Any, field: str) -> None:
    answer = call(api, "POST", path, body=body)
    assert (answer.status, answer.body["code"]) == (422, "invalid_request")
    assert answer.body["field"].startswith(field)


@pytest.mark.parametrize(
    "raw", ["{", "\x00", "[" * 60_000, '{"reason": ' + "9" * 5_000 + "}"], ids=range(4)
)
def test_a_body_that_is_no_json_is_refused(api: Api, raw: str) -> None:
    answer = call(api, "POST", "/v1/risk/halt", raw_body=raw)
    assert (answer.status, answer.body["field"]) == (422, "body")


def test_an_encoded_body_is_read_and_bytes_that_are_no_text_are_refused(api: Api) -> None:
    for content, status in ((b'{"reason": "odd fills"}', 200), (b"\xff\xfe{", 422)):
        sent = event("POST", "/v1/risk/halt", raw_body=base64.b64encode(content).decode())
        assert HANDLER({**sent, "isBase64Encoded": True}, Context(), api)["statusCode"] == status


def test_a_body_above_64_kib_is_too_large_and_one_of_64_kib_is_read(api: Api) -> None:
    room = 64 * 1024 - len(json.dumps({"document": ""}))
    fits = call(api, "POST", "/v1/strategies/validate", body={"document": "a" * room})
    assert fits.status == 200
    above = call(api, "POST", "/v1/strategies/validate", body={"document": "a" * (room + 1)})
    assert (above.status, above.body["code"]) == (413, "too_large")


def test_another_content_type_is_refused(api: Api) -> None:
    answer = call(
        api,
        "POST",
        "/v1/risk/halt",
        body={"reason": "odd fills"},
        headers={"content-type": "text/xml"},
    )
    assert (answer.status, answer.body["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("GET", "/v1/strategies/unknown", None),
        ("POST", "/v1/strategies/unknown/enable", None),
        ("POST", "/v1/strategies/unknown/disable", None),
        ("GET", "/v1/bars", {"symbol": "ZZZZ"}),
    ],
)
def test_an_unknown_name_is_not_found(
    api: Api, method: str, path: str, query: dict[str, str] | None
) -> None:
    answer = call(api, method, path, query=query)
    assert (answer.status, answer.body["code"]) == (404, "not_found")


class FailingHeartbeats:
    """Every read raises the given error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def heartbeats(self, services: object) -> list[object]:
        raise self._error


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (UnavailableError("the table did not answer"), 503, "unavailable"),
        (ConflictError("another writer was first"), 409, "conflict"),
        (StoppedError("nothing goes on"), 409, "refused"),
        (CorruptDataError("secret detail"), 500, "internal_error"),
        (UnknownOutcomeError("secret detail"), 500, "internal_error"),
        (KeyError("secret detail"), 500, "internal_error"),
        (RecursionError("secret detail"), 500, "internal_error"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_each_branch_of_the_errors_has_its_answer_and_the_inside_stays_inside(
    error: Exception, status: int, code: str
) -> None:
    api = api_over(OrderDesk(), heartbeats=FailingHeartbeats(error))
    answer = call(api, "GET", "/v1/service-health")
    body = ErrorBody.model_validate(answer.body)
    assert (answer.status, body.code, body.request_id) == (status, code, "request-1")
    assert "secret detail" not in body.message
    assert answer.headers["Cache-Control"] == "no-store"


class Shapeless:
    """An API whose answers are not what their contract says."""

    client_ids: frozenset[str] = frozenset()

    def portfolio(self) -> dict[str, str]:
        return {"equity": "ten"}


def test_an_answer_that_breaks_our_own_contract_is_our_failure() -> None:
    answer = call(Shapeless(), "GET", "/v1/portfolio")  # type: ignore[arg-type]  # that is the point
    assert (answer.status, answer.body["code"]) == (500, "internal_error")
