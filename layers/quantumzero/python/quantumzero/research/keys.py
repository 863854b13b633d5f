"""The content key of a run: equal keys mean equal results, so nothing is computed twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.document import Formula

if TYPE_CHECKING:
    from quantumzero.domain.strategy.document import StrategyDocument
    from quantumzero.research.grid import Span


def content_key(
    document: StrategyDocument,
    parameters: Mapping[str, Fraction],
    snapshot: str,
    conventions: Mapping[str, Any],
    span: Span,
    **others: Any,
) -> str:
    """Return the SHA-256 (hex) of everything that decides a result.

    The document counts by what it says, not by how it is written: comments, order of keys and
    spacing change nothing. conventions hold the engine's version; others are settings that are
    neither, such as cash, the metrics' convention, a model or finer bars.
    """
    content = {
        "document": canonical(document),
        "parameters": canonical(dict(parameters)),
        "data": snapshot,
        "conventions": canonical(dict(conventions)),
        "range": [span.first_us, span.last_us],
        "others": canonical(others),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> Any:
    """Return the value as JSON that does not depend on how it was written.

    Decimals and fractions become exact text (1.50 and 1.5 are one number), formulas their words.
    """
    if is_dataclass(value) and not isinstance(value, type | Formula):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): canonical(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [canonical(each) for each in value]
    return _plain(value)


def _plain(value: Any) -> str | int | float | bool | None:
    if isinstance(value, Formula):
        return value.words
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal | Fraction):
        return str(Fraction(value)) if _finite(value) else str(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _finite(value: Decimal | Fraction) -> bool:
    return not isinstance(value, Decimal) or value.is_finite()
