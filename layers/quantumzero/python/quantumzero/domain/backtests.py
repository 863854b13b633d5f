"""The words of a backtest's result: sides, states of orders, and why a position was closed."""

from __future__ import annotations

SIDES = ("buy", "sell")
ORDER_STATES = ("open", "filled", "cancelled", "expired", "rejected")
EXIT_REASONS = (
    "signal", "stop_loss", "take_profit", "trailing_stop", "time_stop", "rebalance", "delisting",
    "margin_call", "end",
)  # fmt: skip
PURPOSES = ("entry", "exit", "rebalance", *EXIT_REASONS[1:])
