"""Where quotes are asked for, entries are held to the newest one and fail closed; exits never wait for it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.decisions import Action
from quantumzero.domain.errors import UnavailableError
from quantumzero.domain.risk.proposal import NO_MODEL, Quote
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from quantumzero.usecases.decide_order import Verdict


class Quotes:
    """Tells what it was given; None raises."""

    def __init__(self) -> None:
        self.told: Quote | None = None
        self.fails = False
        self.asked: list[str] = []

    def quote(self, symbol: str) -> Quote | None:
        self.asked.append(symbol)
        if self.fails:
            raise UnavailableError("the vendor does not answer")
        return self.told


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    return desk


@pytest.fixture
def quotes(desk: OrderDesk) -> Quotes:
    quotes = Quotes()
    object.__setattr__(desk.decide, "quotes", quotes)
    return quotes


def quoted(desk: OrderDesk, bid: str, ask: str, *, seconds: float = 0) -> Quote:
    return Quote(Decimal(bid), Decimal(ask), desk.market.now() - timedelta(seconds=seconds))


def enter(desk: OrderDesk) -> Verdict:
    return desk.decide.decide(desk.decision("AAPL", Action.ENTER_LONG), NO_MODEL)


def test_a_fresh_narrow_quote_lets_an_entry_through(desk: OrderDesk, quotes: Quotes) -> None:
    quotes.told = quoted(desk, "39.99", "40.01", seconds=5)
    assert enter(desk).approved
    assert quotes.asked == ["AAPL"]


@pytest.mark.parametrize(
    ("bid", "ask", "seconds", "code", "words"),
    [
        ("39.99", "40.01", 5.1, "STALE_PRICE", "is 5.1 s old; at most 5 s may be"),
        ("40.01", "39.99", 0, "STALE_PRICE", "which is no market"),
        ("0", "40", 0, "STALE_PRICE", "which is no market"),
        ("38", "42", 0, "PRICE_COLLAR", "a spread of 10.00 %"),
    ],
)
def test_a_bad_quote_refuses_an_entry(
    desk: OrderDesk, quotes: Quotes, bid: str, ask: str, seconds: float, code: str, words: str
) -> None:
    quotes.told = quoted(desk, bid, ask, seconds=seconds)
    verdict = enter(desk)
    assert (verdict.code, words in verdict.reason) == (code, True)


def test_without_a_quote_an_entry_fails_closed(desk: OrderDesk, quotes: Quotes) -> None:
    verdict = enter(desk)
    assert verdict.code == "STALE_PRICE"
    assert verdict.reason == "no quote of AAPL is known, so it is not entered"


def test_a_quote_that_cannot_be_read_refuses_an_entry_in_words(
    desk: OrderDesk, quotes: Quotes
) -> None:
    quotes.fails = True
    verdict = enter(desk)
    assert verdict.code == "STALE_PRICE"
    assert "could not be read, so it is not entered: the vendor does not answer" in verdict.reason


def test_an_exit_asks_for_no_quote(desk: OrderDesk, quotes: Quotes) -> None:
    quotes.told = quoted(desk, "39.99", "40.01")
    name = desk.buy("AAPL")
    desk.apply.apply(desk.broker.fill(name, desk.ledger.records[name].terms.quantity, Decimal(40)))
    quotes.fails = True
    desk.market.advance(86400)
    desk.price("AAPL", "40")
    assert desk.sell("AAPL")
    assert quotes.asked == ["AAPL"]
