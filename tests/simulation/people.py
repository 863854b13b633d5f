"""What people do in the simulated worlds: order by hand, cancel, replace, protect, stop a symbol, change limits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.orders import OrderState
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.usecases.order_manually import OrderManually
from quantumzero.usecases.replace_order import ReplaceOrder
from quantumzero.usecases.request_cancel import RequestCancel
from quantumzero.usecases.scope_trading import ScopeTrading
from tests.fakes.manual_clock import NoBackoff
from tests.simulation import wishes
from tests.simulation.misfortune import Misfortune
from tests.simulation.order_edges import reduces
from tests.simulation.wishes import SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.domain.manual_orders import ManualRequest
    from quantumzero.domain.orders import OrderRecord

TIMEFRAMES = ("1d",)


class People(Misfortune):
    """Misfortune with people in it; their requests too are repeated, and die anywhere."""

    def __init__(self, seed: int, *, punctual: bool | None, cash: Decimal) -> None:
        super().__init__(seed, punctual=punctual, cash=cash)
        desk = self.desk
        self.by_hand = OrderManually(decide=desk.decide, symbols=SYMBOLS, timeframes=TIMEFRAMES)
        self.replacing = ReplaceOrder(decide=desk.decide, timeframes=TIMEFRAMES)
        self.ending = RequestCancel(ledger=desk.ledger, market=desk.market, backoff=NoBackoff())
        self.scopes = ScopeTrading(halting=desk.halt, switch=desk.ledger, market=desk.market)
        self.requests_by_key: dict[str, ManualRequest] = {}
        self.approved: list[str] = []
        self.shorts = self.dice.random() < 0.4
        if self.shorts:
            risk = self.ledger.risk()
            self.ledger._risk = replace(risk, limits=replace(risk.limits, short_selling=True))
        self.limits_change = self.dice.random() < 0.2

    def person(self) -> None:
        """A person does one thing."""
        tasks: tuple[Callable[[], None], ...] = (
            *(self.order_by_hand,) * 5,
            self.cancel,
            self.ask_for_the_end,
            self.replace,
            self.replace,
            self.stop_a_symbol,
        )
        if self.limits_change:
            tasks = (*tasks, self.change_limits, self.change_limits)
        self.dice.choice(tasks)()

    def order_by_hand(self) -> None:
        """Order under an Idempotency-Key; the same request may come again."""
        if self.requests_by_key and self.weather.happens("twice"):
            self.weather.note("F17")
            key = self.dice.choice(list(self.requests_by_key))
        else:
            key = f"key-{len(self.requests_by_key)}"
            self.requests_by_key[key] = wishes.request(self.dice, shorts=self.shorts)
        self._order(key)

    def protect(self) -> None:
        """Enter with a stop, a target or both."""
        key = f"key-{len(self.requests_by_key)}"
        self.requests_by_key[key] = wishes.protected_request(self.dice, shorts=self.shorts)
        self._order(key)

    def _order(self, key: str) -> None:
        record, _ = self.by_hand.order(self.requests_by_key[key], key=key, by="trader")
        if record.state is OrderState.INTENT:
            self.approved.append(record.terms.client_order_id)

    def change_limits(self) -> None:
        """Ask for other limits; what is looser waits for its time."""
        asked = wishes.limits(self.dice)
        self.watch.limits.ask({name: Decimal(text) for name, text in asked.items()})
        self.desk.limits.change(
            asked, by="owner", reason="simulated", signed_in_at=self.desk.machine.now()
        )

    def cancel(self) -> None:
        """Cancel an order that works, at the broker."""
        working = [each for each in self.ledger.open_orders() if each.broker_order_id]
        if working:
            self.desk.cancel.cancel(self.dice.choice(working))

    def ask_for_the_end(self) -> None:
        """Cancel an order where there are no broker's keys."""
        known = self.ledger.open_orders()
        if known:
            name = self.dice.choice(known).terms.client_order_id
            self.ending.request(name, by="trader")

    def replace(self) -> None:
        """Put another order in the place of one that works."""
        working = [each for each in self.ledger.open_orders() if each.broker_order_id]
        if working:
            old = self.dice.choice(working)
            changes = wishes.changes(self.dice, old)
            record = self.replacing.replace(old.terms.client_order_id, changes)
            self.approved.append(record.terms.client_order_id)
            there = self.broker.accepted[old.terms.client_order_id]
            if there.filled_quantity > self.ledger.records[there.client_order_id].filled_quantity:
                self.note_race(record)

    def note_race(self, successor: OrderRecord) -> None:
        """An order fills, unheard, while it is replaced: only where both have all of their room that is exact."""
        terms = successor.terms
        whole = terms.quantity * successor.reference_price
        if reduces(terms) or successor.reserved_value < whole:
            self.watch.strict = False

    def stop_a_symbol(self) -> None:
        """Halt one symbol, or let it trade again."""
        symbol = self.dice.choice(SYMBOLS)
        if self.dice.random() < 0.2:
            self.scopes.stop(TradingState.HALTED, by="trader", reason="simulated", symbol=symbol)
        else:
            self.scopes.resume(by="trader", reason="simulated", symbol=symbol)
