"""What happens to orders, and the identifiers of things: the same in every replay."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from local.exchange.orders import Fill, Order

_NAMESPACE = uuid.UUID("5f0c8a52-6f0e-5c1b-9b39-0d1f4d1c7a10")


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """Something that happened to an order, named in the vendor's words.

    Fill is set for executions only.
    """

    name: str
    order: Order
    at: datetime
    execution_id: str
    position_quantity: Decimal
    fill: Fill | None = None


def identifier(*parts: object) -> str:
    """Return the UUID that always belongs to these parts.

    A replay gives every order and fill the same ids again.
    """
    return str(uuid.uuid5(_NAMESPACE, "|".join(str(part) for part in parts)))
