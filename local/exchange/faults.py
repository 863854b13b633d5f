"""Fault scripts: which requests go wrong, and how.

Counting and choosing only; fault_middleware.py carries them out.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import Any

import msgspec

from quantumzero.domain.errors import InvalidInputError


class FaultAction(StrEnum):
    """What goes wrong.

    "accept" means that the request is carried out, although its answer goes wrong.
    """

    ACCEPT_THEN_TIMEOUT = "accept_then_timeout"
    ACCEPT_THEN_STATUS = "accept_then_status"
    ACCEPT_THEN_DROP = "accept_then_drop"
    TRUNCATE = "truncate"
    LATE_ACCEPT = "late_accept"
    STATUS = "status"
    RATE_LIMIT = "rate_limit"
    HANG = "hang"
    DROP = "drop"
    UNKNOWN_WORD = "unknown_word"
    REPEAT_PAGE = "repeat_page"
    STREAM_DROP = "stream_drop"
    STREAM_MUTE = "stream_mute"
    STREAM_REPEAT = "stream_repeat"
    STREAM_REORDER = "stream_reorder"
    STREAM_REFUSE = "stream_refuse"


class FaultRule(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which requests, and what happens to them.

    method and path (a regular expression, searched in the path) choose requests; of those the `nth`
    one (counted from 1 since the rule was set; None: each) or, with `probability`, each by a
    generator of its own `seed`; at most `times` times (None: no limit). status, body, retry_after,
    seconds, delay_seconds (machine time), field and word shape the action.
    """

    action: FaultAction
    method: str = "*"
    path: str = "/"
    nth: int | None = None
    probability: float | None = None
    seed: int = 0
    times: int | None = None
    status: int = 504
    body: str = ""
    retry_after: int | None = None
    seconds: float = 30.0
    delay_seconds: float = 1.0
    field: str = "asset_class"
    word: str = "never_heard_of"


@dataclass(slots=True)
class _ActiveRule:
    rule: FaultRule
    generator: random.Random
    seen: int = 0
    fired: int = 0


@dataclass(slots=True)
class FaultScript:
    """The rules in force, in the order they were set; the first that fires decides a request."""

    _active: list[_ActiveRule] = dataclass_field(default_factory=list)

    def add(self, document: Any) -> None:
        """Add one rule or a list of rules. Errors: InvalidInputError naming the field."""
        documents = document if isinstance(document, list) else [document]
        try:
            rules = msgspec.convert(documents, list[FaultRule])
        except msgspec.ValidationError as error:
            actions = ", ".join(FaultAction)
            raise InvalidInputError(f"bad fault rule: {error}; actions: {actions}") from error
        for rule in rules:
            try:
                re.compile(rule.path)
            except re.error as error:
                raise InvalidInputError(
                    f"path {rule.path!r} is no regular expression: {error}"
                ) from error
        # A generator of its own makes each rule's choices repeat with its seed.
        self._active += [_ActiveRule(rule, random.Random(rule.seed)) for rule in rules]  # noqa: S311 - repeatable, not secret

    def clear(self) -> None:
        """Remove all rules."""
        self._active.clear()

    def choose(self, method: str, path: str) -> FaultRule | None:
        """Return the rule that this request falls under; each matching rule counts it."""
        chosen = None
        for active in self._active:
            rule = active.rule
            if rule.method.upper() not in ("*", method) or not re.search(rule.path, path):
                continue
            active.seen += 1
            if chosen is None and self._fires(active):
                active.fired += 1
                chosen = rule
        return chosen

    def view(self) -> list[dict[str, Any]]:
        """Return the rules with how many requests each has seen and hit."""
        return [
            {**msgspec.to_builtins(active.rule), "seen": active.seen, "fired": active.fired}
            for active in self._active
        ]

    @staticmethod
    def _fires(active: _ActiveRule) -> bool:
        rule = active.rule
        if rule.times is not None and active.fired >= rule.times:
            return False
        if rule.nth is not None and active.seen != rule.nth:
            return False
        return rule.probability is None or active.generator.random() < rule.probability
