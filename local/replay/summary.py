"""What a replay came to, by the product's ledger and by the exchange's own books, side by side."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.api_client import ApiClient

_CENT = Decimal("0.01")
_NEVER_SENT = {"DENIED", "ABANDONED"}


def round_trips(fills: list[dict[str, Any]]) -> int:
    """Count the fills that brought a holding back to nothing; splits do not disturb the exchange's own quantity."""
    return sum(1 for fill in fills if Decimal(fill["position_quantity"]) == 0)


def differences(
    orders: list[dict[str, Any]], books: Mapping[str, Any], portfolio: Mapping[str, Any]
) -> list[str]:
    """Name every order, and the cash, in which ledger and exchange disagree; empty when they agree."""
    ours = {
        order["client_order_id"]: order for order in orders if order["state"] not in _NEVER_SENT
    }
    theirs = {order["client_order_id"]: order for order in books["orders"]}
    found = [f"order {name} is not in the ledger" for name in sorted(theirs.keys() - ours.keys())]
    found += [
        f"order {name} is not at the exchange" for name in sorted(ours.keys() - theirs.keys())
    ]
    for name in sorted(ours.keys() & theirs.keys()):
        mine, other = ours[name]["filled_quantity"], theirs[name]["filled_qty"]
        if Decimal(mine) != Decimal(other):
            found.append(f"order {name} filled {mine} in the ledger and {other} at the exchange")
    if Decimal(portfolio["cash"]) != Decimal(books["cash"]).quantize(_CENT, ROUND_HALF_EVEN):
        found.append(f"cash is {portfolio['cash']} in the ledger, {books['cash']} at the exchange")
    return found


def summarise(
    api: ApiClient, books: Mapping[str, Any], *, sessions: int, ticks: int
) -> dict[str, Any]:
    """Return the figures of the run; money as strings in cents."""
    portfolio = api.get("/v1/portfolio")
    orders = list(api.every("/v1/orders", "orders"))
    decisions = list(api.every("/v1/decisions", "decisions"))
    symbols = sorted({decision["symbol"] for decision in decisions})
    bars = sum(len(api.get("/v1/bars", symbol=s, limit=2000)["bars"]) for s in symbols)
    sent = Counter(order["decision_id"] for order in orders if order["state"] not in _NEVER_SENT)
    known = {order["client_order_id"] for order in orders}
    at_exchange = [order["client_order_id"] for order in books["orders"]]
    acted = {d["id"] for d in decisions if d["action"] != "hold"}
    lost = acted - {order["decision_id"] for order in orders}
    unfinished = [o for o in orders if o["state"] in {"INTENT", "SUBMITTING", "UNKNOWN"}]
    found = differences(orders, books, portfolio)
    ours = Decimal(portfolio["equity"])
    theirs = Decimal(books["equity"]).quantize(_CENT, ROUND_HALF_EVEN)
    return {
        "sessions": sessions,
        "ticks": ticks,
        "bars": bars,
        "decisions": len(decisions),
        "orders": len(at_exchange),
        "fills": len(books["fills"]),
        "round_trips": round_trips(books["fills"]),
        "rejected": sum(1 for o in orders if o["state"] in {"REJECTED", "DENIED"}),
        "final_equity": str(ours),
        "broker_equity": str(theirs),
        "ledger_matches_broker": not found and ours == theirs,
        "differences": found,
        "duplicate_orders": sum(count - 1 for count in sent.values())
        + len(at_exchange)
        - len(set(at_exchange)),
        "lost_orders": len(lost) + len(unfinished) + len(set(at_exchange) - known),
    }
