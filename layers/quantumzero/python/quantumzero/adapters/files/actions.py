"""The optional files beside the bars: splits.csv and actions.csv -> corporate actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import TYPE_CHECKING

from quantumzero.adapters.files.rows import read_rows
from quantumzero.research.history import Action

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from quantumzero.adapters.files.rows import Row

SPLITS_FILE = "splits.csv"
ACTIONS_FILE = "actions.csv"
KINDS = ("dividend", "delisting", "rename", "join", "leave", "halt")
_WITH_VALUE = ("dividend", "delisting")


@dataclass(frozen=True, slots=True)
class WrittenAction:
    """One action as written: value is money a share (dividend, delisting), exact."""

    symbol: str
    ex_date: str
    kind: str
    new: int = 1
    old: int = 1
    value: Decimal = Decimal(0)
    to: str = ""

    def in_units(self, price_decimals: int) -> Action:
        """Return the action with its money in units of 10**-price_decimals, rounded half to even."""
        amount = self.value.scaleb(price_decimals).to_integral_value(ROUND_HALF_EVEN)
        return Action(
            self.symbol, self.ex_date, self.kind, self.new, self.old, int(amount), self.to
        )


def read_actions(folder: Path) -> tuple[WrittenAction, ...]:
    """Return the actions of both files, by date; empty when neither is there.

    splits.csv: symbol, ex_date, new, old. actions.csv: symbol, date, action, value, new_symbol.
    Errors: InvalidInputError naming file, line, column, what was and what may be.
    """
    found = []
    for name, read in ((SPLITS_FILE, _split), (ACTIONS_FILE, _action)):
        path = folder / name
        if path.is_file():
            found += [read(row) for row in read_rows(path)]
    return tuple(sorted(found, key=lambda action: (action.ex_date, action.symbol)))


def former_names(actions: Collection[WrittenAction], symbols: Collection[str]) -> set[str]:
    """Return the names under which the symbols traded before they were renamed."""
    found: set[str] = set()
    known = set(symbols)
    while True:
        earlier = {each.symbol for each in actions if each.to in known} - known
        if not earlier:
            return found
        found |= earlier
        known |= earlier


def _split(row: Row) -> WrittenAction:
    new, old = _shares(row, "new"), _shares(row, "old")
    return WrittenAction(_symbol(row, "symbol"), _date(row, "ex_date"), "split", new, old)


def _action(row: Row) -> WrittenAction:
    kind = row.cell("action").lower()
    if kind not in KINDS:
        row.refuse("action", row.cell("action"), f"one of {', '.join(KINDS)}")
    symbol, day = _symbol(row, "symbol"), _date(row, "date")
    value = _money(row, "value", above_zero=kind == "dividend") if kind in _WITH_VALUE else None
    to = _symbol(row, "new_symbol") if kind == "rename" else ""
    return WrittenAction(symbol, day, kind, value=value or Decimal(0), to=to)


def _symbol(row: Row, column: str) -> str:
    symbol = row.cell(column).upper()
    if not symbol:
        row.refuse(column, symbol, "the name of an instrument, like AAPL")
    return symbol


def _date(row: Row, column: str) -> str:
    text = row.cell(column)
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        row.refuse(column, text, "a date like 2024-03-01")


def _shares(row: Row, column: str) -> int:
    text = row.cell(column)
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        row.refuse(column, text, "a whole number of shares, 1 or more")
    return int(text)


def _money(row: Row, column: str, *, above_zero: bool) -> Decimal:
    text = row.cell(column)
    must = f"money a share, {'more than 0' if above_zero else '0 or more'}"
    try:
        value = Decimal(text)
    except InvalidOperation:
        row.refuse(column, text, must)
    if not value.is_finite() or value < 0 or (above_zero and not value):
        row.refuse(column, text, must)
    return value
