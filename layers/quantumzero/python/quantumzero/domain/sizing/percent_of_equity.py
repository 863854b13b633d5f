"""How many shares an entry buys. Always rounded down to whole shares; zero is a refusal for the caller to explain."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from quantumzero.domain.errors import InvalidInputError


def percent_of_equity(equity: Decimal, percent: Decimal, price: Decimal) -> Decimal:
    """Return floor(equity x percent / 100 / price) shares, at least 0.

    equity and price are in money; percent is in (0, 100]. Raises InvalidInputError on another percent or no price.
    """
    if not 0 < percent <= 100:
        raise InvalidInputError(
            f"percent of equity was {percent}; it must be above 0 and at most 100"
        )
    if price <= 0:
        raise InvalidInputError(f"price was {price}; an order is sized only by a price above 0")
    shares = equity * percent / 100 / price
    return max(shares.quantize(Decimal(1), ROUND_FLOOR), Decimal(0))
