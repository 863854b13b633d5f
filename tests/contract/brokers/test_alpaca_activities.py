"""Dividends and fees as the vendor's document writes them, page by page; and those of the simulator: none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.adapters.brokers.alpaca_activities import AlpacaActivities
from quantumzero.adapters.brokers.alpaca_http import AlpacaHttp
from quantumzero.domain.errors import UnavailableError
from quantumzero.domain.lots.events import Income, IncomeKind
from tests.contract.brokers.conftest import alpaca_http as http_to
from tests.fakes.scripted_vendor import scripted_vendor

if TYPE_CHECKING:
    from local.exchange.control import Exchange

PATH = "/v2/account/activities"
# The example of the vendor's OpenAPI document.
DIVIDEND = {
    "activity_sub_type": "SDIV",
    "activity_type": "DIV",
    "created_at": "2021-05-10T14:01:04.650275Z",
    "currency": "USD",
    "date": "2019-08-01",
    "id": "20190801011955195::5f596936-6f23-4cef-bdf1-3806aae57dbf",
    "net_amount": "1.02",
    "per_share_amount": "0.51",
    "qty": "2",
    "status": "executed",
    "symbol": "T",
}
AT = datetime(2019, 8, 1, 4, 0, tzinfo=UTC)


def incomes_of(*pages: Any, status: int = 200) -> tuple[list[Income], list[dict[str, str]]]:
    told = iter(pages)
    with scripted_vendor() as vendor:
        vendor.answers[PATH] = lambda _: (status, next(told))
        http = AlpacaHttp(vendor.url, key_id="key", secret_key="secret")  # noqa: S106 - a stand-in's
        found = list(AlpacaActivities(http).incomes(since=date(2019, 7, 1)))
        return found, [query for _, query in vendor.requests]


def test_a_dividend_is_read_as_the_vendor_documents_it() -> None:
    found, [asked] = incomes_of([DIVIDEND])
    assert found == [Income(DIVIDEND["id"], IncomeKind.DIVIDEND, Decimal("1.02"), AT, "T")]
    assert asked["after"] == "2019-07-01T04:00:00Z"
    assert {"DIV", "FEE", "INT"} <= set(asked["activity_types"].split(","))
    assert "CSD" not in asked["activity_types"]


def test_fees_and_interest_have_their_kind_and_what_was_not_executed_is_left_out() -> None:
    fee = {"activity_type": "FEE", "id": "f", "date": "2019-08-01", "net_amount": "-0.02"}
    interest = {**fee, "activity_type": "INT", "id": "i", "net_amount": "3.5"}
    canceled = {**DIVIDEND, "id": "c", "status": "canceled"}
    unknown = {**fee, "activity_type": "SOMETHING", "id": "u"}
    found, _ = incomes_of([fee, canceled, unknown, interest])
    assert found == [
        Income("f", IncomeKind.FEE, Decimal("-0.02"), AT),
        Income("i", IncomeKind.OTHER, Decimal("3.5"), AT),
    ]


def test_every_page_is_read_by_the_id_of_the_last_one() -> None:
    first = [{**DIVIDEND, "id": f"{number:03}"} for number in range(100)]
    found, asked = incomes_of(first, [{**DIVIDEND, "id": "100"}])
    assert len(found) == 101
    assert [query.get("page_token") for query in asked] == [None, "099"]


def test_a_page_that_comes_again_or_cannot_be_read_is_no_answer() -> None:
    full = [{**DIVIDEND, "id": "same"}] * 100
    for pages in ((full, full), ([{"activity_type": "DIV"}],), ({"code": 1},)):
        with pytest.raises(UnavailableError):
            incomes_of(*pages)


def test_the_simulator_pays_nothing_and_understands_the_question(exchange: Exchange) -> None:
    assert AlpacaActivities(http_to(exchange)).incomes(since=date(2004, 8, 1)) == []
