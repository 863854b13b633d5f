"""What of each limit is used: by hand, for an account with longs, a short, working orders and two strategies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from quantumzero.domain.risk.account_risk import AccountRisk, TradingState, default_limits
from quantumzero.domain.risk.limit_use import Standing, Use, uses_of

NOW = datetime(2005, 3, 1, 21, 0, tzinfo=UTC)
MILLISECONDS = 1109710800000
D = Decimal
LIMITS = replace(
    default_limits(D(1000)),
    sectors={"AAPL": "technology", "IBM": "technology", "XOM": "energy"},
    messages_per_minute=D(60),
    executions_per_day=None,
)
RISK = AccountRisk(
    TradingState.ACTIVE,
    LIMITS,
    gross_used=D(600),
    open_reserved=D(50),
    symbol_used={"AAPL": D(400), "IBM": D(100), "XOM": D(100)},
    reconciled_at=NOW - timedelta(seconds=90),
    open_orders=2,
    working={"AAPL": 1, "GOOG": 1, "IBM": 0},
    rejects={"one": 3, "two": 1},
    buckets={
        "messages": MILLISECONDS + 4000,
        "messages:one": MILLISECONDS + 750,
        "messages:two": MILLISECONDS - 1,
    },
    opening_equity=D(1100),
    peak_equity=D(1250),
)
STANDING = Standing(D(1000), {"AAPL": D(300), "IBM": D(250), "XOM": D(-80)}, NOW, NOW)


def test_every_use_is_what_it_is_by_hand() -> None:
    assert uses_of(RISK, STANDING) == {
        # 300 + 250 + 80 at the market and 50 working are more than what orders reserved.
        "gross_exposure": Use(D(680)),
        "net_exposure": Use(D(520)),
        "symbol_exposure": Use(D(400), "AAPL"),
        "sector_exposure": Use(D(650), "technology"),
        "daily_loss_percent": Use(D("9.0909")),
        "drawdown_percent": Use(D(20)),
        "open_orders": Use(D(2)),
        "positions": Use(D(4)),
        "consecutive_rejects": Use(D(3), "one"),
        "messages_per_minute": Use(D("4.00")),
        "strategy_messages_per_minute": Use(D("2.00"), "one"),
        "reconcile_minutes": Use(D("1.5")),
    }


def test_an_account_that_did_nothing_uses_nothing() -> None:
    idle = AccountRisk(TradingState.ACTIVE, default_limits(D(1000)))
    uses = uses_of(idle, Standing(D(1000), {}, NOW, NOW))
    assert {each.used for each in uses.values()} == {D(0)}
    assert {each.subject for each in uses.values()} == {None}
    assert "reconcile_minutes" not in uses
