"""The list of trades, in the order they were closed, which a reader may sort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.backtests import EXIT_REASONS
from quantumzero.research.report.tables import empty, section, table, toned
from quantumzero.research.report.words import (
    clean,
    count,
    instant,
    money,
    price,
    quantity,
    span,
    tone,
)

if TYPE_CHECKING:
    from quantumzero.research.result import BacktestResult

MOST_ROWS = 500
_HEADINGS = (
    "No.", "Symbol", "Side", "Entered (UTC)", "At", "Left (UTC)", "At", "Quantity", "Held",
    "Fees", "Profit", "Reason",
)  # fmt: skip
_NUMERIC = (0, 4, 6, 7, 8, 9, 10)


def trade_section(result: BacktestResult) -> str:
    """Return the first trades as a table whose headings sort it."""
    total = len(result.trades)
    if not total:
        return section("trades", "Trades", empty("No position was closed."))
    shown = min(total, MOST_ROWS)
    content = table(
        "Closed trades",
        _HEADINGS,
        (_row(result, place) for place in range(shown)),
        style="sortable trades",
        numeric=_NUMERIC,
    )
    lead = "Profits are net of the fees of both sides."
    if shown < total:
        lead += f" The first {count(shown)} of {count(total)} are listed; --json gives all."
    return section("trades", "Trades", content, lead)


def _row(result: BacktestResult, place: int) -> list[str]:
    trades = result.trades
    entered, left = int(trades.entry_time[place]), int(trades.exit_time[place])
    profit = float(trades.profit[place])
    reason = EXIT_REASONS[int(trades.reason[place])].replace("_", " ")
    ambiguous = ' <abbr title="hangs on the order of prices inside a bar">±</abbr>'
    return [
        str(place + 1),
        clean(result.symbols[int(trades.symbol[place])]),
        "long" if trades.side[place] > 0 else "short",
        _time(entered),
        price(float(trades.entry_price[place])),
        _time(left),
        price(float(trades.exit_price[place])),
        quantity(abs(float(trades.quantity[place]))),
        f'<data value="{left - entered}">{span(left - entered)}</data>',
        money(float(trades.fees[place])),
        toned(money(profit, signed=True), tone(profit)),
        reason + (ambiguous if trades.ambiguous[place] else ""),
    ]


def _time(time_us: int) -> str:
    words = instant(time_us)
    return f'<time datetime="{words.replace(" ", "T")}Z">{words}</time>'
