"""What people do in the simulated worlds: order by hand, cancel, replace, stop a symbol, resume."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.manual_orders import ManualRequest
from quantumzero.domain.order_replacement import OrderChanges
from quantumzero.domain.orders import OrderState, OrderType, Side
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.usecases.order_manually import OrderManually
from quantumzero.usecases.replace_order import ReplaceOrder
from quantumzero.usecases.request_cancel import RequestCancel
from quantumzero.usecases.scope_trading import ScopeTrading
from tests.fakes.manual_clock import NoBackoff
from tests.simulation.misfortune import Misfortune

if TYPE_CHECKING:
    from collections.abc import Callable

SYMBOLS = ("AAPL", "IBM", "MSFT", "GOOG")
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

    def person(self) -> None:
        """A person does one thing."""
        tasks: tuple[Callable[[], None], ...] = (
            self.order_by_hand,
            self.order_by_hand,
            self.cancel,
            self.ask_for_the_end,
            self.replace,
            self.replace,
            self.stop_a_symbol,
        )
        self.dice.choice(tasks)()

    def order_by_hand(self) -> None:
        """Order under an Idempotency-Key; the same request may come again."""
        if self.requests_by_key and self.weather.happens("twice"):
            self.weather.note("F17")
            key = self.dice.choice(list(self.requests_by_key))
        else:
            key = f"key-{len(self.requests_by_key)}"
            self.requests_by_key[key] = self._request()
        record, _ = self.by_hand.order(self.requests_by_key[key], key=key, by="trader")
        if record.state is OrderState.INTENT:
            self.approved.append(record.terms.client_order_id)

    def _request(self) -> ManualRequest:
        dice = self.dice
        limited = dice.random() < 0.5
        price = Decimal(dice.randint(3900, 4100)) / 100
        return ManualRequest(
            symbol=dice.choice(SYMBOLS),
            side=Side.SELL if dice.random() < 0.3 else Side.BUY,
            quantity=Decimal(dice.randint(1, 300)),
            order_type=OrderType.LIMIT if limited else OrderType.MARKET,
            limit_price=price if limited else None,
            strategy="sma-cross" if dice.random() < 0.3 else "manual",
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
        working = [
            each
            for each in self.ledger.open_orders()
            if each.broker_order_id and each.terms.order_type is OrderType.LIMIT
        ]
        if working:
            old = self.dice.choice(working)
            there = self.broker.accepted[old.terms.client_order_id]
            if there.filled_quantity > old.filled_quantity:
                # What it filled unheard comes on top of the greater of both.
                self.watch.strict = False
            changes = OrderChanges(
                quantity=Decimal(self.dice.randint(1, 400)),
                limit_price=Decimal(self.dice.randint(3900, 4100)) / 100,
            )
            record = self.replacing.replace(old.terms.client_order_id, changes)
            self.approved.append(record.terms.client_order_id)

    def stop_a_symbol(self) -> None:
        """Halt one symbol, or let it trade again."""
        symbol = self.dice.choice(SYMBOLS)
        if self.dice.random() < 0.3:
            self.scopes.stop(TradingState.HALTED, by="trader", reason="simulated", symbol=symbol)
        else:
            self.scopes.resume(by="trader", reason="simulated", symbol=symbol)
