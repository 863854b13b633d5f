"""The parts of a strategy document that hold no expression: nodes -> values of the domain.

Each function takes the reader that gathers faults and the node of its key, None when the key is not
there; what cannot be read is reported and left at its default.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from yaml.nodes import MappingNode, Node, SequenceNode

from quantumzero.contracts.document_fields import shown
from quantumzero.contracts.strategy_sizes import MAXIMUM_BARS
from quantumzero.domain.strategy.document import Distance, ModelGate, Protection, Rebalance

if TYPE_CHECKING:
    from quantumzero.contracts.document_fields import FieldReader

PERIODS = ("bar", "day", "week", "month", "quarter")
ACCOUNTS = ("cash", "reg_t")
CALENDARS = ("XNYS", "none")
SYMBOL = re.compile(r"[A-Z][A-Z0-9.]{0,15}")
SYMBOL_WORDS = "a symbol in capitals, such as AAPL"
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)
_GREATEST_DISTANCE = {"stop_loss": 100, "take_profit": 10_000, "trailing_stop": 100}


def read_protection(reader: FieldReader, node: Node | None) -> Protection:
    if node is None:
        return Protection()
    fields = reader.mapping(node, "protect", (), (*_GREATEST_DISTANCE, "time_stop"))
    distances = {
        name: _distance(reader, value, f"protect.{name}", _GREATEST_DISTANCE[name])
        for name, value in fields.items()
        if name != "time_stop"
    }
    bars = None
    if "time_stop" in fields:
        limit = reader.mapping(fields["time_stop"], "protect.time_stop", ("bars",))
        bars = reader.whole(limit.get("bars"), "protect.time_stop.bars", most=1_000_000)
    return Protection(**distances, time_stop_bars=bars)


def _distance(reader: FieldReader, node: Node, path: str, greatest: int) -> Distance | None:
    fields = reader.mapping(node, path, (), ("percent", "atr", "multiple"))
    if not reader.exactly_one(node, path, fields, ("percent", "atr")):
        return None
    if "percent" in fields:
        if "multiple" in fields:
            reader.report(
                f"{path}.multiple", fields["multiple"],
                "multiple goes with atr; take it out, or write {atr: 14, multiple: 2}",
            )  # fmt: skip
        percent = reader.number(
            fields["percent"], f"{path}.percent", least=_CENT, most=Decimal(greatest)
        )
        return None if percent is None else Distance(percent=percent)
    bars = reader.whole(fields["atr"], f"{path}.atr", most=MAXIMUM_BARS)
    if "multiple" not in fields:
        reader.report(path, node, "the key multiple was missing; add it")
        return None
    multiple = reader.number(
        fields["multiple"], f"{path}.multiple", least=_CENT, most=Decimal(1000)
    )
    if bars is None or multiple is None:
        return None
    return Distance(atr_bars=bars, multiple=multiple)


def read_rebalance(reader: FieldReader, node: Node | None) -> Rebalance:
    if node is None:
        return Rebalance()
    percents = {
        "drift_band_percent": (Decimal(0), _HUNDRED),
        "cash_buffer_percent": (Decimal(0), _HUNDRED),
        "exposure_percent": (_CENT, Decimal(200)),
    }
    fields = reader.mapping(node, "rebalance", (), ("every", *percents))
    every = reader.choice(fields.get("every"), "rebalance.every", PERIODS)
    read = {
        name: reader.number(fields[name], f"rebalance.{name}", least=least, most=most)
        for name, (least, most) in percents.items()
        if name in fields
    }
    known = {name: value for name, value in read.items() if value is not None}
    return Rebalance(every or Rebalance().every, **known)


def read_model(reader: FieldReader, node: Node | None) -> ModelGate | None:
    if node is None:
        return None
    fields = reader.mapping(node, "model", ("name", "at_least"))
    name = reader.matching(
        fields.get("name"), "model.name", _MODEL_NAME, "letters, digits, dots and hyphens"
    )
    score = reader.number(
        fields.get("at_least"), "model.at_least", least=Decimal(0), most=Decimal(1)
    )
    return None if name is None or score is None else ModelGate(name, score)


def read_account(reader: FieldReader, node: Node | None) -> str:
    if node is None:
        return "cash"
    fields = reader.mapping(node, "account", ("type",))
    return reader.choice(fields.get("type"), "account.type", ACCOUNTS) or "cash"


def read_symbols(reader: FieldReader, node: Node, path: str, most: int) -> tuple[str, ...] | None:
    """Return a list of symbols, each once."""
    if not isinstance(node, SequenceNode) or not 1 <= len(node.value) <= most:
        reader.report(
            path, node, f"the value was {shown(node)}; it must be a list of 1 to {most} symbols"
        )
        return None
    symbols: list[str] = []
    for position, item in enumerate(node.value):
        where = f"{path}[{position}]"
        symbol = reader.matching(item, where, SYMBOL, SYMBOL_WORDS)
        if symbol in symbols:
            reader.report(where, item, f"the symbol {symbol} stood here a second time; keep one")
        elif symbol:
            symbols.append(symbol)
    return tuple(symbols)


def read_groups(
    reader: FieldReader, node: Node | None, universe: tuple[str, ...], most: int
) -> dict[str, tuple[str, ...]]:
    """Return the groups; each symbol belongs to the universe and to one group only."""
    groups: dict[str, tuple[str, ...]] = {}
    if node is None:
        return groups
    taken: dict[str, str] = {}
    for name, key, value in reader.items(node, "groups", "a mapping of names to lists of symbols"):
        path = f"groups.{name}"
        if not _IDENTIFIER.fullmatch(name):
            message = "letters, digits and underscores, no digit first, at most 40"
            reader.report(path, key, f"the name was {name!r}; it may be {message}")
        members = read_symbols(reader, value, path, most)
        for symbol in members or ():
            if universe and symbol not in universe:
                reader.report(path, value, f"{symbol} is not in the universe; add it there")
            elif symbol in taken:
                reader.report(path, value, f"{symbol} is in the group {taken[symbol]} already")
            taken.setdefault(symbol, name)
        groups[name] = members or ()
    return groups


def has_key(node: Node, name: str) -> bool:
    pairs = node.value if isinstance(node, MappingNode) else []
    return any(key.value == name for key, _ in pairs)
