"""The costs of a strategy document: nodes -> Costs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.document import Costs

if TYPE_CHECKING:
    from yaml.nodes import Node

    from quantumzero.contracts.document_fields import FieldReader

PLANS = ("alpaca", "interactive_brokers_tiered")
_ZERO = Decimal(0)
_RATES = ("bps", "per_share", "per_trade", "plan")
_BOUNDS = {
    "bps": Decimal(10_000),
    "per_share": Decimal(1_000),
    "minimum": Decimal(1_000_000),
    "maximum_percent": Decimal(100),
    "per_trade": Decimal(1_000_000),
}
_SLIPPAGE = {
    "bps": ("slippage_bps", Decimal(10_000)),
    "volume_share_impact": ("volume_share_impact", Decimal(1_000)),
    "square_root": ("square_root_coefficient", Decimal(1_000)),
}
_YEARLY = ("borrow_percent", "margin_interest_percent")


def read_costs(reader: FieldReader, node: Node | None) -> Costs:
    """Return what a backtest charges; nothing where nothing is written."""
    if node is None:
        return Costs()
    fields = reader.mapping(node, "costs", (), ("commission", "slippage", *_YEARLY))
    charged: dict[str, Any] = {}
    if "commission" in fields:
        charged |= _commission(reader, fields["commission"])
    if "slippage" in fields:
        charged |= _slippage(reader, fields["slippage"])
    for name in _YEARLY:
        charged[name] = reader.number(
            fields.get(name), f"costs.{name}", least=_ZERO, most=Decimal(1_000)
        )
    return Costs(**{name: value for name, value in charged.items() if value is not None})


def _commission(reader: FieldReader, node: Node) -> dict[str, Any]:
    path = "costs.commission"
    fields = reader.mapping(node, path, (), (*_BOUNDS, "plan"))
    reader.at_least_one(node, path, fields, _RATES)
    plan = reader.choice(fields.get("plan"), f"{path}.plan", PLANS)
    if "plan" in fields and len(fields) > 1:
        reader.report(
            f"{path}.plan", fields["plan"],
            "a plan is a broker's whole tariff; take out the other keys of commission, or the plan",
        )  # fmt: skip
    read = {
        f"commission_{name}": reader.number(
            fields.get(name), f"{path}.{name}", least=_ZERO, most=greatest
        )
        for name, greatest in _BOUNDS.items()
    }
    return {**read, "commission_plan": plan}


def _slippage(reader: FieldReader, node: Node) -> dict[str, Any]:
    path = "costs.slippage"
    fields = reader.mapping(node, path, (), tuple(_SLIPPAGE))
    reader.at_least_one(node, path, fields, tuple(_SLIPPAGE))
    return {
        own: reader.number(fields.get(name), f"{path}.{name}", least=_ZERO, most=greatest)
        for name, (own, greatest) in _SLIPPAGE.items()
    }
