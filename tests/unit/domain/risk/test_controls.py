"""Each control lets through what is just allowed and refuses what is just not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from quantumzero.domain.decisions import Action, Decision
from quantumzero.domain.orders import OrderTerms, Side
from quantumzero.domain.risk.account_risk import AccountRisk, TradingState, default_limits
from quantumzero.domain.risk.controls import first_refusal
from quantumzero.domain.risk.proposal import ModelVerdict, Proposal

CLOSE = datetime(2005, 3, 1, 21, 0, tzinfo=UTC)
DECISION = Decision(
    id="sma-cross-v1-AAPL",
    strategy="sma-cross",
    version=1,
    symbol="AAPL",
    timeframe="1d",
    closes_at=CLOSE,
    action=Action.ENTER_LONG,
    reason="crossed",
    price=400000,
    position=Decimal(0),
    bar_revision=0,
    percent_of_equity=Decimal(20),
)
ACCOUNT = AccountRisk(TradingState.ACTIVE, default_limits(Decimal(100000)))
TERMS = OrderTerms("qz1-a", DECISION.id, "sma-cross", "AAPL", Side.BUY, Decimal(500))
ENTRY = Proposal(
    terms=TERMS,
    price=Decimal(40),
    newest_price=Decimal(40),
    newer_bars=0,
    priced_at=CLOSE,
    timeframe="1d",
    market_time=CLOSE,
    machine_time=CLOSE,
    cash=Decimal(100000),
    gross_at_market=Decimal(0),
    symbol_at_market=Decimal(0),
    available=Decimal(0),
    account=ACCOUNT,
    inference=ModelVerdict(None, "no model"),
    decision=DECISION,
)
EXIT = replace(ENTRY, terms=replace(TERMS, side=Side.SELL), available=Decimal(500))
MODELLED = replace(DECISION, model="momentum", model_threshold=Decimal("0.6"))


def terms(proposal: Proposal, **changes: Any) -> Proposal:
    return replace(proposal, terms=replace(proposal.terms, **changes))


def account(**changes: Any) -> AccountRisk:
    return replace(ACCOUNT, **changes)


PASSES = {
    "entry": ENTRY,
    "exit": EXIT,
    "exit while reducing": replace(EXIT, account=account(state=TradingState.REDUCING)),
    "exit with every limit full": replace(
        EXIT,
        cash=Decimal(0),
        gross_at_market=Decimal(999999),
        symbol_at_market=Decimal(999999),
        newest_price=Decimal(20),
        account=account(gross_used=Decimal(100000), open_reserved=Decimal(100000)),
    ),
    "exit without a model": replace(EXIT, decision=MODELLED),
    "score at the threshold": replace(
        ENTRY, decision=MODELLED, inference=ModelVerdict(Decimal("0.6"), "momentum-1")
    ),
    "one newer bar": replace(ENTRY, newer_bars=1),
    "two sessions of trading later": replace(ENTRY, market_time=CLOSE + timedelta(days=2)),
    "price at the collar": replace(ENTRY, price=Decimal(42)),
    "value at the limit": terms(ENTRY, quantity=Decimal(750)),
    "gross at the limit": replace(ENTRY, account=account(gross_used=Decimal(80000))),
    "symbol at the limit": replace(ENTRY, symbol_at_market=Decimal(20000)),
    "cash just enough": replace(
        ENTRY, cash=Decimal(30000), account=account(open_reserved=Decimal(10000))
    ),
}
REFUSED = {
    "TRADING_HALTED": [
        replace(ENTRY, account=account(state=TradingState.HALTED, reason="test")),
        replace(EXIT, account=account(state=TradingState.HALTED)),
    ],
    "TRADING_REDUCING": [replace(ENTRY, account=account(state=TradingState.REDUCING))],
    "NO_MODEL": [replace(ENTRY, decision=MODELLED)],
    "MODEL_SCORE": [
        replace(ENTRY, decision=MODELLED, inference=ModelVerdict(Decimal("0.5999"), "momentum-1"))
    ],
    "ZERO_SIZE": [terms(ENTRY, quantity=Decimal(0)), terms(EXIT, quantity=Decimal(0))],
    "NOT_SHORTABLE": [replace(EXIT, available=Decimal(499))],
    "STALE_PRICE": [
        replace(ENTRY, newer_bars=2),
        replace(EXIT, newer_bars=2),
        replace(ENTRY, market_time=CLOSE + timedelta(days=3)),
    ],
    "PRICE_COLLAR": [
        replace(ENTRY, price=Decimal("42.0001")),
        replace(ENTRY, price=Decimal("37.9999")),
        replace(ENTRY, newest_price=Decimal(0)),
    ],
    "MAX_VALUE": [terms(ENTRY, quantity=Decimal(751))],
    "EXPOSURE_GROSS": [
        replace(ENTRY, account=account(gross_used=Decimal("80000.01"))),
        replace(ENTRY, gross_at_market=Decimal("80000.01")),
        replace(
            ENTRY, gross_at_market=Decimal(70001), account=account(open_reserved=Decimal(10000))
        ),
    ],
    "EXPOSURE_SYMBOL": [
        replace(ENTRY, symbol_at_market=Decimal(20001)),
        replace(ENTRY, account=account(symbol_used={"AAPL": Decimal(20001)})),
    ],
    "BUYING_POWER": [
        replace(ENTRY, cash=Decimal(30000), account=account(open_reserved=Decimal(10001)))
    ],
}
WITHOUT_FIGURES = {"TRADING_HALTED", "TRADING_REDUCING", "NO_MODEL"}


@pytest.mark.parametrize("case", PASSES)
def test_what_is_just_allowed_passes(case: str) -> None:
    assert first_refusal(PASSES[case]) is None


@pytest.mark.parametrize(
    ("code", "proposal"), [(code, each) for code, cases in REFUSED.items() for each in cases]
)
def test_what_is_just_not_allowed_is_refused_with_its_figures(
    code: str, proposal: Proposal
) -> None:
    refusal = first_refusal(proposal)
    assert refusal is not None
    assert refusal.code == code
    compares = code not in WITHOUT_FIGURES
    assert (refusal.limit is not None) is compares
    assert (refusal.value is not None) is (compares and proposal.newest_price > 0)
    assert refusal.text


def test_each_state_says_what_still_works() -> None:
    assert {account(state=state).message for state in TradingState} == {
        "Trading: entries and exits are sent.",
        "Exits only: entries are stopped until an operator resumes.",
        "Everything frozen: nothing is sent and working orders are being cancelled.",
    }
