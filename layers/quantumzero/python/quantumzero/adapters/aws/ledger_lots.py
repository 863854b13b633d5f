"""What lots follow from, on the ledger's table: fills (ledger_fills.py), CA# of splits, OPENING, AC# of incomes, LI#.

No lot and no profit is stored: they are what these immutable items say, in this release and in the next.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.failures import condition_failed
from quantumzero.adapters.aws.ledger_fills import LedgerFills
from quantumzero.adapters.aws.ledger_table import (
    Item,
    Value,
    attribute,
    item_of,
    time_of,
)
from quantumzero.domain.errors import ConflictError
from quantumzero.domain.lots.events import (
    AccountEvent,
    Corrected,
    Income,
    IncomeKind,
    SplitApplied,
    Trade,
    opening_trades,
)
from quantumzero.domain.portfolio import Position
from quantumzero.domain.reconciliation import EXTERNAL_STRATEGY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from quantumzero.ports.ledger import AccountPicture
    from quantumzero.ports.lots import NamedLots

_NEW = "attribute_not_exists(pk)"
# How often what was read may be overtaken by a fill before the events themselves are read.
_READS = 3


def opening_item(partition: str, picture: AccountPicture, session: date) -> Item:
    """Return the note of what the books were opened with."""
    held = [[each.symbol, str(each.quantity), str(each.cost)] for each in picture.positions]
    values: dict[str, Value | None] = {
        "pk": partition,
        "sk": "OPENING",
        "session": session.isoformat(),
        "cash": str(picture.cash),
        "positions": json.dumps(held),
    }
    return item_of(values)


class LedgerLots(LedgerFills):
    """Implements LotJournal and IncomeLedger."""

    def account_events(self) -> Sequence[AccountEvent]:
        """Return every event that lots follow from.

        Every fill, correction, split and income moves the version of a position or of the cash: the small items are
        believed when they are as many as these say. Otherwise the events of the orders are read, all of them, and
        packed for the next time.
        """
        for _ in range(_READS):
            versions = self._versions()
            if versions is None:
                break
            notes, pages = self.noted_fills()
            events = self._events({**pages, **notes})
            if _counted(events) == versions:
                self.pack({name: each for name, each in notes.items() if name not in pages}, notes)
                return events
        notes, pages = self.noted_fills()
        found = self.every_fill()
        missing = {name: each for name, each in found.items() if name not in pages}
        self.pack(missing, notes, least=1)
        return self._events(found)

    def _versions(self) -> tuple[int, Mapping[str, int]] | None:
        """Return the version of the cash and of each position, None without books."""
        cash = self.get("CASH")
        held = {each["symbol"]: int(each["version"]) for each in self.starting_with("P#")}
        return None if cash is None else (int(cash["version"]), held)

    def _events(self, fills: Mapping[str, Mapping[str, Any]]) -> list[AccountEvent]:
        booked = (
            _correction(name, each) if "subject" in each else _trade(each)
            for name, each in fills.items()
        )
        splits = (_split(values) for values in self.starting_with("CA#"))
        incomes = (_income(values) for values in self.starting_with("AC#"))
        return [*self._opening(), *booked, *splits, *incomes]

    def _opening(self) -> list[Trade]:
        values = self.get("OPENING")
        if values is None:
            return []
        held = [
            Position(symbol, Decimal(quantity), Decimal(cost))
            for symbol, quantity, cost in json.loads(values["positions"])
        ]
        return opening_trades(held, date.fromisoformat(values["session"]))

    def named_lots(self) -> Mapping[str, Sequence[tuple[str, Decimal]]]:
        """Return for each order the lots that were named for it."""
        return {
            values["order"]: [(lot, Decimal(most)) for lot, most in json.loads(values["lots"])]
            for values in self.starting_with("LI#")
        }

    def name_lots(self, named: NamedLots) -> bool:
        """Store what lots an order closes, once."""
        values: dict[str, Value | None] = {
            "pk": self.partition,
            "sk": f"LI#{named.order}",
            "order": named.order,
            "lots": json.dumps([[lot, str(most)] for lot, most in named.lots]),
            "by": named.by,
            "at": named.at,
        }
        try:
            self.call("put_item", Item=item_of(values), ConditionExpression=_NEW)
        except ConflictError as error:
            if not condition_failed(error):
                raise
            # It was said before.
            return False
        return True

    def opened_on(self) -> date | None:
        """Return the exchange date on which the books were opened, None when they do not say."""
        values = self.get("OPENING")
        return date.fromisoformat(values["session"]) if values else None

    def book_income(self, income: Income) -> bool:
        """Write the event and move the cash in one transaction."""
        name = f"AC#{income.id}"
        if self.get(name) is not None:
            return False
        values: dict[str, Value | None] = {
            "pk": self.partition,
            "sk": name,
            "id": income.id,
            "kind": income.kind.value,
            "amount": str(income.amount),
            "symbol": income.symbol,
            "at": income.at,
        }
        new = {"TableName": self.table, "Item": item_of(values), "ConditionExpression": _NEW}
        self.write([{"Put": new}, self._add_cash(income.amount)])
        return True

    def _add_cash(self, amount: Decimal) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self.table,
                "Key": self.key("CASH"),
                "ConditionExpression": "attribute_exists(pk)",
                "UpdateExpression": "ADD amount :amount, version :one",
                "ExpressionAttributeValues": {":amount": attribute(amount), ":one": attribute(1)},
            }
        }


def _counted(events: Sequence[AccountEvent]) -> tuple[int, Mapping[str, int]]:
    """Return what the versions of the cash and of each position are when nothing but these events moved them."""
    cash, held = 1, Counter[str]()
    for event in events:
        if isinstance(event, Income) or (isinstance(event, Trade) and event.order is not None):
            cash += 1
        # A split that came before its first position moved none.
        if not isinstance(event, Income) and event.sequence != 0:
            held[event.symbol] += 1
    return cash, dict(held)


def _trade(values: Mapping[str, Any]) -> Trade:
    quantity = Decimal(values["fill_quantity"])
    order = values["client_order_id"]
    return Trade(
        id=f"{order}#{int(values['version'])}",
        symbol=values["symbol"],
        strategy=values["strategy"],
        quantity=quantity if values["side"] == "buy" else -quantity,
        cost=Decimal(values["fill_cost"]),
        at=time_of(values.get("traded_at") or values["at"]),
        sequence=_sequence(values),
        order=order,
    )


def _correction(name: str, values: Mapping[str, Any]) -> Corrected | Income:
    """Read what accepting the broker as the truth changed: a position, or the cash."""
    name, at = name.split("#")[0], time_of(values["at"])
    before, after = Decimal(values["before"]), Decimal(values["after"])
    if values["subject"] == "cash":
        return Income(name, IncomeKind.OTHER, after - before, at)
    price = Decimal(values.get("cost_after", 0)) / after if after else Decimal(0)
    return Corrected(
        name,
        values["subject"],
        EXTERNAL_STRATEGY,
        after - before,
        price,
        at,
        _sequence(values),
    )


def _split(values: Mapping[str, Any]) -> SplitApplied:
    _, symbol, ex_date = values["sk"].split("#")
    return SplitApplied(
        f"{symbol}-{ex_date}",
        symbol,
        int(values["new"]),
        int(values["old"]),
        time_of(values["applied_at"]),
        _sequence(values),
    )


def _income(values: Mapping[str, Any]) -> Income:
    kind = IncomeKind(values["kind"])
    amount, at = Decimal(values["amount"]), time_of(values["at"])
    return Income(values["id"], kind, amount, at, values.get("symbol"))


def _sequence(values: Mapping[str, Any]) -> int | None:
    return int(values["position_version"]) if "position_version" in values else None
