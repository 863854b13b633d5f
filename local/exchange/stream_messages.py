"""The messages of the market data stream.

Times stay aware datetimes: MessagePack sends them as timestamps.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from local.exchange.market_view import ViewBar
    from local.market_data.values import Tick

CHANNELS = (
    "trades",
    "quotes",
    "bars",
    "updatedBars",
    "dailyBars",
    "statuses",
    "lulds",
    "corrections",
    "cancelErrors",
)
VENUE = "V"
TAPE = "A"
# The data holds no quotes: one cent either side of the print stands in for them.
HALF_SPREAD = Decimal("0.01")
_QUOTE_SIZE = 100


def trade_fields(tick: Tick) -> dict[str, Any]:
    """Return a print with the vendor's field names; `t` is a datetime."""
    return {
        "t": tick.at,
        "x": VENUE,
        "p": float(tick.price),
        "s": tick.size,
        "c": ["@"],
        "i": tick.identifier,
        "z": TAPE,
    }


def quote_fields(tick: Tick) -> dict[str, Any]:
    """Return the quote derived from a print; `t` is a datetime."""
    bid = max(tick.price - HALF_SPREAD, Decimal("0.0001"))
    return {
        "t": tick.at,
        "bx": VENUE,
        "bp": float(bid),
        "bs": _QUOTE_SIZE,
        "ax": VENUE,
        "ap": float(tick.price + HALF_SPREAD),
        "as": _QUOTE_SIZE,
        "c": ["R"],
        "z": TAPE,
    }


def bar_fields(bar: ViewBar) -> dict[str, Any]:
    """Return a bar with the vendor's field names; `t` is a datetime."""
    return {
        "t": bar.at,
        "o": float(bar.open),
        "h": float(bar.high),
        "l": float(bar.low),
        "c": float(bar.close),
        "v": bar.volume,
        "n": bar.trades,
        "vw": float(round(bar.value / bar.volume, 6)),
    }


def trade_message(tick: Tick) -> dict[str, Any]:
    """Return a print as the stream sends it."""
    return {"T": "t", "S": tick.symbol, **trade_fields(tick)}


def quote_message(tick: Tick) -> dict[str, Any]:
    """Return a quote as the stream sends it."""
    return {"T": "q", "S": tick.symbol, **quote_fields(tick)}


def bar_message(kind: str, symbol: str, bar: ViewBar) -> dict[str, Any]:
    """Return a bar as the stream sends it; kind is b (minute) or d (day)."""
    return {"T": kind, "S": symbol, **bar_fields(bar)}
