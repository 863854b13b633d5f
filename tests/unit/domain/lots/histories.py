"""Random histories of an account for property tests: trades of two strategies, fees, fractions, splits, equal times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from quantumzero.domain.bars import Split
from quantumzero.domain.lots.events import SplitApplied, Trade
from quantumzero.domain.portfolio import apply_split

START = datetime(2024, 1, 2, 15, 0, tzinfo=UTC)
RATIOS = ((2, 1), (3, 2), (1, 3), (1, 10), (7, 1), (1, 7))


def trade(
    name: str, quantity: str | Decimal, cost: str | Decimal, day: int = 0, **values: Any
) -> Trade:
    """Return a trade of AAPL that many days after the start."""
    given = {"symbol": "AAPL", "strategy": "cross", "order": name, **values}
    at = START + timedelta(days=day)
    return Trade(name, quantity=Decimal(quantity), cost=Decimal(cost), at=at, **given)


def split(name: str, new: int, old: int, day: int = 0, sequence: int | None = None) -> SplitApplied:
    return SplitApplied(name, "AAPL", new, old, START + timedelta(days=day), sequence)


quantities = st.decimals("0.000000001", "5000", places=9) | st.integers(1, 500).map(Decimal)
costs = st.decimals("0.0001", "100000", places=8)
fees = st.just(Decimal(0)) | st.decimals("0", "5", places=4)


@st.composite
def histories(draw: st.DrawFn, *, short: bool = True) -> list[Trade | SplitApplied]:
    """Return one symbol's events in booked order, numbered without a gap."""
    events: list[Trade | SplitApplied] = []
    held = {"cross": Decimal(0), "breakout": Decimal(0)}
    for number in range(1, draw(st.integers(1, 25)) + 1):
        day = draw(st.integers(0, 80))
        if number > 1 and draw(st.integers(0, 9)) == 0:
            new, old = draw(st.sampled_from(RATIOS))
            events.append(split(f"split-{number}", new, old, day, number))
            given = Split("AAPL", "", new, old)
            held = {name: apply_split(each, given) for name, each in held.items()}
            continue
        strategy = draw(st.sampled_from(sorted(held)))
        quantity = draw(quantities)
        if draw(st.booleans()) and (short or held[strategy] > 0):
            # Sell a part, all, or (short) more than there is.
            whole = abs(held[strategy]) or quantity
            quantity = -(
                draw(st.sampled_from((whole, quantity))) if short else min(whole, quantity)
            )
        held[strategy] += quantity
        events.append(
            trade(
                f"order-{number}#1",
                quantity,
                draw(costs),
                day,
                strategy=strategy,
                sequence=number,
                fee=draw(fees),
                order=f"order-{number}",
            )
        )
    return events
