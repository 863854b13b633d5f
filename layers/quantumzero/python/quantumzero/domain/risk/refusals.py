"""A refusal: a value, never an exception; stored with the order it denies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an order was denied. code is stable; limit and value are what was compared, as text; text is for a person."""

    code: str
    limit: str
    value: str
    text: str
