"""The broker of the simulated worlds: every answer may be lost, late, broken, refused or contradicted.

It keeps books of its own and the evidence that the invariants ask for: what it accepted by intent, what it refused,
and how much exposure it works on.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from quantumzero.domain.errors import CorruptDataError, UnavailableError, UnknownOutcomeError
from quantumzero.domain.orders import BrokerOrder, OrderTerms, Origin
from quantumzero.ports.brokers import BrokerAccount, BrokerPosition, Rejection
from tests.fakes.memory_broker import MemoryBroker
from tests.simulation.broker_books import WORKING, BrokerBooks
from tests.simulation.invariants import SECRET

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from quantumzero.ports.clocks import MarketClock
    from tests.simulation.weather import Weather


class SimulatedBroker(BrokerBooks):
    """The broker with weather.

    deadline(terms) tells until when a request on its way may still arrive, None when it may not any more.
    """

    def __init__(self, clock: MarketClock, cash: Decimal, weather: Weather) -> None:
        super().__init__(clock, cash)
        self.credential = SECRET
        self.weather = weather
        self.deadline: Callable[[OrderTerms], float | None] = lambda _: 0.0
        self.on_its_way: list[tuple[float, OrderTerms, str | None]] = []
        self.intents: Counter[tuple[str, str, int]] = Counter()
        self.calm = True
        self.restored = False

    # Orders

    def submit(self, terms: OrderTerms) -> BrokerOrder | Rejection:
        return self._receive(terms, None)

    def replace(self, broker_order_id: str, terms: OrderTerms) -> BrokerOrder | Rejection:
        self.weather.note("F12")
        return self._receive(terms, broker_order_id)

    def _receive(self, terms: OrderTerms, old: str | None) -> BrokerOrder | Rejection:
        """Receive a new order, or one in the place of an old one, in this world's weather."""
        self.submits += 1
        happens, note = self.weather.happens, self.weather.note
        until = self.deadline(terms)
        if self.calm:
            return self._take(terms, old)
        if until is None or happens("submit_lost"):
            note("F3")
            raise UnknownOutcomeError("no answer")
        if happens("submit_late"):
            self.on_its_way.append((until, terms, old))
            raise UnknownOutcomeError("no answer")
        if not self.watch.strict and happens("arrives_first"):
            self._let_arrive(terms.client_order_id)
        if terms.client_order_id in self.accepted:
            return self._existing(terms)
        if happens("reject"):
            return self._refuse(terms)
        order = self._take(terms, old)
        return order if isinstance(order, Rejection) else self._answer(order, terms)

    def _answer(self, order: BrokerOrder, terms: OrderTerms) -> BrokerOrder | Rejection:
        """Answer what was accepted, if the answer arrives."""
        happens, note = self.weather.happens, self.weather.note
        if happens("delivered_twice"):
            # Something on the way repeated the request: the answer is that of the second.
            return self._existing(terms)
        if happens("accept_silent"):
            note("F1")
            raise UnknownOutcomeError("no answer")
        if happens("accept_broken"):
            note("F2")
            kinds = (UnavailableError, CorruptDataError, UnknownOutcomeError)
            raise kinds[self.submits % 3]("the answer was not readable")
        return order

    def _take(self, terms: OrderTerms, old: str | None) -> BrokerOrder | Rejection:
        if self.watch.strict and terms.client_order_id in self.refused:
            # A sender that was frozen for so long that another was refused meanwhile is not heard any more.
            return self._refuse(terms)
        if old is None or terms.client_order_id in self.accepted:
            return self._accept(terms)
        for name, order in self.accepted.items():
            if order.broker_order_id == old and order.status in WORKING:
                self.close(name, "replaced")
                return self._accept(terms)
        return self._refuse(terms)

    def _refuse(self, terms: OrderTerms) -> Rejection:
        self.weather.note("F7")
        self.refused.add(terms.client_order_id)
        return Rejection("40310000", "insufficient buying power", "request-1")

    def _existing(self, terms: OrderTerms) -> BrokerOrder | Rejection:
        """What the adapter makes of "client_order_id must be unique": it exists, so it is read."""
        self.weather.note("F6")
        if self.weather.happens("existing_unread"):
            raise UnknownOutcomeError("the order exists, but could not be read")
        return self.accepted[terms.client_order_id]

    def _accept(self, terms: OrderTerms) -> BrokerOrder:
        name = terms.client_order_id
        if name in self.accepted:
            return super()._accept(terms)
        ours = terms.origin is Origin.STRATEGY
        intent = (terms.decision_id if ours else name, terms.leg, terms.intent)
        self.intents[intent] += 1
        self.watch.ensure("I1", self.intents[intent] == 1, f"two orders for {intent}")
        record = self.watch.ledger.records.get(name)
        known = record is not None or self.restored
        self.watch.ensure("I2", known, f"order {name} was sent before it was written")
        return self.take_up(terms, None if record is None else record.reference_price)

    def arrive(self, now: float) -> None:
        """Let every late request arrive whose time has come."""
        due = [each for each in self.on_its_way if each[0] <= now]
        if due:
            self.on_its_way = [each for each in self.on_its_way if each[0] > now]
            for _, terms, old in due:
                self.weather.note("F4")
                self._take(terms, old)

    def _let_arrive(self, client_order_id: str) -> None:
        """The earlier send of an order overtakes its repetition at the last moment."""
        for each in list(self.on_its_way):
            if each[1].client_order_id == client_order_id:
                self.on_its_way.remove(each)
                self.weather.note("F4")
                self._take(*each[1:])

    def cancel(self, broker_order_id: str) -> None:
        for name, order in self.accepted.items():
            if order.broker_order_id == broker_order_id and order.status in WORKING:
                if not self.calm and self.weather.happens("cancel_slow"):
                    self.weather.note("F12")
                    MemoryBroker.close(self, name, "pending_cancel")
                    return
                self.close(name, "canceled")
                break
        if not self.calm and self.weather.happens("cancel_silent"):
            self.weather.note("F12")
            raise UnknownOutcomeError("no answer")

    # Reading

    def _read(self) -> None:
        if not self.calm and self.weather.happens("read_fails"):
            raise UnavailableError("the broker does not answer")

    def holdings(self) -> tuple[BrokerAccount, Sequence[BrokerPosition]]:
        try:
            account, positions = super().holdings()
        except UnavailableError:
            self.weather.note("F14")
            raise
        if not self.calm and positions and self.weather.happens("empty_positions"):
            self.weather.note("F14")
            return account, []
        return account, positions

    def may_have(self, client_order_id: str) -> bool:
        """Tell whether the order exists here or is on its way."""
        if client_order_id in self.accepted:
            return True
        return any(each[1].client_order_id == client_order_id for each in self.on_its_way)
