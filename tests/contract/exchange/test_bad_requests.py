"""Whatever is sent, the simulator answers with a refusal, never with a failure of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.exchange.conftest import KEYS

if TYPE_CHECKING:
    from local.exchange.control import Exchange

HEADERS = {"APCA-API-KEY-ID": KEYS[0], "APCA-API-SECRET-KEY": KEYS[1]}
FIELDS = [
    "symbol",
    "side",
    "type",
    "time_in_force",
    "qty",
    "notional",
    "limit_price",
    "stop_price",
    "trail_price",
    "trail_percent",
    "client_order_id",
    "extended_hours",
    "order_class",
]
PARAMETERS = [
    "symbols",
    "start",
    "end",
    "limit",
    "page_token",
    "timeframe",
    "sort",
    "status",
    "after",
    "until",
    "direction",
    "side",
    "date",
    "page_size",
    "activity_types",
    "types",
    "adjustment",
    "qty",
    "percentage",
    "client_order_id",
]
PATHS = [
    "/v2/stocks/trades",
    "/v2/stocks/bars",
    "/v2/stocks/quotes/latest",
    "/v2/stocks/snapshots",
    "/v2/stocks/IBM/bars",
    "/v1/corporate-actions",
    "/v2/orders",
    "/v2/orders:by_client_order_id",
    "/v2/account/activities",
    "/v2/calendar",
    "/v2/assets",
    "/v2/positions/IBM",
]

plausible = st.sampled_from(
    ["IBM", "buy", "sell", "market", "limit", "stop", "trailing_stop", "day", "gtc", "fok", "1", 5]
)
texts = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["0001-01-01", "9999-12-31T23:59:59-23:59", "2005-02-23", "-1", "1e999", "1Day"]
    ),
    st.integers(-5, 10**20).map(str),
)
anything = st.one_of(
    plausible, texts, st.none(), st.booleans(), st.floats(), st.lists(st.integers(), max_size=2)
)
fuzz = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@fuzz
@given(body=st.dictionaries(st.sampled_from(FIELDS), anything))
def test_no_order_makes_the_exchange_fail(exchange: Exchange, body: dict[str, object]) -> None:
    answer = requests.post(
        f"{exchange.url}/v2/orders", json.dumps(body), headers=HEADERS, timeout=5
    )

    assert answer.status_code in (200, 403, 422), answer.text


@fuzz
@given(path=st.sampled_from(PATHS), query=st.dictionaries(st.sampled_from(PARAMETERS), texts))
def test_no_question_makes_the_exchange_fail(
    exchange: Exchange, path: str, query: dict[str, str]
) -> None:
    answer = requests.get(f"{exchange.url}{path}", params=query, headers=HEADERS, timeout=5)

    assert answer.status_code in (200, 400, 404, 422), answer.text


@fuzz
@given(body=st.binary(max_size=40))
def test_no_bytes_make_the_exchange_fail(exchange: Exchange, body: bytes) -> None:
    headers = {**HEADERS, "Content-Type": "application/json; charset=nonsense"}
    answer = requests.post(f"{exchange.url}/v2/orders", body, headers=headers, timeout=5)

    assert answer.status_code == 422
    deep = "[" * 100_000
    assert (
        requests.post(f"{exchange.url}/v2/orders", deep, headers=HEADERS, timeout=5).status_code
        == 422
    )
