"""The name of a run: the same request over the same stored bars has the same one."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from yaml.nodes import MappingNode, Node, SequenceNode

from quantumzero.contracts.formats import decimal_text, utc_text
from quantumzero.contracts.marked_yaml import MarkedText
from quantumzero.domain.backtests import ENGINE_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from quantumzero.domain.backtests import BacktestSettings
    from quantumzero.domain.bars import Bar, Split
    from quantumzero.domain.strategy.scoring import ScoringModel

_HEX_DIGITS = 40


def run_identity(
    settings: BacktestSettings,
    *,
    values: Mapping[str, Fraction],
    marks: Mapping[str, str],
    model: ScoringModel | None = None,
) -> str:
    """Return the run's id: what was asked, the parameters that follow, the engine, the bars
    and the model that gates the entries.

    values are all parameters of the strategy, defaults included; marks are bars_mark by symbol.
    Comments, spacing and the order of keys of the document change nothing.
    """
    content = {
        "document": canonical_document(settings.document),
        "symbols": settings.symbols,
        "first": settings.first.isoformat() if settings.first else None,
        "last": settings.last.isoformat() if settings.last else None,
        "parameters": {name: str(value) for name, value in values.items()},
        "cash": decimal_text(settings.cash.normalize()),
        "preset": settings.preset,
        "convention": settings.convention,
        "calendar": settings.calendar,
        "limits": settings.limits,
        "accept_gaps": settings.accept_gaps,
        "engine": ENGINE_VERSION,
        "bars": dict(marks),
        "model": None if model is None else hashlib.sha256(repr(model).encode()).hexdigest(),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_HEX_DIGITS]


def canonical_document(text: str) -> Any:
    """Return the document's keys and texts without comments, spacing and places."""
    return _plain(MarkedText(text).root)


def bars_mark(newest: Bar, splits: Sequence[Split]) -> str:
    """Name the stored bars of a symbol by the newest of the range and by its splits."""
    parts = (
        *(utc_text(newest.closes_at), newest.open, newest.high, newest.low, newest.close),
        *(newest.volume, newest.revision),
        *(f"{split.ex_date}:{split.new}/{split.old}" for split in splits),
    )
    return " ".join(str(part) for part in parts)


def _plain(node: Node) -> Any:
    if isinstance(node, MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_plain(each) for each in node.value]
    return str(node.value)
