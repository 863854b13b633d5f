"""POST /v1/risk/flatten: administrators leave every position by one request, named by its key."""

from __future__ import annotations

from decimal import Decimal

from tests.fakes.order_desk import OrderDesk
from tests.functions.serve_api.requests import Answer, api_over, call, claims


def holding() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40.00")
    desk.apply.apply(desk.broker.fill(desk.buy("AAPL"), Decimal(500), Decimal(40)))
    return desk


def flatten(desk: OrderDesk, *, group: str = "admin", key: str | None = "flatten-1") -> Answer:
    headers = {} if key is None else {"idempotency-key": key}
    body = {"reason": "enough of it"}
    token = claims(group)
    return call(api_over(desk), "POST", "/v1/risk/flatten", body=body, headers=headers, token=token)


def test_it_answers_the_exits_and_the_state() -> None:
    answer = flatten(holding())
    (order,) = answer.body["orders"]
    assert (answer.status, answer.body["left"]) == (200, [])
    assert (order["side"], order["quantity"], order["state"]) == ("sell", "500", "INTENT")
    assert order["reason"] == "flattened by ada: enough of it"
    assert (answer.body["risk"]["state"], answer.body["risk"]["halted_by"]) == ("REDUCING", "ada")


def test_the_same_key_is_the_same_exit_and_another_finds_it_working() -> None:
    desk = holding()
    first = flatten(desk).body["orders"]
    assert flatten(desk).body["orders"] == first
    other = flatten(desk, key="flatten-2").body
    assert (other["orders"], [each["symbol"] for each in other["left"]]) == ([], ["AAPL"])
    assert "still works" in other["left"][0]["reason"]


def test_only_administrators_may_and_a_key_is_needed() -> None:
    desk = holding()
    assert flatten(desk, group="trader").status == 403
    assert flatten(desk, key=None).status == 422
    assert desk.ledger.risk().state == "ACTIVE"


def test_while_halted_it_is_refused_in_words() -> None:
    desk = holding()
    desk.halt.halt(reason="test", by="me")
    answer = flatten(desk)
    assert answer.status == 409
    assert "resume first" in answer.body["message"]
