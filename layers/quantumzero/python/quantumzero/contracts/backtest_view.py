"""The part of a result that a page shows: small enough for one answer, whatever the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

POINTS = 2_000
TRADES = 2_000
_TRADE = (
    *("symbol", "side", "entry_time", "entry_price", "exit_time", "exit_price", "quantity"),
    *("profit", "fees", "reason", "ambiguous"),
)


def result_view(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return metrics, the newest trades and a thinned equity curve of a result document."""
    equity, trades = document["equity"], document["trades"]
    notes = list(document["notes"])
    if len(equity) > POINTS:
        notes.append(
            f"the equity curve has {len(equity)} points, of which {POINTS} are shown, highs and "
            "lows among them; result_url has all"
        )
    if len(trades) > TRADES:
        notes.append(
            f"there were {len(trades)} trades, of which the newest {TRADES} are shown; "
            "result_url has all"
        )
    return {
        **{name: document[name] for name in ("metrics", "metric_units", "metric_reasons")},
        "trades": [{name: trade[name] for name in _TRADE} for trade in trades[-TRADES:]],
        "equity": [
            {"time": time, "equity": value} for time, value in thinned(equity, points=POINTS)
        ],
        "notes": notes,
    }


def thinned(curve: Sequence[Sequence[str]], *, points: int) -> list[Sequence[str]]:
    """Return at most so many points of [time, value]: the first, the last, and between them the
    lowest and the highest of equally long stretches, in order.
    """
    if len(curve) <= points:
        return list(curve)
    inner = range(1, len(curve) - 1)
    stretches = (points - 2) // 2
    values = [float(value) for _, value in curve]
    kept = {0, len(curve) - 1}
    for number in range(stretches):
        start = 1 + number * len(inner) // stretches
        end = 1 + (number + 1) * len(inner) // stretches
        kept.add(min(range(start, end), key=values.__getitem__))
        kept.add(max(range(start, end), key=values.__getitem__))
    return [curve[index] for index in sorted(kept)]
