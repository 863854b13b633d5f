"""Prices as integers: one unit is a ten-thousandth of the account's currency.

Comparisons and sums of prices are exact; a float never decides a crossing. Money and quantities
are Decimal.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from quantumzero.domain.errors import InvalidInputError

PRICE_DECIMALS = 4
PRICE_UNITS_PER_CURRENCY = 10**PRICE_DECIMALS
_UNIT = Decimal(1).scaleb(-PRICE_DECIMALS)
CENT = Decimal("0.01")


def price_units(price: Decimal) -> int:
    """Return the price in units of 0.0001, rounded half to even beyond the fourth decimal."""
    if not price.is_finite():
        raise InvalidInputError(f"price was {price}; it must be a finite number")
    return int((price * PRICE_UNITS_PER_CURRENCY).to_integral_value(ROUND_HALF_EVEN))


def price_decimal(units: int) -> Decimal:
    """Return the exact Decimal price of a count of 0.0001 units."""
    return Decimal(units) * _UNIT


def to_cents(amount: Decimal) -> Decimal:
    """Round an amount of money half to even to the cent."""
    return amount.quantize(CENT, ROUND_HALF_EVEN)
