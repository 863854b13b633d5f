"""The record of a finished replay: decisions and orders as the product's API tells them, fills as the exchange does."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from quantumzero.domain.order_identity import client_order_id, successor_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from local.api_client import ApiClient

ACCOUNT = "main"
_EXCHANGE_ZONE = ZoneInfo("America/New_York")


def exchange_date(moment: str) -> str:
    """Return the exchange's date of an instant written in UTC."""
    return datetime.fromisoformat(moment).astimezone(_EXCHANGE_ZONE).date().isoformat()


def build_record(
    api: ApiClient, books: Mapping[str, Any], *, first: str, sessions: int
) -> dict[str, Any]:
    """Return decisions, orders and fills by exchange date and symbol, with what the run was set to."""
    decisions = list(api.every("/v1/decisions", "decisions"))
    decided_on = {d["id"]: exchange_date(d["closes_at"]) for d in decisions}
    asked = {name for d in decisions if d["action"] != "hold" for name in _orders_of(d)}
    return {
        "first": first,
        "sessions": sessions,
        "cash": books["start_cash"],
        "final_equity": api.get("/v1/portfolio")["equity"],
        "decisions": [
            {"session": decided_on[d["id"]], "symbol": d["symbol"], "action": d["action"]}
            for d in decisions
        ],
        "orders": [
            {
                "session": decided_on[o["decision_id"]],
                "symbol": o["symbol"],
                "side": o["side"],
                "quantity": o["quantity"],
                "filled": o["filled_quantity"],
                "state": o["state"],
                "protects": o["client_order_id"] not in asked,
            }
            for o in api.every("/v1/orders", "orders")
            if o["state"] != "DENIED"
        ],
        "fills": [
            {
                "session": exchange_date(f["at"]),
                "symbol": f["symbol"],
                "side": f["side"],
                "quantity": f["quantity"],
                "price": f["price"],
            }
            for f in books["fills"]
        ],
    }


def _orders_of(decision: Mapping[str, Any]) -> Iterator[str]:
    """Name the orders that a decision itself asks for; what else carries its id protects what they filled."""
    for leg in ("entry", "exit"):
        name = client_order_id(
            account=ACCOUNT,
            strategy=decision["strategy"],
            version=decision["version"],
            decided_at=datetime.fromisoformat(decision["closes_at"]),
            symbol=decision["symbol"],
            leg=leg,
        )
        yield from (name, successor_id(name, "open"))


def write_record(file: Path, record: Mapping[str, Any]) -> None:
    """Write the record whole."""
    file.write_text(json.dumps(record, indent=1) + "\n")
