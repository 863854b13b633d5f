"""Positions: quantity, what it cost, and how much of the exposure limit it uses.

Decimal, exact; negative quantities are short.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.orders import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from quantumzero.domain.bars import Split
    from quantumzero.domain.order_lifecycle import Fill

_MONEY = Decimal("0.00000001")
_SHARE = Decimal("0.000000001")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Position:
    """The account's holding of one symbol.

    cost is what the quantity held now was bought for (average cost); exposure is what it counts against the gross
    limit: the value its orders had reserved. version is 0 for a position never written.
    """

    symbol: str
    quantity: Decimal = _ZERO
    cost: Decimal = _ZERO
    exposure: Decimal = _ZERO
    version: int = 0


def apply_fill(position: Position, side: Side, fill: Fill) -> Position:
    """Return the position after the fill; a reducing fill frees cost and exposure in proportion, the last all of it."""
    signed = fill.quantity if side is Side.BUY else -fill.quantity
    held = position.quantity
    closing = min(abs(held), abs(signed)) if held * signed < 0 else _ZERO
    cost, exposure = position.cost, position.exposure
    if closing:
        kept = (abs(held) - closing) / abs(held)
        cost = (cost * kept).quantize(_MONEY).normalize()
        exposure = (exposure * kept).quantize(_MONEY).normalize()
    opening = abs(signed) - closing
    if opening:
        part = opening / fill.quantity
        opened_cost = fill.cost if part == 1 else (fill.cost * part).quantize(_MONEY)
        cost += opened_cost.copy_sign(signed)
        exposure += fill.exposure if part == 1 and fill.exposure else opened_cost
    return replace(
        position,
        quantity=held + signed,
        cost=cost,
        exposure=exposure,
        version=position.version + 1,
    )


def apply_split(quantity: Decimal, split: Split) -> Decimal:
    """Return the quantity after the split; cost and exposure in money do not change.

    Shares are divisible to nine decimals at a broker: what has more is rounded half to even.
    """
    exact = quantity * split.new / split.old
    rounded = exact.quantize(_SHARE)
    return exact if exact == rounded else rounded


def equity(
    cash: Decimal, quantities: Mapping[str, Decimal], prices: Mapping[str, Decimal]
) -> Decimal:
    """Return cash plus holdings at the given prices."""
    return cash + sum((quantity * prices[symbol] for symbol, quantity in quantities.items()), _ZERO)


def gross_value(quantities: Mapping[str, Decimal], prices: Mapping[str, Decimal]) -> Decimal:
    """Return the sum of the absolute values of the holdings."""
    return sum((abs(quantity) * prices[symbol] for symbol, quantity in quantities.items()), _ZERO)


def non_zero(positions: Iterable[Position]) -> list[Position]:
    """Return the positions that hold something, by symbol."""
    return sorted((each for each in positions if each.quantity), key=lambda each: each.symbol)
