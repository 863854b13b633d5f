"""The newest quote as the vendor writes it, and everything else that may come instead."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import pytest

from quantumzero.adapters.brokers.alpaca_http import AlpacaHttp, Answer
from quantumzero.adapters.feeds.alpaca_quotes import AlpacaQuotes
from quantumzero.domain.errors import UnavailableError
from quantumzero.domain.risk.proposal import Quote

if TYPE_CHECKING:
    from collections.abc import Mapping

WIRE = {
    "t": "2026-11-23T15:04:05.123456789Z",
    "ax": "V",
    "ap": Decimal("101.55"),
    "as": 3,
    "bx": "V",
    "bp": Decimal("101.5"),
    "bs": 2,
    "c": ["R"],
    "z": "C",
}


class Told:
    """Answers every read with one body, and notes what was asked."""

    def __init__(self, body: Any, status: int = 200) -> None:
        self._answer = Answer(status, body, "request-1")
        self.asked: list[tuple[str, Mapping[str, str] | None]] = []

    def get(self, path: str, parameters: Mapping[str, str] | None = None) -> Answer:
        self.asked.append((path, parameters))
        return self._answer


def quotes(told: Told) -> AlpacaQuotes:
    return AlpacaQuotes(lambda: cast("AlpacaHttp", told))


def test_bid_ask_and_time_are_read_exactly() -> None:
    told = Told({"quotes": {"AAPL": WIRE}})
    assert quotes(told).quote("AAPL") == Quote(
        Decimal("101.5"), Decimal("101.55"), datetime(2026, 11, 23, 15, 4, 5, 123456, tzinfo=UTC)
    )
    assert told.asked == [("/v2/stocks/quotes/latest", {"symbols": "AAPL"})]


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [("2026-11-23T15:04:05Z", 0), ("2026-11-23T15:04:05.5Z", 500000)],
)
def test_a_time_may_have_fewer_digits(text: str, microsecond: int) -> None:
    found = quotes(Told({"quotes": {"AAPL": {**WIRE, "t": text}}})).quote("AAPL")
    assert found is not None
    assert found.at == datetime(2026, 11, 23, 15, 4, 5, microsecond, tzinfo=UTC)


def test_a_side_without_a_price_is_no_market() -> None:
    found = quotes(Told({"quotes": {"AAPL": {**WIRE, "bp": 0}}})).quote("AAPL")
    assert found is not None
    assert not found.sound


def test_a_symbol_that_the_vendor_does_not_name_has_no_quote() -> None:
    assert quotes(Told({"quotes": {}})).quote("AAPL") is None


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"quotes": None},
        {"quotes": {"AAPL": []}},
        {"quotes": {"AAPL": {**WIRE, "bp": "much"}}},
        {"quotes": {"AAPL": {**WIRE, "t": "yesterday"}}},
        {"quotes": {"AAPL": {**WIRE, "t": "2026-11-23T15:04:05"}}},
        {"quotes": {"AAPL": {"t": WIRE["t"]}}},
    ],
)
def test_what_cannot_be_read_is_no_verdict(body: Any) -> None:
    with pytest.raises(UnavailableError, match="the quote of AAPL could not be read"):
        quotes(Told(body)).quote("AAPL")


def test_a_refusal_is_no_verdict() -> None:
    with pytest.raises(UnavailableError, match="was answered 422: invalid symbol"):
        quotes(Told({"message": "invalid symbol"}, status=422)).quote("AAPL")
