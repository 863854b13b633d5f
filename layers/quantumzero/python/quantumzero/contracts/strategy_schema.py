"""JSON Schema (2020-12) of the strategy document, for editors and other tools.

It says what the keys are and what their values look like. What goes together, and everything inside
an expression, is checked by parse_document only.
"""

from __future__ import annotations

from typing import Any

from quantumzero.contracts.strategy_costs import PLANS
from quantumzero.contracts.strategy_formulas import FILLS, LIVES, ORDERS
from quantumzero.contracts.strategy_settings import ACCOUNTS, CALENDARS, PERIODS
from quantumzero.contracts.strategy_sizes import MAXIMUM_BARS
from quantumzero.domain.bars import TIMEFRAMES

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_EXPRESSION = {"$ref": "#/$defs/expression"}
_SYMBOLS = {"$ref": "#/$defs/symbols"}
_NAME = "^[A-Za-z_][A-Za-z0-9_]{0,39}$"
_DISTANCE = {"$ref": "#/$defs/distance"}


def strategy_schema() -> dict[str, Any]:
    """Return the schema as JSON data."""
    return {
        "$schema": SCHEMA_DIALECT,
        "title": "QuantumZero strategy document",
        **_mapping(_keys(), ("strategy", "version", "universe", "timeframe")),
        "oneOf": [
            {
                "required": ["entry", "exit", "sizing"],
                "properties": dict.fromkeys(("weights", "rebalance", "groups"), False),
            },
            {
                "required": ["weights"],
                "properties": dict.fromkeys(
                    ("entry", "exit", "sizing", "protect", "execution", "model"), False
                ),
            },
        ],
        "$defs": _definitions(),
    }


def _keys() -> dict[str, Any]:
    return {
        "strategy": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"},
        "version": _whole(1),
        "universe": _SYMBOLS,
        "timeframe": _choice(TIMEFRAMES),
        "parameters": _named(_parameter()),
        "signals": _named(_EXPRESSION),
        "entry": _sides(_EXPRESSION),
        "exit": _sides(_EXPRESSION),
        "sizing": _sizing(),
        "protect": _protect(),
        "weights": {"oneOf": [_weighted(), _sides(_weighted())]},
        "rebalance": _rebalance(),
        "execution": _execution(),
        "costs": _costs(),
        "model": _model(),
        "account": _mapping({"type": _choice(ACCOUNTS)}, ("type",)),
        "calendar": _choice(CALENDARS),
        "benchmark": {"$ref": "#/$defs/symbol"},
        "groups": _named(_SYMBOLS),
    }


def _definitions() -> dict[str, Any]:
    by_atr = {"atr": _whole(1, MAXIMUM_BARS), "multiple": _number(0.01, 1000)}
    return {
        "symbol": {"type": "string", "pattern": "^[A-Z][A-Z0-9.]{0,15}$"},
        "symbols": {
            "type": "array",
            "items": {"$ref": "#/$defs/symbol"},
            "minItems": 1,
            "maxItems": 500,
            "uniqueItems": True,
        },
        "expression": {
            "type": ["string", "number"],
            "description": "An expression of the language, such as close > sma(close, 20)",
        },
        "distance": {
            "oneOf": [
                _mapping({"percent": _number(0.01, 10_000)}, ("percent",)),
                _mapping(by_atr, ("atr", "multiple")),
            ]
        },
    }


def _parameter() -> dict[str, Any]:
    bounds = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3}
    ranged = _mapping({"default": {"type": "number"}, "range": bounds}, ("default",))
    return {"oneOf": [{"type": "number"}, ranged]}


def _sizing() -> dict[str, Any]:
    target = {"percent": _number(0.01, 1000), "bars": _whole(2, MAXIMUM_BARS)}
    kelly = {
        "win_rate": _number(0, 1),
        "payoff": _number(0.01, 1000),
        "fraction": _number(0.01, 1),
        "most_percent": _number(0.01, 100),
    }
    return _one_of(
        {
            "percent_of_equity": _number(0.01, 100),
            "fixed_quantity": _number(0.000001, 1e9),
            "fixed_notional": _number(0.01, 1e12),
            "risk_percent": _number(0.01, 100),
            "equal_weight": _whole(1, 10_000),
            "kelly": _mapping(kelly, ("win_rate", "payoff")),
            "volatility_target": _mapping(target, ("percent",)),
        },
        {"lot": {"oneOf": [_choice(("fractional",)), _whole(1, 1_000_000)]}},
    )


def _model() -> dict[str, Any]:
    name = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}
    return _mapping({"name": name, "at_least": _number(0, 1)}, ("name", "at_least"))


def _protect() -> dict[str, Any]:
    return _mapping(
        {
            "stop_loss": _DISTANCE,
            "take_profit": _DISTANCE,
            "trailing_stop": _DISTANCE,
            "time_stop": _mapping({"bars": _whole(1, 1_000_000)}, ("bars",)),
        }
    )


def _rebalance() -> dict[str, Any]:
    return _mapping(
        {
            "every": _choice(PERIODS),
            "drift_band_percent": _number(0, 100),
            "cash_buffer_percent": _number(0, 100),
            "exposure_percent": _number(0.01, 200),
        }
    )


def _execution() -> dict[str, Any]:
    return _mapping(
        {
            "order": _choice(ORDERS),
            "fill": _choice(FILLS),
            "time_in_force": _choice(LIVES),
            "limit": _EXPRESSION,
            "stop": _EXPRESSION,
            "trail_percent": _number(0.001, 100),
            "participation_percent": _number(0.001, 100),
        }
    )


def _costs() -> dict[str, Any]:
    commission = _mapping(
        {
            "bps": _number(0, 10_000),
            "per_share": _number(0, 1_000),
            "minimum": _number(0, 1_000_000),
            "maximum_percent": _number(0, 100),
            "per_trade": _number(0, 1_000_000),
        }
    )
    slippage = {
        "bps": _number(0, 10_000),
        "volume_share_impact": _number(0, 1_000),
        "square_root": _number(0, 1_000),
    }
    return _mapping(
        {
            "commission": {"oneOf": [commission, _mapping({"plan": _choice(PLANS)}, ("plan",))]},
            "slippage": {**_mapping(slippage), "minProperties": 1},
            "borrow_percent": _number(0, 1_000),
            "margin_interest_percent": _number(0, 1_000),
        }
    )


def _weighted() -> dict[str, Any]:
    return {
        "type": "string",
        "pattern": r"->\s*(equal|proportional|inverse_volatility\s*(\(\s*[0-9]+\s*\))?)\s*$",
        "description": "An expression and its scheme, such as top(roc(close, 126), 3) -> equal",
    }


def _mapping(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _one_of(properties: dict[str, Any], beside: dict[str, Any]) -> dict[str, Any]:
    """Return a mapping with exactly one of the properties, and any of those beside."""
    choices = [{"required": [name]} for name in properties]
    return {**_mapping({**properties, **beside}), "oneOf": choices}


def _sides(value: dict[str, Any]) -> dict[str, Any]:
    return {**_mapping({"long": value, "short": value}), "minProperties": 1}


def _named(value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "propertyNames": {"pattern": _NAME}, "additionalProperties": value}


def _choice(choices: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": list(choices)}


def _whole(least: int, most: int | None = None) -> dict[str, Any]:
    bounds = {"minimum": least} if most is None else {"minimum": least, "maximum": most}
    return {"type": "integer", **bounds}


def _number(least: float, most: float) -> dict[str, Any]:
    return {"type": "number", "minimum": least, "maximum": most}
