"""The controls on rates, losses, counts, lists, sessions and quotes: just allowed, and just not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from quantumzero.domain.orders import OrderType, Side
from quantumzero.domain.risk.account_risk import ScopedState, TradingState
from quantumzero.domain.risk.controls import CONTROLS, first_refusal
from quantumzero.domain.risk.limits import SessionRule
from quantumzero.domain.risk.loss_limit import required_state
from quantumzero.domain.risk.proposal import Proposal, Quote
from tests.unit.domain.risk import test_controls
from tests.unit.domain.risk.test_controls import ACCOUNT, CLOSE, ENTRY, EXIT, account, terms

IN_SESSION = CLOSE - timedelta(hours=3)
MILLISECONDS = 1109710800000  # CLOSE since 1970


def limited(
    proposal: Proposal = ENTRY, *, risk: dict[str, Any] | None = None, **limits: Any
) -> Proposal:
    """Return the proposal in an account with those limits and that state."""
    changed = replace(ACCOUNT, limits=replace(ACCOUNT.limits, **limits), **(risk or {}))
    return replace(proposal, account=changed)


def quoted(bid: str, ask: str, seconds: int = 0) -> Proposal:
    quote = Quote(Decimal(bid), Decimal(ask), CLOSE - timedelta(seconds=seconds))
    return replace(ENTRY, quote=quote)


def scoped(proposal: Proposal, scope: str, state: TradingState) -> Proposal:
    return replace(proposal, account=account(scopes={scope: ScopedState(state, "ada", "test")}))


def selling(price: str | None = None) -> Proposal:
    """Return an entry while a sale of the symbol works at that limit, a market order without one."""
    kind = OrderType.MARKET if price is None else OrderType.LIMIT
    other = replace(
        ENTRY.terms,
        client_order_id="qz1-other",
        side=Side.SELL,
        order_type=kind,
        limit_price=None if price is None else Decimal(price),
    )
    return replace(ENTRY, working=(other,))


FINGERPRINT = ENTRY.fingerprint
TECH = {"AAPL": "tech", "MSFT": "tech", "XOM": "energy"}
SHORT = terms(ENTRY, side=Side.SELL, opens_short=True)
PASSES = {
    "named strategy": limited(strategies=frozenset({"sma-cross"})),
    "exit of another strategy": limited(EXIT, strategies=frozenset({"other"})),
    "exit of a restricted symbol": limited(EXIT, restricted=frozenset({"AAPL"})),
    "another symbol restricted": limited(restricted=frozenset({"IBM"})),
    "quantity at the limit": limited(order_quantity=Decimal(500)),
    "a fraction": terms(ENTRY, quantity=Decimal("0.000000001")),
    "whole cents": terms(ENTRY, order_type=OrderType.LIMIT, limit_price=Decimal("40.01")),
    "short sale where allowed": limited(SHORT, short_selling=True),
    "limit at the collar": terms(ENTRY, order_type=OrderType.LIMIT, limit_price=Decimal(42)),
    "spread at the limit": quoted("39", "41"),
    "limit order in a wide spread": replace(
        terms(ENTRY, limit_price=Decimal(40)), quote=Quote(Decimal(30), Decimal(50), CLOSE)
    ),
    "exit on a crossed quote": replace(EXIT, quote=Quote(Decimal(5), Decimal(4), CLOSE)),
    "quote five seconds old": quoted("39.99", "40.01", 5),
    "drift at the limit": replace(limited(drift_percent=Decimal(25)), earlier_price=Decimal(32)),
    "net at the limit": replace(
        limited(net_exposure=Decimal(30000), risk={"open_reserved": Decimal(5000)}),
        net_at_market=Decimal(5000),
    ),
    "net with shorts": replace(limited(net_exposure=Decimal(15000)), net_at_market=Decimal(-5000)),
    "sector at the limit": limited(
        sectors=TECH, sector_exposure=Decimal(30000), risk={"symbol_used": {"MSFT": Decimal(10000)}}
    ),
    "no sector": limited(sectors={"XOM": "energy"}, sector_exposure=Decimal(1)),
    "strategy at the limit": replace(
        limited(
            strategy_exposure=Decimal(30000), risk={"strategy_reserved": {"sma-cross": Decimal(4000)}}
        ),
        strategy_at_market=Decimal(6000),
    ),
    "the same order later": replace(
        ENTRY, last_order=FINGERPRINT, last_order_at=CLOSE - timedelta(seconds=5)
    ),
    "another order at once": replace(ENTRY, last_order="buy|1|40|market", last_order_at=CLOSE),
    "rate just enough": limited(messages_per_minute=Decimal(2), risk={"buckets": {"messages": MILLISECONDS + 30000}}),
    "exit with an empty rate": limited(
        EXIT, messages_per_minute=Decimal(1), risk={"buckets": {"messages": MILLISECONDS + 999999}}
    ),
    "replacement with an empty rate": terms(
        limited(messages_per_minute=Decimal(1), risk={"buckets": {"messages": MILLISECONDS + 999999}}), replaces="qz1-b"
    ),
    "a buy beside others who are long": replace(ENTRY, held_by_others=Decimal(5)),
    "an exit while others are short": replace(EXIT, held_by_others=Decimal(-5)),
    "exit of a disabled strategy": replace(EXIT, enabled=False),
    "a turn at the limit of orders": replace(limited(open_orders=Decimal(3), risk={"open_orders": 1}), orders=2),
    "no rate": limited(messages_per_minute=None, strategy_messages_per_minute=None, executions_per_day=None),
    "exit of a throttled strategy": limited(
        EXIT, executions_per_day=Decimal(1), risk={"buckets": {"executions:sma-cross": MILLISECONDS * 2}}
    ),
    "loss at the limit": replace(
        ENTRY, account=account(opening_equity=Decimal(100000)), equity=Decimal(80000)
    ),
    "exit in a loss": replace(EXIT, account=account(opening_equity=Decimal(100000)), equity=Decimal(75000)),
    "no opening equity": replace(ENTRY, equity=Decimal(1)),
    "orders at the limit": limited(open_orders=Decimal(3), risk={"open_orders": 2}),
    "position held already": replace(
        limited(positions=Decimal(1)), held_at_market={"AAPL": Decimal(1), "GONE": Decimal(0)}
    ),
    "rejects below the limit": limited(risk={"rejects": {"sma-cross": 4, "other": 9}}),
    "exit in a storm": limited(EXIT, risk={"rejects": {"sma-cross": 9}}),
    "in the session": replace(limited(session=SessionRule.REGULAR), market_time=IN_SESSION),
    "after the close": limited(session=SessionRule.EXTENDED),
    "exit after the close": limited(EXIT, session=SessionRule.REGULAR),
    "compared just in time": limited(
        reconcile_minutes=Decimal(10),
        risk={"reconciled_at": CLOSE - timedelta(minutes=10), "reconcile_clean": True},
    ),
    "exit without a comparison": limited(EXIT, reconcile_minutes=Decimal(10)),
    "a sale far above": terms(selling("40.01"), order_type=OrderType.LIMIT, limit_price=Decimal(40)),
    "exit against a buy": replace(EXIT, working=(ENTRY.terms,)),
    "a second buy": replace(ENTRY, working=(ENTRY.terms,)),
    "exit of a reducing symbol": scoped(EXIT, "symbol:AAPL", TradingState.REDUCING),
    "another strategy halted": scoped(ENTRY, "strategy:other", TradingState.HALTED),
}  # fmt: skip
REFUSED = {
    "NOT_AUTHORISED": [limited(strategies=frozenset({"other"})), replace(ENTRY, enabled=False)],
    "RESTRICTED": [limited(restricted=frozenset({"AAPL", "IBM"}))],
    "TRADING_HALTED": [
        scoped(EXIT, "strategy:sma-cross", TradingState.HALTED),
        scoped(ENTRY, "symbol:AAPL", TradingState.HALTED),
    ],
    "TRADING_REDUCING": [scoped(ENTRY, "symbol:AAPL", TradingState.REDUCING)],
    "SESSION": [
        limited(session=SessionRule.REGULAR),
        replace(limited(session=SessionRule.EXTENDED), market_time=CLOSE + timedelta(hours=4)),
        replace(limited(session=SessionRule.EXTENDED), market_time=CLOSE + timedelta(days=4)),
    ],
    "RECONCILE_STALE": [
        limited(reconcile_minutes=Decimal(10)),
        limited(
            reconcile_minutes=Decimal(10),
            risk={"reconciled_at": CLOSE, "reconcile_clean": False},
        ),
        limited(
            reconcile_minutes=Decimal(10),
            risk={"reconciled_at": CLOSE - timedelta(seconds=601), "reconcile_clean": True},
        ),
    ],
    "LOSS_LIMIT": [
        replace(ENTRY, account=account(opening_equity=Decimal(100000)), equity=Decimal(79999)),
        replace(ENTRY, account=account(peak_equity=Decimal(200000)), equity=Decimal(99999)),
        replace(EXIT, account=account(opening_equity=Decimal(100000)), equity=Decimal(70000)),
    ],
    "REJECT_STORM": [limited(risk={"rejects": {"sma-cross": 5}})],
    "MAX_QTY": [
        limited(order_quantity=Decimal("499.5")),
        terms(ENTRY, quantity=Decimal("0.0000000001")),
        terms(ENTRY, quantity=Decimal("Infinity")),
        terms(ENTRY, limit_price=Decimal("40.001")),
        terms(ENTRY, stop_price=Decimal("0.12345")),
    ],
    "NOT_SHORTABLE": [SHORT],
    "OPPOSITE_SIDE": [
        replace(ENTRY, held_by_others=Decimal(-5)),
        replace(ENTRY, working=(replace(SHORT.terms, client_order_id="qz1-short", strategy="other"),)),
        replace(ENTRY, opening_against=Decimal(1)),
        replace(terms(limited(short_selling=True), side=Side.SELL, opens_short=True), held_by_others=Decimal(5)),
    ],
    "STALE_PRICE": [
        quoted("41", "39"),
        quoted("0", "40"),
        quoted("NaN", "40"),
        quoted("39.99", "40.01", 6),
    ],
    "PRICE_COLLAR": [
        terms(ENTRY, limit_price=Decimal("42.01")),
        quoted("38.9", "41"),
        replace(limited(drift_percent=Decimal(25)), earlier_price=Decimal("31.9")),
        replace(limited(drift_percent=Decimal(25)), earlier_price=Decimal(60)),
    ],
    "EXPOSURE_NET": [
        replace(limited(net_exposure=Decimal(24999)), net_at_market=Decimal(5000)),
        limited(net_exposure=Decimal(24999), risk={"open_reserved": Decimal(5000)}),
        replace(
            limited(SHORT, net_exposure=Decimal(24999), short_selling=True),
            net_at_market=Decimal(-5000),
        ),
    ],
    "EXPOSURE_SECTOR": [
        limited(
            sectors=TECH,
            sector_exposure=Decimal(29999),
            risk={"symbol_used": {"MSFT": Decimal(10000), "XOM": Decimal(5)}},
        ),
        replace(
            limited(sectors=TECH, sector_exposure=Decimal(29999)),
            held_at_market={"MSFT": Decimal(10000)},
        ),
    ],
    "EXPOSURE_STRATEGY": [
        replace(limited(strategy_exposure=Decimal(29999)), strategy_at_market=Decimal(10000)),
        limited(
            strategy_exposure=Decimal(29999),
            risk={"strategy_reserved": {"sma-cross": Decimal(10000)}},
        ),
    ],
    "MAX_OPEN": [
        limited(open_orders=Decimal(3), risk={"open_orders": 3}),
        replace(limited(positions=Decimal(1)), held_at_market={"IBM": Decimal(1)}),
        limited(positions=Decimal(1), risk={"working": {"IBM": 1}}),
        replace(limited(open_orders=Decimal(2), risk={"open_orders": 1}), orders=2),
    ],
    "DUPLICATE": [
        replace(ENTRY, last_order=FINGERPRINT, last_order_at=CLOSE - timedelta(seconds=4)),
    ],
    "SELF_CROSS": [
        selling(),
        terms(selling("40"), order_type=OrderType.LIMIT, limit_price=Decimal(40)),
        terms(selling(), order_type=OrderType.LIMIT, limit_price=Decimal(40)),
    ],
    "EXEC_THROTTLE": [
        limited(
            executions_per_day=Decimal(2),
            risk={"buckets": {"executions:sma-cross": MILLISECONDS + 43200001}},
        )
    ],
    "RATE_LIMIT": [
        limited(messages_per_minute=Decimal(2), risk={"buckets": {"messages": MILLISECONDS + 30001}}),
        limited(
            strategy_messages_per_minute=Decimal(2),
            risk={"buckets": {"messages:sma-cross": MILLISECONDS + 30001}},
        ),
    ],
}  # fmt: skip
TEXT_ONLY = {"NOT_AUTHORISED", "RESTRICTED", "SESSION"}


@pytest.mark.parametrize("case", PASSES)
def test_what_is_just_allowed_passes(case: str) -> None:
    assert first_refusal(PASSES[case]) is None


@pytest.mark.parametrize(
    ("code", "proposal"), [(code, each) for code, cases in REFUSED.items() for each in cases]
)
def test_what_is_just_not_allowed_is_refused(code: str, proposal: Proposal) -> None:
    refusal = first_refusal(proposal)
    assert refusal is not None
    assert refusal.code == code
    assert refusal.text
    if code in TEXT_ONLY:
        assert (refusal.limit, refusal.value) == (None, None)
    if refusal.limit is not None and refusal.value is not None:
        assert refusal.limit.is_finite()
        assert refusal.value.is_finite()


def test_every_control_has_a_refusal_in_these_tests() -> None:
    cases = [each for group in (REFUSED, test_controls.REFUSED) for each in group.values()]
    refusing = {
        control
        for proposals in cases
        for proposal in proposals
        for control in CONTROLS
        if control(proposal) is not None
    }
    assert refusing == set(CONTROLS)


@pytest.mark.parametrize(
    ("equity", "state"),
    [
        ("80000", TradingState.ACTIVE),
        ("79999", TradingState.REDUCING),
        ("70001", TradingState.REDUCING),
        ("70000", TradingState.HALTED),
    ],
)
def test_a_loss_reduces_and_one_and_a_half_times_the_limit_halts(
    equity: str, state: TradingState
) -> None:
    risk = account(opening_equity=Decimal(100000), peak_equity=Decimal(100000))
    assert required_state(risk, Decimal(equity)) is state
