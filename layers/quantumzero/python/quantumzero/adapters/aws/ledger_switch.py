"""The trading state on the table: one update of the item that every claim checks.

A change names who made it, why and when. The same change again finds itself there and moves nothing: an update whose
answer was lost is repeated, by botocore or by its caller, without counting twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.failures import condition_failed
from quantumzero.adapters.aws.ledger_table import LedgerTable, Value, item_of, values_of
from quantumzero.adapters.aws.risk_items import (
    SCOPE_PREFIX,
    account_risk,
    broker_power_values,
    forgotten_with,
    scope_text,
)
from quantumzero.domain.errors import ConflictError
from quantumzero.domain.risk.account_risk import AccountRisk, ScopedState, TradingState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from quantumzero.domain.risk.account_risk import BrokerPower

_SAME = "#state = :state AND changed_by = :by AND reason = :reason AND since = :at"


class LedgerSwitch(LedgerTable):
    """Implements the writing half of TradingSwitch."""

    def set_state(
        self, state: TradingState, *, by: str, reason: str, at: datetime, epoch: int | None = None
    ) -> AccountRisk:
        """Change the trading state with one UpdateItem on the item that every claim checks."""
        values: dict[str, Value | None] = {
            ":state": state.value,
            ":by": by,
            ":reason": reason,
            ":at": at,
            ":one": 1,
        }
        condition = f"attribute_exists(pk) AND NOT ({_SAME})"
        if epoch is not None:
            condition = "epoch = :epoch"
            values[":epoch"] = epoch
        return self._move(
            condition,
            "SET #state = :state, changed_by = :by, reason = :reason, since = :at ADD epoch :one",
            {"#state": "state"},
            values,
            lambda risk: (
                (risk.state, risk.changed_by, risk.reason, risk.since) == (state, by, reason, at)
                and epoch in (None, risk.epoch - 1)
            ),
        )

    def set_scope(
        self, scope: str, state: TradingState, *, by: str, reason: str, at: datetime
    ) -> AccountRisk:
        """Change the state of one strategy or symbol on the item that every claim checks."""
        name = f"{SCOPE_PREFIX}{scope}"
        names = {"#scope": name}
        values: dict[str, Value | None] = {":one": 1}
        if state is TradingState.ACTIVE:
            names |= forgotten_with(scope)
            expression = f"REMOVE {', '.join(names)}, halted_scope ADD epoch :one"
            return self._move("attribute_exists(pk)", expression, names, values, lambda risk: False)
        scoped = ScopedState(state, by, reason, at)
        values[":scope"] = scope_text(scoped)
        expression = "SET #scope = :scope"
        if state is TradingState.HALTED:
            # A stream's filter cannot look into scopes of any name; this it can.
            expression += ", halted_scope = :name"
            values[":name"] = scope
        return self._move(
            "attribute_exists(pk) AND (attribute_not_exists(#scope) OR #scope <> :scope)",
            f"{expression} ADD epoch :one",
            names,
            values,
            lambda risk: risk.scopes.get(scope) == scoped,
        )

    def _move(
        self,
        condition: str,
        expression: str,
        names: Mapping[str, str],
        values: Mapping[str, Value | None],
        done: Callable[[AccountRisk], bool],
    ) -> AccountRisk:
        """Update the item and return it; one that the same change has moved already is returned as it is."""
        arguments: dict[str, Any] = {
            "Key": self.key("RISK"),
            "ConditionExpression": condition,
            "UpdateExpression": expression,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": item_of(values),
            "ReturnValues": "ALL_NEW",
        }
        try:
            answer = self.call("update_item", **arguments)
        except ConflictError as error:
            found = self.get("RISK") if condition_failed(error) else None
            risk = account_risk(found) if found else None
            if risk is None or not done(risk):
                raise
            return risk
        return account_risk(values_of(answer["Attributes"]))

    def record_reconcile(
        self, *, clean: bool, at: datetime, market_time: datetime, power: BrokerPower | None = None
    ) -> None:
        """Store the verdict on the risk item; the market time only of a clean one."""
        values: dict[str, Value | None] = {":clean": clean, ":at": at}
        if clean:
            values[":market"] = market_time
        told = {} if power is None else broker_power_values(power)
        values |= {f":{name}": value for name, value in told.items()}
        self.call(
            "update_item",
            Key=self.key("RISK"),
            ConditionExpression="attribute_exists(pk)",
            UpdateExpression="SET reconcile_clean = :clean, reconciled_at = :at"
            + (", reconciled_market_time = :market" if clean else "")
            + "".join(f", {name} = :{name}" for name in told),
            ExpressionAttributeValues=item_of(values),
        )
