"""Refusals, in the vendor's words and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.exchange.formats import number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

BAD_FIELD = 40010001
BAD_ORDER = 42210000
FORBIDDEN = 40310000
NOT_FOUND = 40410000


class Refusal(Exception):
    """The exchange says no.

    An HTTP status, the vendor's code (None: none is sent), a message and further fields.
    """

    def __init__(
        self, status: int, code: int | None, message: str, extras: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.extras = dict(extras or {})

    @property
    def body(self) -> dict[str, Any]:
        """Return the JSON body; refusals of keys and of too many requests carry no code."""
        code = {} if self.code is None else {"code": self.code}
        return {**code, "message": self.message, **self.extras}


def bad_field(message: str) -> Refusal:
    """Return the refusal of a malformed, missing or repeated field."""
    return Refusal(422, BAD_FIELD, message)


def bad_order(message: str) -> Refusal:
    """Return the refusal of an order whose fields do not go together."""
    return Refusal(422, BAD_ORDER, message)


def not_found(message: str) -> Refusal:
    """Return the refusal of something unknown."""
    return Refusal(404, NOT_FOUND, message)


def no_buying_power(needed: Decimal, available: Decimal) -> Refusal:
    """Return the refusal of an order that costs more than there is."""
    return Refusal(
        403,
        FORBIDDEN,
        "insufficient buying power",
        {"buying_power": number(available), "cost_basis": number(needed)},
    )


def no_quantity(symbol: str, requested: Decimal, existing: Decimal, held: Decimal) -> Refusal:
    """Return the refusal to sell, or to buy back, more shares than are there and free."""
    available = existing - held
    return Refusal(
        403,
        FORBIDDEN,
        "insufficient qty available for order"
        f" (requested: {number(requested)}, available: {number(available)})",
        {
            "available": number(available),
            "existing_qty": number(existing),
            "held_for_orders": number(held),
            "symbol": symbol,
        },
    )
