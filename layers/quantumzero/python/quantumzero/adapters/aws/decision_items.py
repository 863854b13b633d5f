"""A decision as an item of the decisions table, and back."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.protection_attributes import plan_of, plan_text
from quantumzero.adapters.aws.size_attributes import size_of, size_text
from quantumzero.contracts.formats import utc_text, utc_time
from quantumzero.domain.decisions import Action, Decision

if TYPE_CHECKING:
    from datetime import datetime

UNORDERED = "UNORDERED"


def decision_key(strategy: str, symbol: str, closes_at: datetime) -> dict[str, Any]:
    """Return the key of the one decision of a strategy on a bar."""
    return {"pk": {"S": f"D#{strategy}"}, "sk": {"S": f"{utc_text(closes_at)}#{symbol}"}}


def unordered_key(decision: Decision) -> dict[str, Any]:
    """Return the key of the note that the decision's order was not seen yet."""
    return {"pk": {"S": UNORDERED}, "sk": {"S": _by_time(decision)}}


def unordered_item(decision: Decision, noted_at: datetime) -> dict[str, Any]:
    """Return that note, which carries the whole decision; it is in no index."""
    noted = {"noted_at": {"S": utc_text(noted_at)}}
    return {**unordered_key(decision), **_attributes(decision), **noted}


def decision_item(decision: Decision) -> dict[str, Any]:
    """Return the item of a decision with the keys of the table and of the index by_time."""
    return {
        **decision_key(decision.strategy, decision.symbol, decision.closes_at),
        "bucket": {"S": "D"},
        "sort": {"S": _by_time(decision)},
        **_attributes(decision),
    }


def _by_time(decision: Decision) -> str:
    return f"{utc_text(decision.closes_at)}#{decision.strategy}#{decision.symbol}"


def _attributes(decision: Decision) -> dict[str, Any]:
    item = {
        "id": {"S": decision.id},
        "strategy": {"S": decision.strategy},
        "version": {"N": str(decision.version)},
        "symbol": {"S": decision.symbol},
        "timeframe": {"S": decision.timeframe},
        "closes_at": {"S": utc_text(decision.closes_at)},
        "action": {"S": decision.action.value},
        "reason": {"S": decision.reason},
        "price": {"N": str(decision.price)},
        "position": {"S": str(decision.position)},
        "bar_revision": {"N": str(decision.bar_revision)},
        "percent_of_equity": {"S": str(decision.percent_of_equity)},
        "values": {"S": json.dumps(dict(decision.values), separators=(",", ":"))},
    }
    if decision.model is not None:
        item["model"] = {"S": decision.model}
    if decision.model_threshold is not None:
        item["model_threshold"] = {"S": str(decision.model_threshold)}
    if decision.size is not None:
        item["size"] = {"S": size_text(decision.size)}
    if decision.protection is not None:
        item["protection"] = {"S": plan_text(decision.protection)}
    return item


def decision_from(item: dict[str, Any]) -> Decision:
    """Return the decision of an item."""
    threshold = item.get("model_threshold", {}).get("S")
    size, protection = (item.get(name, {}).get("S") for name in ("size", "protection"))
    return Decision(
        id=item["id"]["S"],
        strategy=item["strategy"]["S"],
        version=int(item["version"]["N"]),
        symbol=item["symbol"]["S"],
        timeframe=item["timeframe"]["S"],
        closes_at=utc_time(item["closes_at"]["S"]),
        action=Action(item["action"]["S"]),
        reason=item["reason"]["S"],
        price=int(item["price"]["N"]),
        position=Decimal(item["position"]["S"]),
        bar_revision=int(item["bar_revision"]["N"]),
        percent_of_equity=Decimal(item["percent_of_equity"]["S"]),
        model=item.get("model", {}).get("S"),
        model_threshold=None if threshold is None else Decimal(threshold),
        values=json.loads(item["values"]["S"]),
        size=None if size is None else size_of(size),
        protection=None if protection is None else plan_of(protection),
    )
