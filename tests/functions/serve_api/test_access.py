"""Who may do what: every route against every group, and every kind of token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.order_desk import OrderDesk
from tests.functions.serve_api.requests import DOCUMENT, api_over, call, claims, in_function

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api

access = in_function("routers.access")
application = in_function("application").application

BODIES = {
    "/v1/strategies": {"document": DOCUMENT},
    "/v1/strategies/validate": {"document": DOCUMENT},
    "/v1/risk/halt": {"reason": "test"},
    "/v1/risk/flatten": {"reason": "test"},
    "/v1/risk/limits": {
        "reason": "test",
        "changes": [{"name": "order_value", "value": "100"}],
    },
    "/v1/backtests": {"strategy": "sma-cross", "symbols": ["AAPL"]},
    "/v1/reconciliations/<reconciliation_id>/accept": {"reason": "a dividend"},
    "/v1/orders": {"symbol": "AAPL", "side": "buy", "quantity": "1"},
    "/v1/lots/named": {"order": "none", "lots": [{"lot": "none", "quantity": "1"}]},
}
BODIES["/v1/orders/<order_id>/replace"] = {"limit_price": "39"}
HEADERS = {key: {"idempotency-key": "the-first-one"} for key in ("/v1/orders", "/v1/risk/flatten")}
QUERIES = {"/v1/bars": {"symbol": "AAPL"}}
ROUTES = sorted(access.LEAST_GROUP)
RANKS = {None: 0, "guest": 0, "viewer": 1, "trader": 2, "admin": 3}


@pytest.fixture
def api() -> Api:
    desk = OrderDesk()
    desk.price("AAPL", "40.00")
    api = api_over(desk)
    call(api, "POST", "/v1/strategies", body={"document": DOCUMENT})
    return api


def test_every_route_of_the_application_is_in_the_table_and_no_other() -> None:
    served = {
        (route.method, route.path)
        for route in application._static_routes + application._dynamic_routes
    }
    assert served == set(access.LEAST_GROUP)


def test_a_viewer_may_change_nothing() -> None:
    changing = {route for route in ROUTES if route[0] != "GET"} - {
        ("POST", "/v1/strategies/validate")
    }
    assert all(access.LEAST_GROUP[route] > access.Group.VIEWER for route in changing)
    assert access.LEAST_GROUP["POST", "/v1/risk/resume"] is access.Group.ADMIN


@pytest.mark.parametrize("group", RANKS)
@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_a_route_takes_its_group_and_those_above(
    api: Api, route: tuple[str, str], group: str | None
) -> None:
    method, template = route
    path = template.replace("<name>", "sma-cross")
    for part in ("<decision_id>", "<backtest_id>", "<order_id>", "<reconciliation_id>"):
        path = path.replace(part, "none")
    answer = call(
        api,
        method,
        path,
        query=QUERIES.get(template),
        body=BODIES.get(template) if method == "POST" else None,
        headers=HEADERS.get(template),
        token=claims(group),
    )
    if RANKS[group] < access.LEAST_GROUP[route]:
        assert (answer.status, answer.body["code"]) == (403, "not_allowed")
        assert access.LEAST_GROUP[route].name.lower() in answer.body["message"]
    else:
        assert answer.status not in (401, 403, 405, 422, 500)


def test_access_is_judged_before_the_request_is_read(api: Api) -> None:
    answer = call(api, "POST", "/v1/risk/halt", raw_body="{", token=claims("viewer"))
    assert answer.status == 403


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ({}, "not_signed_in"),
        (claims("admin", token_use="id"), "wrong_token"),  # noqa: S106  # a claim's name, no password
        (claims("admin", client_id="another"), "wrong_token"),
    ],
    ids=["nobody", "identity token", "another client"],
)
def test_only_access_tokens_of_our_client_pass(api: Api, token: dict[str, str], code: str) -> None:
    answer = call(api, "GET", "/v1/portfolio", token=token)
    assert (answer.status, answer.body["code"]) == (401, code)
    assert answer.body["request_id"] == "request-1"


def test_without_named_clients_the_authorizer_alone_judges_the_client() -> None:
    api = api_over(OrderDesk(), client_ids=frozenset())
    assert call(api, "GET", "/v1/portfolio", token=claims(client_id="any")).status == 200


@pytest.mark.parametrize("named", ["[viewer trader]", "viewer trader", ["viewer", "trader"]])
def test_the_highest_of_several_groups_counts(api: Api, named: object) -> None:
    token = {**claims(None), "cognito:groups": named}
    assert call(api, "POST", "/v1/risk/halt", body={"reason": "test"}, token=token).status == 200
    assert call(api, "POST", "/v1/risk/resume", token=token).status == 403


def test_a_group_is_a_whole_word(api: Api) -> None:
    assert call(api, "GET", "/v1/portfolio", token=claims("administrators")).status == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/strategies/a/b/c", 404),
        ("DELETE", "/v1/orders", 405),
        ("PUT", "/v1/strategies/sma-cross", 405),
        ("GET", "/v1/risk/halt", 405),
        ("GET", "/v1/portfolio/", 404),
    ],
)
def test_what_the_table_does_not_name_is_denied(
    api: Api, method: str, path: str, status: int
) -> None:
    assert call(api, method, path).status == status
