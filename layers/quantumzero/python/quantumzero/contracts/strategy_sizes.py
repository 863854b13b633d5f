"""The size of an entry as a document writes it: nodes -> a Sizing of the domain.

Methods that are constant parts of the equity (equal_weight, kelly) are read as the percent_of_equity that they are.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from yaml.nodes import Node, ScalarNode

from quantumzero.domain.sizing.capped_kelly import kelly_weight
from quantumzero.domain.sizing.rounding import DOWN
from quantumzero.domain.strategy.document import Sizing, SizingMethod

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quantumzero.contracts.document_fields import FieldReader

MAXIMUM_BARS = 4_999  # and one more for a change from bar to bar
_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)
_PARTS = ("equal_weight", "kelly")
_METHODS = (
    *(each.value for each in SizingMethod if each is not SizingMethod.VOLATILITY_TARGET),
    *_PARTS,
    SizingMethod.VOLATILITY_TARGET.value,
)
_AMOUNTS = {
    "percent_of_equity": (_CENT, _HUNDRED),
    "fixed_quantity": (Decimal("0.000001"), Decimal(1_000_000_000)),
    "fixed_notional": (_CENT, Decimal(1_000_000_000_000)),
    "risk_percent": (_CENT, _HUNDRED),
}
_KELLY = {
    "win_rate": (Decimal(0), Decimal(1)),
    "payoff": (_CENT, Decimal(1_000)),
    "fraction": (_CENT, Decimal(1)),
    "most_percent": (_CENT, _HUNDRED),
}
# What is sized so in another way of writing.
_ELSEWHERE = {
    "atr": "a size by ATR alone is not available; write risk_percent and protect.stop_loss: "
    "{atr: 14, multiple: 2}, which is that size together with its stop",
    "risk_parity": "risk_parity sizes a portfolio, not one entry; write weights with the scheme "
    "inverse_volatility(60)",
}


def read_sizing(reader: FieldReader, node: Node | None) -> Sizing | None:
    if node is None:
        return None
    fields = reader.mapping(node, "sizing", (), (*_METHODS, "lot", *_ELSEWHERE))
    elsewhere = [name for name in _ELSEWHERE if name in fields]
    for name in elsewhere:
        reader.report(f"sizing.{name}", fields[name], _ELSEWHERE[name])
    if elsewhere or not reader.exactly_one(node, "sizing", fields, _METHODS):
        return None
    method = next(name for name in _METHODS if name in fields)
    lot = _lot(reader, fields.get("lot"))
    if method == SizingMethod.VOLATILITY_TARGET:
        return _volatility_target(reader, fields[method], lot)
    if method in _PARTS:
        read = _equal_weight if method == "equal_weight" else _kelly
        part = read(reader, fields[method])
        return None if part is None else Sizing(SizingMethod.PERCENT_OF_EQUITY, part, lot)
    least, most = _AMOUNTS[method]
    amount = reader.number(fields[method], f"sizing.{method}", least=least, most=most)
    return None if amount is None else Sizing(SizingMethod(method), amount, lot)


def _volatility_target(reader: FieldReader, node: Node, lot: int | None) -> Sizing | None:
    path = "sizing.volatility_target"
    target = reader.mapping(node, path, ("percent",), ("bars",))
    amount = reader.number(
        target.get("percent"), f"{path}.percent", least=_CENT, most=Decimal(1000)
    )
    bars = reader.whole(target.get("bars"), f"{path}.bars", least=2, most=MAXIMUM_BARS)
    if amount is None:
        return None
    return Sizing(SizingMethod.VOLATILITY_TARGET, amount, lot, bars or 20)


def _equal_weight(reader: FieldReader, node: Node) -> Decimal | None:
    """Return the percent of one of that many equal parts of the equity."""
    parts = reader.whole(node, "sizing.equal_weight", most=10_000)
    return None if parts is None else DOWN.divide(_HUNDRED, Decimal(parts))


def _kelly(reader: FieldReader, node: Node) -> Decimal | None:
    """Return the percent of the capped part of Kelly's bet; a bet without an edge is reported."""
    path = "sizing.kelly"
    fields = reader.mapping(node, path, ("win_rate", "payoff"), ("fraction", "most_percent"))
    read = {
        name: reader.number(fields[name], f"{path}.{name}", least=least, most=most)
        for name, (least, most) in _KELLY.items()
        if name in fields
    }
    known = {name: value for name, value in read.items() if value is not None}
    if len(known) < len(read) or not {"win_rate", "payoff"} <= known.keys():
        return None
    weight = kelly_weight(**{**_halved(), **known})
    if weight <= 0:
        reader.report(
            path, node,
            f"winning {known['win_rate']} of the time at {known['payoff']} to 1 has no edge, and no "
            "edge is no bet; take another size",
        )  # fmt: skip
        return None
    return weight * 100


def _halved() -> Mapping[str, Decimal]:
    """Return what holds unless it is written: half of Kelly's bet, at most a fifth of the equity."""
    return {"fraction": Decimal("0.5"), "most_percent": Decimal(20)}


def _lot(reader: FieldReader, node: Node | None) -> int | None:
    """Return the step in shares, None for fractional."""
    if isinstance(node, ScalarNode) and node.value == "fractional":
        return None
    wanted = "fractional, or a whole number of shares such as 1 or 100"
    lot = reader.whole(node, "sizing.lot", most=1_000_000, wanted=wanted)
    return 1 if lot is None else lot
