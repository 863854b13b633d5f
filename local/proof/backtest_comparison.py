"""Holds a finished replay against a backtest of the same document over the same bars.

The platform traded bar by bar through queues, tables and an exchange; the backtest computes the
whole at once. Both must decide, order and fill the same. Unlike the recomputation this needs no
code of its own for a strategy, so it works for any document and the user's own daily bars.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.market_data.history import daily_history
from local.market_data.loading import load_market_data, replay_window
from local.proof.comparison import fill_lines, numbered
from local.replay.record import exchange_date
from local.settings import LocalSettings
from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.calendars import from_us
from quantumzero.domain.errors import RefusedError
from quantumzero.research.backtest import backtest
from quantumzero.research.result import SIDES

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.research.result import BacktestResult

_FIRST_PROTECTIVE = 3  # research/result.py, Orders.purpose
Comparison = dict[str, tuple[int, int, list[str]]]


def backtest_of(
    document: str, *, cash: str, first: date, sessions: int, data: Path | None = None
) -> BacktestResult:
    """Return the backtest of what a replay of those sessions traded, as the platform trades it."""
    market = load_market_data(data)
    window = replay_window(market, embedded=data is None, start=first, count=sessions)
    return backtest(
        parse_document(document),
        daily_history(market, window),
        cash=float(cash),
        preset="replay",
        decisions=True,
    )


def say_comparison_with_backtest(record: dict[str, Any], say: Callable[[str], None]) -> bool:
    """Print the comparison of a replay's record, and return whether everything is equal.

    Errors: RefusedError when the document or the data have changed since the replay;
    InvalidInputError when it did not replay daily bars.
    """
    chosen = _choices(record)
    result = backtest_of(
        chosen.strategy.read_text(encoding="utf-8"),
        cash=record["cash"],
        first=date.fromisoformat(record["first"]),
        sessions=record["sessions"],
        data=chosen.data,
    )
    equal = True
    for kind, (ours, theirs, first) in compare_with_backtest(record, result).items():
        same = ours == theirs and not first
        equal &= same
        say(f"{kind}: {ours} replayed, {theirs} backtested, {'all equal' if same else first}")
    if not equal and parse_document(chosen.strategy.read_text(encoding="utf-8")).protect:
        say(
            "the document has protective orders, whose fills may differ: docs/strategies.md, "
            '"Where live and a backtest differ"'
        )
    return equal


def _choices(record: dict[str, Any]) -> LocalSettings:
    """Return what the replay was set to, if it is still what is there."""
    named = {name: record[name].rsplit(" (", 1)[0] for name in ("data", "strategy")}
    data = None if record["data"] == "embedded" else Path(named["data"])
    settings = LocalSettings(data=data, strategy=Path(named["strategy"]))
    for name, path in (("data", data), ("strategy", settings.strategy)):
        if path is not None and not path.exists():
            raise RefusedError(
                f"the {name} of the replay was {record[name]}, and {path} is no longer there; put "
                "it back, or replay again to compare"
            )
    for name in named:
        if settings.choices[name] != record[name]:
            raise RefusedError(
                f"the {name} of the replay was {record[name]}, and now it is "
                f"{settings.choices[name]}; replay again to compare"
            )
    return settings


def compare_with_backtest(record: dict[str, Any], result: BacktestResult) -> Comparison:
    """Return for each kind (replayed count, backtested count, the first differences)."""
    sides: dict[str, tuple[set[Any], set[Any]]] = {
        "decisions": (
            {(d["session"], d["symbol"], d["action"]) for d in record["decisions"]},
            {(_date(d["time"]), d["symbol"], d["action"]) for d in result.decisions},
        ),
        "orders": (
            {
                (o["session"], o["symbol"], o["side"], Decimal(o["quantity"]))
                for o in record["orders"]
                if not o.get("protects")
            },
            set(_orders(result)),
        ),
        "fills": (fill_lines(record["fills"]), numbered(_fills(result))),
        "final equity": (
            {str(round(Decimal(record["final_equity"]), 2))},
            {str(round(Decimal(repr(result.final_equity)), 2))},
        ),
    }
    return {
        kind: (len(ours), len(theirs), [str(each) for each in sorted(ours ^ theirs)[:5]])
        for kind, (ours, theirs) in sides.items()
    }


def _date(time_us: int) -> str:
    return exchange_date(from_us(int(time_us)).isoformat())


def _orders(result: BacktestResult) -> list[tuple[str, str, str, Decimal]]:
    orders = result.orders
    return [
        (
            _date(orders.decided_at[row]),
            result.symbols[orders.symbol[row]],
            SIDES[orders.side[row]],
            Decimal(int(orders.quantity[row])),
        )
        for row in range(len(orders))
        if orders.purpose[row] < _FIRST_PROTECTIVE
    ]


def _fills(result: BacktestResult) -> list[tuple[str, str, str, int, str]]:
    fills, orders = result.fills, result.orders
    return [
        (
            _date(fills.time[row]),
            result.symbols[orders.symbol[fills.order[row]]],
            SIDES[orders.side[fills.order[row]]],
            int(fills.quantity[row]),
            f"{Decimal(repr(float(fills.price[row]))).normalize():f}",
        )
        for row in range(len(fills))
    ]
