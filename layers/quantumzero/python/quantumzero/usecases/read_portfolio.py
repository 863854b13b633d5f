"""Read the account as it stands: cash, equity, exposure and the equity curve."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from quantumzero.contracts.api import EquityPoint, Portfolio
from quantumzero.contracts.formats import decimal_text, utc_text
from quantumzero.domain.errors import StoppedError
from quantumzero.domain.prices import to_cents
from quantumzero.usecases.value_holdings import ValuedHolding, exchange_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from quantumzero.ports.ledger import EquitySnapshot, LedgerReader

CURVE_POINTS = 1000


def read_portfolio(
    *,
    account: str,
    stage: Literal["local", "paper", "live"],
    ledger: LedgerReader,
    holdings: Sequence[ValuedHolding],
    market_time: datetime | None,
) -> Portfolio:
    """Return the portfolio at market_time, holdings valued at their newest closes, money to the cent.

    An account that has no ledger yet is shown empty.
    """
    cash = _cash(ledger)
    values = [valued.market_value for valued in holdings]
    equity = cash + sum(values, Decimal(0))
    snapshots = ledger.equity_snapshots(limit=CURVE_POINTS)
    return Portfolio(
        account=account,
        stage=stage,
        market_time=utc_text(market_time) if market_time else None,
        equity=_money(equity),
        cash=_money(cash),
        day_profit=_money(equity - _previous_equity(snapshots, market_time, equity)),
        gross_exposure=_money(sum((abs(value) for value in values), Decimal(0))),
        net_exposure=_money(sum(values, Decimal(0))),
        equity_curve=_curve(snapshots, market_time, equity),
    )


def _cash(ledger: LedgerReader) -> Decimal:
    try:
        return ledger.cash()
    except StoppedError:
        return Decimal(0)


def _previous_equity(
    snapshots: Sequence[EquitySnapshot], market_time: datetime | None, equity: Decimal
) -> Decimal:
    """The equity at the newest session close before the session of market_time; today's own when there is none."""
    for snapshot in reversed(snapshots):
        if market_time is None or exchange_date(snapshot.time) < exchange_date(market_time):
            return snapshot.equity
    return equity


def _curve(
    snapshots: Sequence[EquitySnapshot], market_time: datetime | None, equity: Decimal
) -> list[EquityPoint]:
    points = [
        EquityPoint(time=utc_text(snapshot.time), equity=_money(snapshot.equity))
        for snapshot in snapshots
    ]
    if market_time and (not snapshots or market_time > snapshots[-1].time):
        points.append(EquityPoint(time=utc_text(market_time), equity=_money(equity)))
    return points


def _money(amount: Decimal) -> str:
    return decimal_text(to_cents(amount))
