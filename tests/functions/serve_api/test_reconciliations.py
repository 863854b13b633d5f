"""/v1/reconciliations as a person meets it: pages, and the broker accepted as the truth."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quantumzero.domain.risk.account_risk import TradingState
from tests.fakes.order_desk import OrderDesk
from tests.functions.serve_api.requests import api_over, call, claims


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.broker.quantities["IBM"] = Decimal(3)
    desk.broker.cash -= Decimal("0.5")
    desk.reconcile.reconcile()
    return desk


def test_what_was_compared_is_listed_page_by_page(desk: OrderDesk) -> None:
    api = api_over(desk)
    desk.machine.advance(300)
    desk.reconcile.reconcile()
    first = call(api, "GET", "/v1/reconciliations", query={"limit": "1"}, token=claims("viewer"))
    assert first.status == 200
    [newest] = first.body["reconciliations"]
    assert (newest["verdict"], newest["difference_count"]) == ("differs", 2)
    assert newest["differences"] == [
        {
            "kind": "position",
            "subject": "IBM",
            "text": "IBM: the ledger holds 0, the broker 3",
            "ledger": "0",
            "broker": "3",
        },
        {
            "kind": "cash",
            "subject": "cash",
            "text": "cash: the ledger has 100000, the broker 99999.5",
            "ledger": "100000",
            "broker": "99999.5",
        },
    ]
    query = {"limit": "1", "cursor": first.body["next_cursor"]}
    second = call(api, "GET", "/v1/reconciliations", query=query, token=claims("viewer"))
    assert second.body["reconciliations"][0]["id"] < newest["id"]
    assert second.body["next_cursor"] is None


def test_an_administrator_accepts_the_broker_with_a_reason(desk: OrderDesk) -> None:
    api = api_over(desk)
    [report] = desk.ledger.compared.values()
    path = f"/v1/reconciliations/{report.id}/accept"
    body = {"reason": "bought by hand"}
    assert call(api, "POST", path, body=body, token=claims("trader")).status == 403
    assert call(api, "POST", path, body={}, token=claims("admin")).status == 422
    answer = call(api, "POST", path, body=body, token=claims("admin"))
    assert answer.status == 200
    assert (answer.body["accepted_reason"], answer.body["verdict"]) == ("bought by hand", "differs")
    assert desk.ledger.cash() == Decimal("99999.5")
    assert desk.ledger.position("IBM").quantity == 3
    assert desk.ledger.risk().state is TradingState.REDUCING
    absent = call(api, "POST", "/v1/reconciliations/none/accept", body=body, token=claims("admin"))
    assert (absent.status, absent.body["code"]) == (404, "not_found")
    desk.machine.advance(300)
    assert desk.reconcile.reconcile().clean
    clean = max(desk.ledger.compared)
    refused = call(
        api, "POST", f"/v1/reconciliations/{clean}/accept", body=body, token=claims("admin")
    )
    assert refused.status == 409
