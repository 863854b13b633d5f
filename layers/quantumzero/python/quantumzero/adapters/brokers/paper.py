"""A broker that exists only in our table: orders on paper, filled from the stored bars.

It has no stream: whoever asks makes it look at the bars first, so the sweep hears of a fill within a minute of the bar
that decided it. A buy needs the cash, a sale the shares, unless it says that it sells short. Orders that were open over
a split are cancelled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from quantumzero.adapters.aws.paper_table import PaperOrder, PaperPosition
from quantumzero.domain.errors import ConflictError, UnavailableError, UnknownOutcomeError
from quantumzero.domain.order_capabilities import check_capability
from quantumzero.domain.order_lifecycle import Fill
from quantumzero.domain.order_shapes import valuation_price
from quantumzero.domain.orders import BrokerOrder, Side
from quantumzero.domain.paper_market import Traded, outcome
from quantumzero.domain.portfolio import Position, apply_fill, apply_split
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.strategy.split_adjustment import exchange_date
from quantumzero.ports.brokers import BrokerAccount, BrokerPosition, Rejection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from quantumzero.adapters.aws.paper_table import PaperAccount, PaperTable
    from quantumzero.domain.bars import Bar
    from quantumzero.domain.orders import OrderTerms
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.clocks import MarketClock
    from quantumzero.ports.market_data import BarStore

Answer = TypeVar("Answer")

_ATTEMPTS = 8
_BARS_AT_ONCE = 500
_ZERO = Decimal(0)
_NAME = "paper-"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperBroker:
    """Implements Broker and OpenBook; timeframe is the finest one whose bars are kept."""

    table: PaperTable
    bars: BarStore
    timeframe: str
    market: MarketClock
    backoff: Backoff

    def submit(self, terms: OrderTerms) -> BrokerOrder | Rejection:
        """Take the order once; a repeated client order id answers the order that exists."""

        def attempt() -> BrokerOrder | Rejection:
            self._settle()
            return self._submit(terms, None)

        return self._until_written(attempt)

    def replace(self, broker_order_id: str, terms: OrderTerms) -> BrokerOrder | Rejection:
        """Close the old order and take the new one in one write."""

        def attempt() -> BrokerOrder | Rejection:
            known = self.table.order(terms.client_order_id)
            if known is not None:
                return _view(known)
            self._settle()
            old = self.table.order(broker_order_id.removeprefix(_NAME))
            if old is None or not old.working:
                return _refused("NOT_OPEN", "the order that was to be replaced is not open")
            return self._submit(terms, old)

        return self._until_written(attempt)

    def order(self, client_order_id: str) -> BrokerOrder | None:
        """Return the order as the bars have left it."""
        self._settle()
        found = self.table.order(client_order_id)
        return None if found is None else _view(found)

    def orders(self, *, since: datetime | None, open_only: bool) -> Sequence[BrokerOrder]:
        """Return the orders, oldest first."""
        self._settle()
        found = self.table.working() if open_only else self.table.placed_since(since)
        return [_view(each) for each in found if since is None or each.placed_at >= since]

    def cancel(self, broker_order_id: str) -> None:
        """Cancel; what is closed or unknown is success."""

        def attempt() -> None:
            self._settle()
            account = self.table.books()
            found = self.table.order(broker_order_id.removeprefix(_NAME))
            if found is not None and found.working:
                self.table.save(account, orders=[_closed(found, "canceled", self.market.now())])

        self._until_written(attempt)

    def cancel_open(self) -> None:
        """Cancel every open order."""
        for each in self.table.working():
            self.cancel(_NAME + each.terms.client_order_id)

    def holdings(self) -> tuple[BrokerAccount, Sequence[BrokerPosition]]:
        """Return the account at the newest closes, and its positions."""
        self._settle()
        account = self.table.books()
        held = [each for each in self.table.positions() if each.quantity]
        worth = sum((each.quantity * self._newest(each) for each in held), _ZERO)
        free = account.cash - self._promised()
        return BrokerAccount(account.cash, account.cash + worth, max(free, _ZERO)), [
            BrokerPosition(each.symbol, each.quantity, each.cost / each.quantity) for each in held
        ]

    def _until_written(self, attempt: Callable[[], Answer]) -> Answer:
        for number in range(1, _ATTEMPTS):
            try:
                return attempt()
            except ConflictError:
                self.backoff.wait(number)
        try:
            return attempt()
        except ConflictError as error:
            raise UnknownOutcomeError(f"other writers kept winning: {error}") from error

    def _submit(self, terms: OrderTerms, old: PaperOrder | None) -> BrokerOrder | Rejection:
        account = self.table.books()
        known = self.table.order(terms.client_order_id)
        if known is not None:
            return _view(known)
        now = self.market.now()
        newest = self.bars.bars(terms.symbol, self.timeframe, until=now, limit=1)
        price = valuation_price(terms, price_decimal(newest[-1].close)) if newest else _ZERO
        wrong = check_capability(terms, "paper")
        refusal = (
            _refused("NOT_OFFERED", wrong) if wrong else self._uncovered(terms, price, account, old)
        )
        if refusal is not None:
            return refusal
        placed = PaperOrder(terms, "new", now, now, reference=price)
        replaced = [] if old is None else [_closed(old, "replaced", now)]
        self.table.save(account, orders=[*replaced, placed])
        return _view(placed)

    def _uncovered(
        self, terms: OrderTerms, price: Decimal, account: PaperAccount, old: PaperOrder | None
    ) -> Rejection | None:
        """Return why the account cannot bear the order, None when it can."""
        others = [each for each in self.table.working() if old is None or each.terms != old.terms]
        held = self.table.position(terms.symbol)
        quantity = _ZERO if held is None else held.quantity
        if terms.side is Side.SELL and not terms.opens_short:
            free = quantity - sum(
                (
                    each.terms.quantity
                    for each in others
                    if each.terms.symbol == terms.symbol and each.terms.side is Side.SELL
                ),
                _ZERO,
            )
            if terms.quantity > free:
                text = f"a sale of {terms.quantity:f} was asked, {free:f} {terms.symbol} are free"
                return _refused("NOT_HELD", text)
            return None
        if terms.side is Side.BUY and terms.quantity <= -quantity:
            return None
        free = account.cash - sum((_value(each) for each in others), _ZERO)
        if terms.quantity * price > free:
            text = f"{terms.quantity * price:f} were needed and {free:f} of the cash are free"
            return _refused("NO_CASH", text)
        return None

    def _promised(self) -> Decimal:
        return sum((_value(each) for each in self.table.working()), _ZERO)

    def _newest(self, held: PaperPosition) -> Decimal:
        found = self.bars.bars(held.symbol, self.timeframe, until=self.market.now(), limit=1)
        return price_decimal(found[-1].close) if found else held.cost / held.quantity

    def _settle(self) -> None:
        """Let the bars that closed since work on orders and holdings. Raises UnavailableError."""
        try:
            self._until_written(self._split)
            for order in self.table.working():
                self._until_written(partial(self._trade, order.terms.client_order_id))
        except UnknownOutcomeError as error:
            raise UnavailableError(str(error)) from error

    def _trade(self, client_order_id: str) -> None:
        account = self.table.books()
        order = self.table.order(client_order_id)
        if order is None or not order.working:
            return
        now, terms = self.market.now(), order.terms
        met = outcome(terms, placed_at=order.placed_at, bars=self._bars_after(order, now), now=now)
        if met is None:
            return
        if not isinstance(met, Traded):
            self.table.save(account, orders=[_closed(order, "expired", met.at)])
            return
        cost = terms.quantity * met.price
        filled = replace(_closed(order, "filled", met.at), price=met.price, filled_at=met.at)
        self.table.save(
            account,
            orders=[filled],
            positions=[self._after(terms, cost, now)],
            cash=-cost if terms.side is Side.BUY else cost,
        )

    def _after(self, terms: OrderTerms, cost: Decimal, now: datetime) -> PaperPosition:
        held = self.table.position(terms.symbol)
        before = (
            Position(terms.symbol)
            if held is None
            else Position(terms.symbol, held.quantity, held.cost)
        )
        after = apply_fill(before, terms.side, Fill(terms.quantity, cost, _ZERO))
        until = exchange_date(now) if held is None or not held.quantity else held.splits_until
        return PaperPosition(terms.symbol, after.quantity, after.cost, until)

    def _split(self) -> None:
        """Bring splits that have come into the holdings, and cancel the orders of before."""
        account, today = self.table.books(), exchange_date(self.market.now())
        positions, orders = [], []
        for held in self.table.positions():
            due = [
                split
                for split in self.bars.splits(held.symbol)
                if held.splits_until < split.ex_date <= today
            ]
            quantity = held.quantity
            for split in sorted(due, key=lambda split: split.ex_date):
                quantity = apply_split(quantity, split)
            if due:
                positions.append(replace(held, quantity=quantity, splits_until=today))
        for order in self.table.working():
            day = exchange_date(order.placed_at)
            if any(day < split.ex_date <= today for split in self.bars.splits(order.terms.symbol)):
                orders.append(_closed(order, "canceled", self.market.now()))
        if positions or orders:
            self.table.save(account, orders=orders, positions=positions)

    def _bars_after(self, order: PaperOrder, now: datetime) -> Sequence[Bar]:
        """Return every bar that closed after the order was placed, oldest first."""
        found: list[Bar] = []
        until = now
        while True:
            page = self.bars.bars(
                order.terms.symbol, self.timeframe, until=until, limit=_BARS_AT_ONCE
            )
            found = [*page, *found]
            if len(page) < _BARS_AT_ONCE or page[0].closes_at <= order.placed_at:
                return found
            until = page[0].opens_at


def _closed(order: PaperOrder, status: str, at: datetime) -> PaperOrder:
    at = max(at, order.updated_at)
    return replace(order, status=status, updated_at=at, version=order.version + 1)


def _value(order: PaperOrder) -> Decimal:
    """Return the money that a working order may still need."""
    opens = order.terms.side is Side.BUY or order.terms.opens_short
    return order.terms.quantity * order.reference if opens else _ZERO


def _refused(code: str, text: str) -> Rejection:
    return Rejection(code, text, "paper")


def _view(order: PaperOrder) -> BrokerOrder:
    terms = order.terms
    filled = order.status == "filled"
    return BrokerOrder(
        broker_order_id=_NAME + terms.client_order_id,
        client_order_id=terms.client_order_id,
        symbol=terms.symbol,
        side=terms.side,
        quantity=terms.quantity,
        filled_quantity=terms.quantity if filled else _ZERO,
        average_fill_price=order.price if filled else None,
        status=order.status,
        updated_at=order.updated_at,
        filled_at=order.filled_at,
        created_at=order.placed_at,
    )
