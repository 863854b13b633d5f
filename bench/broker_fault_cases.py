"""What goes wrong at the broker: one case a row of the table, as rules of the exchange simulator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_POST: dict[str, Any] = {"method": "POST", "path": "^/v2/orders$", "nth": 1}
_LIST: dict[str, Any] = {"method": "GET", "path": "^/v2/orders$"}
_SEND: dict[str, Any] = {"method": "SEND", "path": "^/stream$"}
# Longer than our client waits; alpaca-py waits as long as the server likes.
SILENCE_SECONDS = 6.5


@dataclass(frozen=True, slots=True)
class Case:
    """One fault.

    orders are asked for, each an intent of its own; twice says that each request is sent a second time; streamed that
    the news of fills comes over the stream; page is the listing's page size, None the usual one.
    """

    name: str
    rules: tuple[dict[str, Any], ...] = ()
    orders: int = 1
    twice: bool = False
    streamed: bool = False
    page: int | None = None


def _post(name: str, **rule: Any) -> Case:
    return Case(name, ({**_POST, **rule},))


_NO_ANSWER: dict[str, Any] = {**_POST, "action": "accept_then_status", "status": 504}
CASES = (
    Case("none"),
    _post("accepted, then 504", action="accept_then_status", status=504),
    _post("504 before", action="status", status=504),
    _post("hang after accept", action="accept_then_timeout", seconds=SILENCE_SECONDS),
    _post("hang before", action="hang", seconds=SILENCE_SECONDS),
    _post("accepted, connection closed", action="accept_then_drop"),
    _post("accepted, half an answer", action="truncate"),
    _post("arrives after its client gave up", action="late_accept", delay_seconds=0.2, seconds=1.0),
    Case("429 storm", ({"action": "rate_limit", "path": "^/v2/", "times": 9},)),
    _post("accepted, then empty 500", action="accept_then_status", status=500),
    _post("empty 503 before", action="status", status=503),
    _post("401 without a code", action="status", status=401, body='{"message": "unauthorized."}'),
    Case("duplicate id", twice=True),
    Case("unknown word in a list", (_NO_ANSWER, {**_LIST, "action": "unknown_word"})),
    Case(
        "unknown status in a list",
        (_NO_ANSWER, {**_LIST, "action": "unknown_word", "field": "status"}),
    ),
    Case(
        "list that repeats its page",
        ({**_NO_ANSWER, "nth": None, "times": 3}, {**_LIST, "action": "repeat_page"}),
        orders=3,
        page=2,
    ),
    Case("fills in parts", streamed=True),
    Case("fills in parts, each told twice", ({**_SEND, "action": "stream_repeat"},), streamed=True),
    Case("fills in parts, told backwards", ({**_SEND, "action": "stream_reorder"},), streamed=True),
    Case("silent stream", ({**_SEND, "action": "stream_mute"},), streamed=True),
)
