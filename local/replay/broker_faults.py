"""A script of broker faults drawn from a seed: what the exchange does wrong while a replay runs.

Answers get lost, cut, delayed or replaced by errors after the order was taken and before it; reads fail; the stream
repeats and reorders. The same seed gives the same script.
"""

from __future__ import annotations

import random
from typing import Any

_ORDERS = "^/v2/orders$"
# Taken by the broker, but the answer says otherwise or nothing: what the product must look up.
_AFTER: tuple[dict[str, Any], ...] = (
    {"action": "accept_then_status", "status": 504},
    {"action": "accept_then_status", "status": 500},
    {"action": "accept_then_drop"},
    {"action": "truncate"},
    {"action": "accept_then_timeout", "seconds": 7.0},
)
# Never taken: each costs the product's quiet period before the same id may be sent once more.
_BEFORE: tuple[dict[str, Any], ...] = (
    {"action": "status", "status": 504},
    {"action": "drop"},
    {"action": "rate_limit"},
)
_READS: tuple[dict[str, Any], ...] = (
    {"action": "status", "status": 500},
    {"action": "rate_limit", "retry_after": 1},
    {"action": "drop"},
    {"action": "truncate"},
    {"action": "unknown_word"},
)
_STREAM: tuple[dict[str, Any], ...] = ({"action": "stream_repeat"}, {"action": "stream_reorder"})


def broker_faults(seed: int) -> list[dict[str, Any]]:
    """Return the fault rules of the seed, in the words of docs/exchange_simulator.md section 10."""
    draw = random.Random(seed)  # noqa: S311 - a reproducible script, not a secret

    def rule(kind: dict[str, Any], method: str, path: str, times: int) -> dict[str, Any]:
        often = {"probability": round(draw.uniform(0.1, 0.3), 2), "seed": draw.randrange(10**6)}
        return {**kind, "method": method, "path": path, **often, "times": times}

    after = [rule(kind, "POST", _ORDERS, draw.randint(2, 4)) for kind in draw.sample(_AFTER, 4)]
    before = [rule(draw.choice(_BEFORE), "POST", _ORDERS, 1)]
    reads = [rule(kind, "GET", "^/v2/", draw.randint(2, 5)) for kind in draw.sample(_READS, 3)]
    stream = [rule(kind, "SEND", "^/stream$", 20) for kind in _STREAM]
    return [*after, *before, *reads, *stream]


def fired(view: list[dict[str, Any]]) -> dict[str, int]:
    """Return how often each kind of fault happened, by method and action."""
    counts: dict[str, int] = {}
    for rule in view:
        name = f"{rule['method']} {rule['action']}"
        counts[name] = counts.get(name, 0) + rule["fired"]
    return {name: count for name, count in sorted(counts.items()) if count}
