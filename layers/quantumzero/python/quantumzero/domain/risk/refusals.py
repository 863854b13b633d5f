"""A refusal: a value, never an exception; stored with the order it denies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an order was denied: code is stable, text is for a person.

    limit is what may be and value what was, in the unit that the control's table names; None where no number was
    compared.
    """

    code: str
    text: str
    limit: Decimal | None = None
    value: Decimal | None = None
