"""Which orders each broker takes: one table per broker and kind of asset, asked before anything is reserved.

Sources: Alpaca's OpenAPI document and order pages, Robinhood's crypto trading API. Where they disagree (fractional
stops at Alpaca) the narrower reading is here: an order that is refused here is one that nobody had to send.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from quantumzero.domain.order_shapes import check_shape
from quantumzero.domain.orders import OrderClass, OrderTerms, OrderType, TimeInForce

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CODE = "NOT_OFFERED"

_DAY, _GTC = TimeInForce.DAY, TimeInForce.GOOD_TIL_CANCELED
_LASTING = frozenset({_DAY, _GTC})
_IMMEDIATE = frozenset({TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL})
_AUCTIONS = frozenset({TimeInForce.AT_OPEN, TimeInForce.AT_CLOSE})
_SIMPLE = frozenset({OrderClass.SIMPLE})


class AssetClass(StrEnum):
    """What is traded, as far as brokers treat it differently."""

    EQUITY = "equity"
    FRACTIONAL_EQUITY = "fractional equity"
    CRYPTO = "crypto"


@dataclass(frozen=True, slots=True)
class Capability:
    """What one broker takes for one kind of asset.

    forces lists the times in force of each order type; a type that is not there is not taken. notional_types are the
    types that may be for an amount of money, extended_forces the times in force of limit orders outside the session.
    decimals are those of a quantity.
    """

    forces: Mapping[OrderType, frozenset[TimeInForce]]
    classes: frozenset[OrderClass] = _SIMPLE
    notional_types: frozenset[OrderType] = frozenset()
    extended_forces: frozenset[TimeInForce] = frozenset()
    decimals: int = 0
    short: bool = False
    replace: bool = True
    class_forces: frozenset[TimeInForce] = field(default=_LASTING)


_ALPACA_EQUITY = Capability(
    forces={
        OrderType.MARKET: _LASTING | _AUCTIONS | _IMMEDIATE,
        OrderType.LIMIT: _LASTING | _AUCTIONS | _IMMEDIATE,
        OrderType.STOP: _LASTING,
        OrderType.STOP_LIMIT: _LASTING,
        OrderType.TRAILING_STOP: _LASTING,
    },
    classes=frozenset(OrderClass),
    extended_forces=frozenset({_DAY}),
    short=True,
)
_ALPACA_FRACTIONS = Capability(
    forces={OrderType.MARKET: frozenset({_DAY})},
    notional_types=frozenset({OrderType.MARKET}),
    decimals=9,
    replace=False,
)
_ALPACA_CRYPTO_FORCES = frozenset({_GTC, TimeInForce.IMMEDIATE_OR_CANCEL})
_ALPACA_CRYPTO = Capability(
    forces=dict.fromkeys(
        (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_LIMIT), _ALPACA_CRYPTO_FORCES
    ),
    notional_types=frozenset({OrderType.MARKET}),
    decimals=9,
)
_PAPER_TYPES = (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP, OrderType.STOP_LIMIT)
_PAPER_EQUITY = Capability(forces=dict.fromkeys(_PAPER_TYPES, _LASTING), short=True)
_PAPER_FRACTIONS = Capability(forces={OrderType.MARKET: frozenset({_DAY})}, decimals=9)
_PAPER_CRYPTO = Capability(forces=dict.fromkeys(_PAPER_TYPES, frozenset({_GTC})), decimals=9)
_ROBINHOOD_CRYPTO = Capability(
    forces=dict.fromkeys(_PAPER_TYPES, frozenset({_GTC})),
    notional_types=frozenset({OrderType.LIMIT, OrderType.STOP, OrderType.STOP_LIMIT}),
    decimals=9,
    replace=False,
)

CAPABILITIES: Mapping[tuple[str, AssetClass], Capability] = {
    ("alpaca", AssetClass.EQUITY): _ALPACA_EQUITY,
    ("alpaca", AssetClass.FRACTIONAL_EQUITY): _ALPACA_FRACTIONS,
    ("alpaca", AssetClass.CRYPTO): _ALPACA_CRYPTO,
    ("paper", AssetClass.EQUITY): _PAPER_EQUITY,
    ("paper", AssetClass.FRACTIONAL_EQUITY): _PAPER_FRACTIONS,
    ("paper", AssetClass.CRYPTO): _PAPER_CRYPTO,
    ("robinhood", AssetClass.CRYPTO): _ROBINHOOD_CRYPTO,
}


def asset_class_of(terms: OrderTerms) -> AssetClass:
    """Return what the order trades: pairs like BTC/USD are crypto, parts of a share and amounts are fractional."""
    if "/" in terms.symbol:
        return AssetClass.CRYPTO
    fractional = terms.notional is not None or terms.quantity % 1 != 0
    return AssetClass.FRACTIONAL_EQUITY if fractional else AssetClass.EQUITY


def capability(terms: OrderTerms, broker: str) -> Capability | None:
    """Return what the broker takes for the order's kind of asset, None when nothing."""
    return CAPABILITIES.get((broker, asset_class_of(terms)))


def check_capability(terms: OrderTerms, broker: str) -> str | None:
    """Return why the broker would not take the order, with what it takes; None when it takes it.

    An order class that is carried out here, not at the broker, is not the broker's to take.
    """
    wrong = check_shape(terms)
    if wrong is not None:
        return wrong
    kind = asset_class_of(terms)
    offered = CAPABILITIES.get((broker, kind))
    if offered is None:
        return f"{broker} does not trade {kind}; it trades {_kinds(broker)}"
    return _check_kind(terms, broker, kind, offered) or _check_class(terms, broker, kind, offered)


def takes_class(terms: OrderTerms, broker: str) -> bool:
    """Tell whether the broker itself keeps the order's legs; else they are kept here."""
    offered = capability(terms, broker)
    return (
        offered is not None and _check_class(terms, broker, asset_class_of(terms), offered) is None
    )


def _check_kind(
    terms: OrderTerms, broker: str, kind: AssetClass, offered: Capability
) -> str | None:
    forces = offered.forces.get(terms.order_type)
    if forces is None:
        return f"{broker} takes no {terms.order_type} orders of {kind}; it takes {_words(offered.forces)}"
    if terms.time_in_force not in forces:
        return (
            f"{broker} takes {terms.order_type} orders of {kind} as {_words(forces)}, not as "
            f"{terms.time_in_force}"
        )
    return _check_particulars(terms, broker, kind, offered)


def _check_particulars(
    terms: OrderTerms, broker: str, kind: AssetClass, offered: Capability
) -> str | None:
    if terms.notional is not None and terms.order_type not in offered.notional_types:
        taken = _words(offered.notional_types) or "none"
        return (
            f"{broker} takes no {terms.order_type} orders of {kind} for an amount of money; types "
            f"that may be: {taken}"
        )
    if terms.extended_hours and terms.time_in_force not in offered.extended_forces:
        taken = _words(offered.extended_forces) or "none"
        return f"{broker} takes orders of {kind} outside the session as {taken}, not as {terms.time_in_force}"
    if terms.opens_short and not offered.short:
        return f"{broker} does not sell {kind} short; sell at most what is held"
    if terms.quantity.as_tuple().exponent < -offered.decimals and terms.quantity % 1:  # type: ignore[operator]  # finite
        return f"{broker} takes quantities of {kind} with {offered.decimals} decimals; it was {terms.quantity}"
    return None


def _check_class(
    terms: OrderTerms, broker: str, kind: AssetClass, offered: Capability
) -> str | None:
    if terms.order_class is OrderClass.SIMPLE or terms.emulated:
        return None
    if terms.order_class not in offered.classes:
        return (
            f"{broker} takes {kind} orders as {_words(offered.classes)}, not as {terms.order_class}"
        )
    if terms.time_in_force not in offered.class_forces or terms.extended_hours:
        taken = _words(offered.class_forces)
        return f"{broker} takes {terms.order_class} orders as {taken} within the session"
    if terms.order_type not in (OrderType.MARKET, OrderType.LIMIT):
        return f"{broker} takes {terms.order_class} orders that are market or limit, not {terms.order_type}"
    return None


def _words(values: Iterable[StrEnum]) -> str:
    return ", ".join(sorted(values))


def _kinds(broker: str) -> str:
    return _words(kind for name, kind in CAPABILITIES if name == broker) or "nothing that is known"
