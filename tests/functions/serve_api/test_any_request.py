"""Whatever is sent, the answer is one that the OpenAPI document promises, and never our failure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from functions.serve_api.write_openapi import DOCUMENT as OPENAPI
from tests.fakes.order_desk import OrderDesk
from tests.functions.serve_api.requests import DOCUMENT, api_over, call, claims

if TYPE_CHECKING:
    from collections.abc import Mapping

DESCRIBED: dict[str, Any] = json.loads(OPENAPI.read_text())
OPERATIONS = sorted(
    (method.upper(), path) for path, methods in DESCRIBED["paths"].items() for method in methods
)
NAMES = some.sampled_from(
    ["limit", "cursor", "symbol", "state", "strategy", "version", "until", "timeframe", "odd"]
)
TEXTS = some.one_of(
    some.text(max_size=20),
    some.sampled_from(["AAPL", "1", "-1", "99999999999999999999", "1d", "FILLED", "sma-cross"]),
    some.datetimes().map(lambda time: f"{time.isoformat()}Z"),
)
SCALARS = some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=30)
BODIES = some.recursive(
    SCALARS,
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(
            some.sampled_from(
                ["document", "reason", "version", "odd", "strategy", "from", "parameters", "cash"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)
DOCUMENTS = some.builds(
    lambda start, end, text: {"document": DOCUMENT[:start] + text + DOCUMENT[end:]},
    some.integers(0, len(DOCUMENT)),
    some.integers(0, len(DOCUMENT)),
    some.text(max_size=12),
)


BACKTESTS = some.fixed_dictionaries(
    {"strategy": some.just("sma-cross")},
    optional={
        "symbols": some.lists(some.sampled_from(["AAPL", "MSFT", "aapl", "NONE"]), max_size=3),
        "from": some.sampled_from(["2005-01-03", "2005-02-30", "9999-12-31", "0000-00-00", ""]),
        "to": some.sampled_from(["2005-03-01", "1970-01-01", "2099-12-31"]),
        "parameters": some.dictionaries(
            some.sampled_from(["fast", "slow", "odd"]),
            some.sampled_from(["10", "5.5", "-1", "1e400", "NaN", "Infinity", "x", ""]),
            max_size=2,
        ),
        "cash": some.sampled_from(["100000", "0", "1e9", "-5", "0.01"]),
        "preset": some.sampled_from(["default", "replay", "odd"]),
        "limits": some.sampled_from(["account", "none", "odd"]),
    },
)
ORDERS = some.fixed_dictionaries(
    {
        "symbol": some.sampled_from(["AAPL", "MSFT", "aapl", "BTC/USD"]),
        "side": some.sampled_from(["buy", "sell"]),
    },
    optional={
        "quantity": some.sampled_from(["1", "0", "0.5", "999999999999", "1e5", "-1", "x"]),
        "notional": some.sampled_from(["100", "0.000000001", "999999999999.999999999"]),
        "order_type": some.sampled_from(["market", "limit", "stop", "trailing_stop", "odd"]),
        "time_in_force": some.sampled_from(["day", "gtc", "opg", "fok"]),
        "limit_price": some.sampled_from(["40.0000", "0", "0.0001", "99999999"]),
        "stop_price": some.sampled_from(["41", "39.5"]),
        "trail_percent": some.sampled_from(["1", "100", "0"]),
        "extended_hours": some.booleans(),
        "strategy": some.sampled_from(["manual", "sma-cross", "Odd Name"]),
    },
)
REPLACEMENTS = some.fixed_dictionaries(
    {},
    optional={
        "quantity": some.sampled_from(["1", "0", "0.5", "x"]),
        "limit_price": some.sampled_from(["40", "0", "99999999"]),
        "time_in_force": some.sampled_from(["day", "gtc", "odd"]),
    },
)
KEYS = some.one_of(
    some.none(), some.text(max_size=20), some.just("a-good-key"), some.just("k" * 200)
)


def promised(method: str, path: str, status: int) -> Mapping[str, Any]:
    operation = DESCRIBED["paths"][path][method.lower()]
    schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]
    return {**schema, "components": DESCRIBED["components"]}


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(
    operation=some.sampled_from(OPERATIONS),
    part=some.sampled_from(["sma-cross", "Sma Cross", "..", "%00", "a" * 90]),
    query=some.dictionaries(NAMES, TEXTS, max_size=3),
    body=DOCUMENTS | BACKTESTS | ORDERS | REPLACEMENTS | BODIES,
    key=KEYS,
    group=some.sampled_from(["viewer", "trader", "admin"]),
)
def test_an_answer_is_always_one_that_was_promised(
    operation: tuple[str, str],
    part: str,
    query: dict[str, str],
    body: Any,
    key: str | None,
    group: str,
) -> None:
    method, path = operation
    desk = OrderDesk()
    desk.price("AAPL", "40.00")
    api = api_over(desk)
    call(api, "POST", "/v1/strategies", body={"document": DOCUMENT})
    sent = path
    for name in ("{name}", "{decision_id}", "{backtest_id}", "{order_id}"):
        sent = sent.replace(name, part)
    sent_body = body if method == "POST" else None
    headers = None if key is None else {"idempotency-key": key}
    answer = call(
        api, method, sent, query=query, body=sent_body, headers=headers, token=claims(group)
    )
    assert answer.status < 500, answer.body
    jsonschema.validate(answer.body, promised(method, path, answer.status))
