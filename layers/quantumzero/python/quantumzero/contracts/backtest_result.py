"""One backtest's result as JSON: what `qz backtest --json` prints and what the platform stores.

Money, prices and quantities are decimal texts, never rounded (the shortest that reads back as the
same double); ratios are JSON numbers; times are ISO 8601 in UTC. What is undefined is null.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from quantumzero.contracts.formats import decimal_text, utc_text
from quantumzero.domain.backtests import EXIT_REASONS, ORDER_STATES, PURPOSES, SIDES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONEY = "money"


def result_document(result: Any) -> dict[str, Any]:
    """Return the JSON document of a research.result.BacktestResult (a room this one may not name).

    Deterministic: equal results give equal documents, key by key and in the same order.
    """
    curves = result.curves
    times = _times(curves.time)
    low, high = result.ambiguity_bounds
    return {
        "key": result.key,
        "strategy": result.strategy,
        "version": result.version,
        "parameters": dict(result.parameters),
        "symbols": list(result.symbols),
        "cash": number_text(result.cash),
        "final_equity": number_text(result.final_equity),
        **_metrics(result.metrics),
        "trades": trade_rows(result),
        "orders": _order_rows(result),
        "fills": _fill_rows(result),
        "refusals": [_refusal(each) for each in result.refusals],
        "equity": [list(pair) for pair in zip(times, _texts(curves.equity), strict=True)],
        "curves": {
            "cash": _texts(curves.cash),
            "gross": _texts(curves.gross),
            "net": _texts(curves.net),
        },
        "benchmark": None if result.benchmark is None else _texts(result.benchmark),
        "charges": {
            name: number_text(getattr(result.charges, name))
            for name in (
                *("commission", "slippage", "borrow", "margin_interest", "dividends"),
                "traded_value",
            )
        },
        "ambiguous_trades": result.ambiguous_trades,
        "ambiguity_bounds": [number_text(low), number_text(high)],
        "sessions_per_year": plain(result.sessions_per_year),
        "conventions": plain(result.conventions),
        "decisions": plain(result.decisions),
        "notes": list(result.notes),
        "certificate": result.certificate,
    }


def trade_rows(result: Any) -> list[dict[str, Any]]:
    """Return the closed round trips, one row each; side is long or short."""
    trades = result.trades
    money = (
        *("entry_price", "exit_price", "quantity", "profit", "fees", "mae", "mfe"),
        *("best_profit", "worst_profit"),
    )
    columns: dict[str, Iterable[Any]] = {
        "symbol": _words(trades.symbol, result.symbols),
        "side": ["long" if side > 0 else "short" for side in trades.side.tolist()],
        "entry_time": _times(trades.entry_time),
        "exit_time": _times(trades.exit_time),
        "reason": _words(trades.reason, EXIT_REASONS),
        "ambiguous": [bool(each) for each in trades.ambiguous.tolist()],
        "entry_bar": trades.entry_bar.tolist(),
        "exit_bar": trades.exit_bar.tolist(),
    }
    columns |= {name: _texts(getattr(trades, name)) for name in money}
    order = (
        *("symbol", "side", "entry_time", "entry_price", "exit_time", "exit_price", "quantity"),
        *("profit", "fees", "reason", "ambiguous", "mae", "mfe", "best_profit", "worst_profit"),
        *("entry_bar", "exit_bar"),
    )
    return _rows({name: columns[name] for name in order})


def _order_rows(result: Any) -> list[dict[str, Any]]:
    orders = result.orders
    return _rows(
        {
            "symbol": _words(orders.symbol, result.symbols),
            "side": _words(orders.side, SIDES),
            "quantity": _texts(orders.quantity),
            "decided_at": _times(orders.decided_at),
            "purpose": _words(orders.purpose, PURPOSES),
            "state": _words(orders.state, ORDER_STATES),
            "limit_price": _texts(orders.limit_price),
            "stop_price": _texts(orders.stop_price),
            "filled_quantity": _texts(orders.filled_quantity),
            "filled_price": _texts(orders.filled_price),
        }
    )


def _fill_rows(result: Any) -> list[dict[str, Any]]:
    fills = result.fills
    return _rows(
        {
            "order": fills.order.tolist(),
            "time": _times(fills.time),
            "quantity": _texts(fills.quantity),
            "price": _texts(fills.price),
            "fees": _texts(fills.fees),
        }
    )


def _refusal(refusal: Any) -> dict[str, Any]:
    return {
        "time": time_text(refusal.time),
        "symbol": refusal.symbol,
        "side": refusal.side,
        "quantity": number_text(refusal.quantity),
        "code": refusal.code,
        "text": refusal.text,
        "limit": number_text(refusal.limit),
        "value": number_text(refusal.value),
    }


def _metrics(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """metrics: name -> value; metric_units: name -> unit; metric_reasons: why a value is null."""
    values = {
        name: number_text(each.value) if each.unit == _MONEY else plain(each.value)
        for name, each in metrics.items()
    }
    return {
        "metrics": values,
        "metric_units": {name: each.unit for name, each in metrics.items()},
        "metric_reasons": {
            name: each.reason or "the value is not finite"
            for name, each in metrics.items()
            if values[name] is None
        },
    }


def number_text(value: float | None) -> str | None:
    """Write a double as the shortest decimal that reads back as the same one; None when undefined."""
    if value is None or not math.isfinite(value):
        return None
    text = repr(float(value))
    if "e" in text:
        text = decimal_text(Decimal(text))
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def time_text(microseconds: int) -> str:
    """Write microseconds since 1970 UTC as ISO 8601."""
    return utc_text(_EPOCH + timedelta(microseconds=microseconds))


def plain(value: Any) -> Any:  # noqa: PLR0911 - one way out for each kind of value
    """Return what JSON can say of a setting: exact numbers as text, times as ISO 8601, names of enums."""
    if value is None or isinstance(value, (str, bool, int)):
        return value.name.lower() if isinstance(value, Enum) else value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "items"):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(str(each) for each in value)
    if hasattr(value, "tolist"):  # a NumPy scalar or array
        return plain(value.tolist())
    return [plain(each) for each in value]


def _times(column: Any) -> list[str]:
    return [time_text(each) for each in column.tolist()]


def _texts(column: Any) -> list[str | None]:
    return [number_text(each) for each in column.tolist()]


def _words(column: Any, words: tuple[str, ...]) -> list[str]:
    return [words[each] for each in column.tolist()]


def _rows(columns: Mapping[str, Iterable[Any]]) -> list[dict[str, Any]]:
    names = tuple(columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]
