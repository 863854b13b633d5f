"""What must hold after every write, by name. Computed here from the writes alone, never by the product's own sums.

I1 to I10 are those of the design (docs/life_of_an_order.md says them in words). A breach names its invariant.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws import ledger_transactions
from quantumzero.adapters.aws.ledger_table import LedgerTable, values_of
from quantumzero.domain.orders import Leg, Side
from quantumzero.domain.risk.account_risk import TradingState
from tests.simulation.order_edges import (
    EDGES,
    NOTES,
    ZERO,
    S,
    digest,
    open_quantity,
    reduces,
    standing,
    works,
    zero,
)
from tests.simulation.protection_watch import ProtectionWatch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from quantumzero.domain.bars import Split
    from quantumzero.domain.ledger_changes import LedgerChange
    from quantumzero.domain.orders import OrderRecord
    from tests.fakes.memory_ledger import MemoryLedger
    from tests.simulation.limit_watch import LimitWatch
    from tests.simulation.order_edges import Standing
    from tests.simulation.simulated_broker import SimulatedBroker

SHARE = Decimal("0.000000001")
# An order is sent this soon after its decision by the market's clock, or not at all.
FRESH = timedelta(seconds=300)
# What a broker's credential looks like here: it may stand in no event, reason or alert.
SECRET = "qz-canary-credential"  # noqa: S105 - the canary itself


class Violation(AssertionError):
    """An invariant does not hold."""

    def __init__(self, invariant: str, text: str) -> None:
        super().__init__(f"{invariant}: {text}")
        self.invariant = invariant


class Invariants:
    """Follows every write of one ledger.

    strict says that the world keeps the assumptions under which the limit is exact. limits follows which are in force.
    """

    limits: LimitWatch

    def __init__(
        self, ledger: MemoryLedger, broker: SimulatedBroker, now: Callable[[], datetime]
    ) -> None:
        self.ledger = ledger
        self.now = now
        self.broker = broker
        self.strict = True
        self.checks: Counter[str] = Counter()
        self.protection = ProtectionWatch()
        self._table = LedgerTable(None, table="ledger", account="main")
        self.begin()

    def begin(self) -> None:
        """Take the ledger as it is now for the beginning; every later write is followed."""
        ledger = self.ledger
        self.cash = ledger.cash()
        self.held = defaultdict(zero, {k: p.quantity for k, p in ledger.positions.items()})
        self.parts = defaultdict(zero, {k: p.quantity for k, p in ledger.strategies.items()})
        self.pending: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
        self.resting: dict[tuple[str, str], Decimal] = defaultdict(zero)
        self.reserved: dict[str, Decimal] = defaultdict(zero)
        self.spent: dict[str, Decimal] = defaultdict(zero)
        self.working = 0
        self.replayed: dict[str, Standing] = {}
        self.replayed_held = dict(self.held)
        self.replayed_cash = self.cash
        for record in ledger.records.values():
            self._follow_reservation(None, record)
            self.replayed[record.terms.client_order_id] = standing(record)

    def ensure(self, invariant: str, holds: bool, text: str) -> None:
        """Count one check, and raise on a breach."""
        self.checks[invariant] += 1
        if not holds:
            raise Violation(invariant, text)

    def after_commit(self, before: Sequence[OrderRecord | None], change: LedgerChange) -> None:
        """Check one committed change against what was stored of its orders before it."""
        for stored, step in zip(before, change.transitions, strict=True):
            after = self.ledger.records[step.after.terms.client_order_id]
            self._check_step(stored, after, step.event)
            self._follow_reservation(stored, after)
            self._follow_fill(stored, after)
            self._check_secret(f"{step.event} {after.code} {after.reason}")
        first = self.ledger.records[change.transition.after.terms.client_order_id]
        self._check_money(first)
        self._check_use(first, change.transition.event)
        self._replay(change)

    def after_split(self, split: Split) -> None:
        """Multiply what is held, as the books must."""
        ratio = Decimal(split.new) / Decimal(split.old)
        held = self.held[split.symbol] * ratio
        booked = self.ledger.position(split.symbol).quantity
        # A share is divisible to nine decimals; who gets the last billionth of it is the product's to say.
        self.ensure("I3", abs(booked - held) < SHARE, f"{held} {split.symbol} became {booked}")
        self.held[split.symbol] = self.replayed_held[split.symbol] = booked
        for key in list(self.parts):
            if key[1] == split.symbol and key in self.ledger.strategies:
                part = self.ledger.strategies[key].quantity
                close = abs(part - self.parts[key] * ratio) <= SHARE
                self.ensure("I3", close, f"{self.parts[key]} of {key} became {part}")
                self.parts[key] = part
        self.protection.after_split(split.symbol, ratio)

    def after_alert(self, text: str) -> None:
        """Check what a person is told."""
        self._check_secret(text)

    def _check_secret(self, text: str) -> None:
        self.ensure("I10", SECRET not in text, f"a credential stands in {text[:60]!r}")

    def _follow_reservation(self, stored: OrderRecord | None, after: OrderRecord) -> None:
        terms = after.terms
        side = 0 if terms.side is Side.BUY else 1
        key = (terms.strategy, terms.symbol)
        self.pending[key][side] += open_quantity(after) - open_quantity(stored)
        before = open_quantity(stored, rests=True)
        self.resting[key] += open_quantity(after, rests=True) - before
        entry = self.ledger.records.get(terms.parent or "")
        self.protection.after_step(stored, after, entry, self.ensure if self.strict else None)
        reserved = after.reserved_value - (stored.reserved_value if stored else ZERO)
        self.reserved[terms.symbol] += reserved
        self.spent[terms.strategy] += reserved
        self.working += int(works(after)) - int(works(stored))

    def _follow_fill(self, stored: OrderRecord | None, after: OrderRecord) -> None:
        terms = after.terms
        quantity = after.filled_quantity - (stored.filled_quantity if stored else ZERO)
        if quantity:
            sign = 1 if terms.side is Side.BUY else -1
            key = (terms.strategy, terms.symbol)
            if self.strict and reduces(after.terms):
                self._check_turn(after, -sign * self.held[terms.symbol], quantity)
                self._check_turn(after, -sign * self.parts[key], quantity)
            self.cash -= sign * (after.filled_cost - (stored.filled_cost if stored else ZERO))
            self.held[terms.symbol] += sign * quantity
            self.parts[key] += sign * quantity
            self.protection.after_fill(after, quantity, self.parts[key])

    def _check_turn(self, after: OrderRecord, held: Decimal, quantity: Decimal) -> None:
        """I3: what only reduces never closes more than is held: no position is sold twice."""
        told = f"{after.terms} closed {quantity} of {held}"
        self.ensure("I3", quantity <= held, told)

    def _check_step(self, stored: OrderRecord | None, after: OrderRecord, event: str) -> None:
        """I6 and I8: only allowed edges, nothing but growth, evidence for REJECTED, no claim that may not be."""
        name = after.terms.client_order_id
        was = stored.state if stored else None
        edge = after.state in EDGES[was] or (event in NOTES and was is after.state)
        self.ensure("I8", edge, f"order {name} went from {was} to {after.state}")
        if stored:
            grew = (
                after.filled_quantity >= stored.filled_quantity and after.version > stored.version
            )
            self.ensure("I8", grew, f"order {name} went back in version or in what was filled")
        whole = ZERO <= after.filled_quantity <= after.terms.quantity
        self.ensure("I8", whole, f"order {name} filled {after.filled_quantity}")
        if after.state is S.REJECTED and was is not S.REJECTED:
            self.ensure("I8", name in self.broker.refused, f"order {name} REJECTED unheard")
        if after.state is S.ABANDONED and self.strict:
            self.ensure("I2", not self.broker.may_have(name), f"{name} given up, but it is sent")
        closed = (S.CANCELED, S.EXPIRED, S.REPLACED)
        if after.state in closed and was not in closed:
            self.ensure("I8", name in self.broker.closed, f"{name} is {after.state} unheard")
        if event == "claimed":
            age = self.now() - self._born(after)
            self.ensure("I6", age < FRESH, f"order {name} was claimed {age} after its decision")
            terms = after.terms
            state = self.ledger.risk().governing(terms.strategy, terms.symbol).state
            exits = state is TradingState.REDUCING and reduces(after.terms)
            may = state is TradingState.ACTIVE or exits
            self.ensure("I6", may, f"order {name} was claimed while trading is {state}")

    def _born(self, after: OrderRecord) -> datetime:
        """Return from when on an order ages: the opening half of a turn from the fill that closed the position."""
        terms = after.terms
        first = self.ledger.records.get(terms.parent or "")
        if first is None or terms.leg is not Leg.ENTRY or terms.replaces is not None:
            return after.created_at
        return first.filled_at or after.created_at

    def _check_money(self, after: OrderRecord) -> None:
        """I3 and I4: cash, the position and its parts are the sums of fills, exactly."""
        ledger, symbol = self.ledger, after.terms.symbol
        key = (after.terms.strategy, symbol)
        self.ensure("I4", ledger.cash() == self.cash, f"cash is {ledger.cash()}, not {self.cash}")
        held = ledger.position(symbol).quantity
        self.ensure("I3", held == self.held[symbol], f"{symbol} is {held}, not {self.held[symbol]}")
        part = ledger.strategies.get(key)
        own = part.quantity if part else ZERO
        self.ensure("I3", own == self.parts[key], f"{key} holds {own}, not {self.parts[key]}")
        pending = [part.pending_buy, part.pending_sell] if part else [ZERO, ZERO]
        told = f"{key} waits for {pending}, not {self.pending[key]}"
        self.ensure("I5", pending == self.pending[key], told)
        resting = part.resting if part else ZERO
        told = f"{resting} of {key} rest at the broker, not {self.resting[key]}"
        self.ensure("I5", resting == self.resting[key], told)

    def _check_use(self, after: OrderRecord, event: str) -> None:
        """I5: what is used is what is reserved plus what is held, and never more than may be."""
        ledger, symbol = self.ledger, after.terms.symbol
        risk = ledger.risk()
        reserved = sum(self.reserved.values(), ZERO)
        exposure = sum((each.exposure for each in ledger.positions.values()), ZERO)
        told = f"reserved {risk.open_reserved}, not {reserved}"
        self.ensure("I5", risk.open_reserved == reserved, told)
        told = f"used {risk.gross_used}, not {reserved + exposure}"
        self.ensure("I5", risk.gross_used == reserved + exposure, told)
        used = self.reserved[symbol] + ledger.position(symbol).exposure
        counted = risk.symbol_used.get(symbol, ZERO)
        self.ensure("I5", counted == used, f"{symbol} counts {counted}, not {used}")
        spent = risk.strategy_reserved.get(after.terms.strategy, ZERO)
        told = f"the strategy reserved {spent}, not {self.spent[after.terms.strategy]}"
        self.ensure("I5", spent == self.spent[after.terms.strategy], told)
        told = f"{risk.open_orders} orders are open, not {self.working}"
        self.ensure("I5", risk.open_orders == self.working, told)
        if event == "intended":
            worth = ZERO if reduces(after.terms) else after.terms.quantity * after.reference_price
            told = f"{after.terms} reserved {after.reserved_value}, not {worth}"
            self.ensure("I5", after.reserved_value == worth, told)
        if event == "intended" and after.reserved_value:
            limits = risk.limits
            self.ensure("I5", risk.gross_used <= limits.gross_exposure, "approved above the limit")
            self.ensure("I5", used <= limits.symbol_exposure, f"approved above the limit, {symbol}")
            enough = risk.open_reserved <= ledger.cash()
            self.ensure("I5", enough, f"reserved {risk.open_reserved} of {ledger.cash()} in cash")
        elif self.strict:
            self.ensure("I5", risk.gross_used <= self.limits.allowed, "above the limit")
        self.limits.after_use(risk.gross_used)

    def _replay(self, change: LedgerChange) -> None:
        """I9: fold the events as the product writes them; what is written beside them is not built here."""
        for step in change.transitions:
            event, *_ = ledger_transactions._event(self._table, step, change)
            self._fold(values_of(event["Put"]["Item"]))

    def _fold(self, values: dict[str, Any]) -> None:
        name = values["client_order_id"]
        _, _, filled, cost = self.replayed.get(name, ("", 0, ZERO, ZERO))
        quantity = Decimal(values.get("fill_quantity", 0))
        price = Decimal(values.get("fill_cost", 0))
        self.replayed[name] = (
            values["state"], int(values["version"]), filled + quantity, cost + price,
        )  # fmt: skip
        if quantity:
            sign = 1 if values["side"] == "buy" else -1
            symbol = values["symbol"]
            self.replayed_held[symbol] = self.replayed_held.get(symbol, ZERO) + sign * quantity
            self.replayed_cash -= sign * price

    # The whole

    def check_audit(self) -> None:
        """I9: the events alone give the same books."""
        ledger = self.ledger
        stored = {name: standing(each) for name, each in ledger.records.items()}
        held = {symbol: each.quantity for symbol, each in ledger.positions.items()}
        events = digest(self.replayed, self.replayed_held, self.replayed_cash)
        books = digest(stored, held, ledger.cash())
        self.ensure("I9", events == books, "the events do not give the books")
