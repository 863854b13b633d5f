"""check_risk with quotes switched on, over the exchange simulator's market data."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.decisions import Action
from tests.functions.order_path.conftest import forget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functions.order_path.conftest import Deployment

NO_ANSWER = {"action": "status", "status": 503, "path": "/v2/stocks/quotes"}


@pytest.fixture
def quoted(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    """Traded one session, then with quotes: the close is the newest quote's time."""
    deployment.run_session()
    monkeypatch.setenv("QUOTES", "alpaca")
    load_anew()
    yield deployment
    deployment.exchange.control.clear_faults()
    load_anew()


def load_anew() -> None:
    """Let check_risk be loaded again: what it reads is chosen when it starts."""
    forget()
    sys.modules.pop("functions.check_risk.handler", None)


def test_an_entry_is_held_to_the_newest_quote_and_an_exit_is_not(quoted: Deployment) -> None:
    assert quoted.trade_cycle("AAPL", Action.ENTER_LONG)["state"] == "ACCEPTED"
    quoted.run_session()
    quoted.exchange.control.add_faults(NO_ANSWER)
    refused = quoted.trade_cycle("IBM", Action.ENTER_LONG)
    assert (refused["approved"], refused["code"]) == (False, "STALE_PRICE")
    assert "the quote of IBM could not be read, so it is not entered" in refused["reason"]
    assert quoted.trade_cycle("AAPL", Action.EXIT_LONG)["state"] == "ACCEPTED"
