"""The account on the table: opening the books, splits, equity and alerts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.failures import condition_failed
from quantumzero.adapters.aws.ledger_items import (
    position_item,
    position_of,
    strategy_holding,
)
from quantumzero.adapters.aws.ledger_lots import opening_item
from quantumzero.adapters.aws.ledger_switch import LedgerSwitch
from quantumzero.adapters.aws.ledger_table import Value, attribute, item_of, time_text
from quantumzero.adapters.aws.risk_items import risk_item
from quantumzero.domain.errors import ConflictError, StoppedError
from quantumzero.domain.lots.split_shares import split_parts
from quantumzero.domain.portfolio import apply_split
from quantumzero.domain.risk.account_risk import AccountRisk, RiskLimits, TradingState
from quantumzero.ports.ledger import AccountPicture, EquitySnapshot, LedgerAlert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from quantumzero.domain.bars import Split
    from quantumzero.ports.ledger import StrategyHolding

_READS = 5
_NEW = "attribute_not_exists(pk)"


class LedgerAccount(LedgerSwitch):
    """Implements AccountLedger, SessionLedger and Alerts."""

    def picture(self) -> AccountPicture:
        """Return cash and positions of one moment: read again while fills arrive between the two."""
        cash = self._cash()
        for _ in range(_READS):
            positions = tuple(position_of(values) for values in self.starting_with("P#"))
            again = self._cash()
            if again == cash:
                return AccountPicture(*cash, positions)
            cash = again
        raise ConflictError("fills kept arriving while the account was read")

    def parts(self) -> Sequence[StrategyHolding]:
        """Return every strategy's part of every holding."""
        found = [strategy_holding(values) for values in self.starting_with("SP#")]
        return sorted(found, key=lambda each: (each.strategy, each.symbol))

    def _cash(self) -> tuple[Decimal, int]:
        values = self.get("CASH")
        if values is None:
            raise StoppedError(
                f"account {self.account} has no books yet; run prepare_session to open them"
            )
        return values["amount"], int(values["version"])

    def initialise(self, picture: AccountPicture, limits: RiskLimits, *, session: date) -> bool:
        """Create cash, risk state and positions in one transaction (at most 97 positions)."""
        used = {each.symbol: each.exposure for each in picture.positions}
        gross = sum(used.values(), Decimal(0))
        worth = picture.cash + sum((each.cost for each in picture.positions), Decimal(0))
        risk = AccountRisk(
            TradingState.ACTIVE,
            limits,
            gross_used=gross,
            symbol_used=used,
            opening_equity=worth,
            peak_equity=worth,
        )
        cash: dict[str, Value | None] = {
            "pk": self.partition,
            "sk": "CASH",
            "amount": picture.cash,
            "version": 1,
        }
        items = [
            risk_item(self.partition, risk, session.isoformat()),
            item_of(cash),
            opening_item(self.partition, picture, session),
            *(position_item(self.partition, each) for each in picture.positions),
        ]
        try:
            self.write([self._new(item) for item in items])
        except ConflictError:
            if self.get("RISK") is None:
                raise
            return False
        return True

    def _new(self, item: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "Put": {"TableName": self.table, "Item": item, "ConditionExpression": _NEW},
        }

    def prepared_until(self) -> date | None:
        """Return the date on the risk item."""
        values = self.get("RISK")
        return date.fromisoformat(values["prepared_until"]) if values else None

    def mark_prepared(self, session: date) -> None:
        """Move the date forward, never back."""
        try:
            self.call(
                "update_item",
                Key=self.key("RISK"),
                ConditionExpression="prepared_until < :session",
                UpdateExpression="SET prepared_until = :session",
                ExpressionAttributeValues={":session": attribute(session.isoformat())},
            )
        except ConflictError as error:
            if not condition_failed(error):
                raise
            # That date or a later one is stored already.

    def apply_split(self, split: Split, *, at: datetime) -> bool:
        """Multiply the account's and every strategy's quantity together with the note that it was done."""
        note = f"CA#{split.symbol}#{split.ex_date}"
        if self.get(note) is not None:
            return False
        held = self.get(f"P#{split.symbol}")
        parts = [each for each in self.starting_with("SP#") if each["symbol"] == split.symbol]
        parts.sort(key=lambda each: str(each["strategy"]))
        values: dict[str, Value | None] = {
            "pk": self.partition,
            "sk": note,
            "new": split.new,
            "old": split.old,
            "applied_at": at,
            "position_version": int(held["version"]) + 1 if held else 0,
        }
        actions = [self._new(item_of(values))]
        if held is not None:
            actions.append(self._multiply(held, apply_split(held["quantity"], split)))
        shares = split_parts((each.get("quantity", Decimal(0)) for each in parts), split)
        actions += [self._multiply(each, share) for each, share in zip(parts, shares, strict=True)]
        self.write(actions)
        return True

    def _multiply(self, values: Mapping[str, Any], quantity: Decimal) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self.table,
                "Key": self.key(values["sk"]),
                "ConditionExpression": "version = :version",
                "UpdateExpression": "SET quantity = :quantity ADD version :one",
                "ExpressionAttributeValues": {
                    ":version": attribute(values["version"]),
                    ":quantity": attribute(quantity),
                    ":one": attribute(1),
                },
            }
        }

    def put_equity(self, snapshot: EquitySnapshot) -> None:
        """Store the equity under its time."""
        values: dict[str, Value | None] = {
            "pk": self.partition,
            "sk": f"EQ#{time_text(snapshot.time)}",
            "time": snapshot.time,
            "equity": snapshot.equity,
            "cash": snapshot.cash,
        }
        self.call("put_item", Item=item_of(values))
        self._note_equity("opening_equity", "attribute_exists(pk)", snapshot.equity)
        higher = "attribute_not_exists(peak_equity) OR peak_equity < :equity"
        self._note_equity("peak_equity", f"attribute_exists(pk) AND ({higher})", snapshot.equity)

    def _note_equity(self, name: str, condition: str, equity: Decimal) -> None:
        try:
            self.call(
                "update_item",
                Key=self.key("RISK"),
                ConditionExpression=condition,
                UpdateExpression=f"SET {name} = :equity",
                ExpressionAttributeValues={":equity": attribute(equity)},
            )
        except ConflictError as error:
            if not condition_failed(error):
                raise
            # No books are open yet, or it was higher before.

    def raise_alert(self, alert: LedgerAlert) -> None:
        """Store the alert with a note of its id, which keeps it from being raised twice."""
        note: dict[str, Value | None] = {"pk": self.partition, "sk": f"ALID#{alert.id}"}
        values: dict[str, Value | None] = {
            "pk": self.partition,
            "sk": f"AL#{time_text(alert.time)}#{alert.id}",
            "id": alert.id,
            "time": alert.time,
            "severity": alert.severity,
            "message": alert.message,
        }
        try:
            self.write([self._new(item_of(note)), self._new(item_of(values))])
        except ConflictError as error:
            if not condition_failed(error):
                raise
            # It was raised before.
