"""The order path wired on fakes, as bootstrap wires it on AWS."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from quantumzero.domain.bars import Bar
from quantumzero.domain.decisions import Action, Decision, decision_id
from quantumzero.domain.risk.account_risk import default_limits
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.ports.ledger import AccountPicture
from quantumzero.usecases.apply_broker_order import ApplyBrokerOrder
from quantumzero.usecases.cancel_orders import CancelOrders
from quantumzero.usecases.carry_decisions import CarryDecisions
from quantumzero.usecases.change_limits import ChangeLimits
from quantumzero.usecases.check_protection import CheckProtection
from quantumzero.usecases.decide_order import DecideOrder
from quantumzero.usecases.halt_trading import HaltTrading
from quantumzero.usecases.infer_signal import InferSignal
from quantumzero.usecases.place_order import PlaceOrder
from quantumzero.usecases.reconcile_account import ReconcileAccount
from quantumzero.usecases.rest_legs import RestLegs
from quantumzero.usecases.stop_at_limits import StopAtLimits
from quantumzero.usecases.sweep_orders import SweepOrders
from tests.fakes.held_bars import HeldBars
from tests.fakes.held_decisions import HeldDecisions
from tests.fakes.held_limits import HeldLimits
from tests.fakes.held_models import HeldModels
from tests.fakes.manual_clock import ManualClock, NoBackoff
from tests.fakes.memory_broker import MemoryBroker
from tests.fakes.memory_ledger import MemoryLedger
from tests.fakes.noted_heartbeats import NotedHeartbeats


class OrderDesk:
    """Everything of the order path on one ledger and one broker; legs rest where the broker of that name takes them."""

    def __init__(
        self,
        *,
        ledger: MemoryLedger | None = None,
        broker: Any = None,
        cash: Decimal = Decimal(100000),
        legs_at: str = "alpaca",
    ) -> None:
        self.market = ManualClock()
        self.machine = ManualClock()
        self.ledger = ledger if ledger is not None else MemoryLedger()
        self.broker = broker if broker is not None else MemoryBroker(self.market, cash)
        self.bars = HeldBars()
        backoff = NoBackoff()
        self.heartbeats = NotedHeartbeats()
        self.ledger.initialise(
            AccountPicture(cash, 1, ()), default_limits(cash), session=date(2005, 3, 1)
        )
        self.apply = ApplyBrokerOrder(
            ledger=self.ledger,
            switch=self.ledger,
            alerts=self.ledger,
            market=self.market,
            backoff=backoff,
        )
        self.limits = ChangeLimits(
            limits=HeldLimits(self.ledger),
            machine=self.machine,
            backoff=backoff,
            delay=timedelta(hours=1),
            ceilings={},
        )
        self.stops = StopAtLimits(switch=self.ledger, alerts=self.ledger)
        self.decide = DecideOrder(
            account="main",
            ledger=self.ledger,
            books=self.ledger,
            strategies=self.ledger,
            bars=self.bars,
            market=self.market,
            machine=self.machine,
            backoff=backoff,
            stops=self.stops,
            limits=self.limits,
        )
        self.place = PlaceOrder(
            ledger=self.ledger,
            broker=self.broker,
            apply=self.apply,
            market=self.market,
            machine=self.machine,
            backoff=backoff,
        )
        self.cancel = CancelOrders(
            ledger=self.ledger, broker=self.broker, market=self.market, machine=self.machine
        )
        self.decisions = HeldDecisions()
        self.decisions.machine = self.machine
        self.carry = CarryDecisions(
            decisions=self.decisions,
            infer=InferSignal(decisions=self.decisions, registry=HeldModels()),
            decide=self.decide,
            place=self.place,
            bars=self.bars,
            alerts=self.ledger,
            market=self.market,
            machine=self.machine,
        )
        self.legs = RestLegs(
            ledger=self.ledger,
            place=self.place,
            alerts=self.ledger,
            market=self.market,
            machine=self.machine,
            broker=legs_at,
        )
        self.protection = CheckProtection(
            ledger=self.ledger,
            bars=self.bars,
            timeframes=("1d",),
            place=self.place,
            rest=self.legs,
            sessions=self.ledger,
            cancel=self.cancel,
            alerts=self.ledger,
            market=self.market,
            machine=self.machine,
        )
        self.sweep = SweepOrders(
            protection=self.protection,
            carry=self.carry,
            ledger=self.ledger,
            bars=self.bars,
            broker=self.broker,
            apply=self.apply,
            place=self.place,
            cancel=self.cancel,
            alerts=self.ledger,
            heartbeats=self.heartbeats,
            market=self.market,
            machine=self.machine,
        )
        self.reconcile = ReconcileAccount(
            books=self.ledger,
            switch=self.ledger,
            alerts=self.ledger,
            heartbeats=self.heartbeats,
            broker=self.broker,
            apply=self.apply,
            reports=self.ledger,
            bars=self.bars,
            timeframe="1d",
            market=self.market,
            machine=self.machine,
            backoff=backoff,
        )
        self.halt = HaltTrading(switch=self.ledger, market=self.market, cancel=self.cancel)

    def price(self, symbol: str, close: str, at: datetime | None = None) -> None:
        """Let a bar of the symbol close now at that price."""
        closes_at = at or self.market.now()
        units = int(Decimal(close) * 10000)
        bar = Bar(
            symbol, "1d", closes_at - timedelta(hours=6.5), closes_at, *([units] * 4), 1000, 4
        )
        self.bars.put_bars([bar])

    def decision(self, symbol: str, action: Action, **changes: object) -> Decision:
        """Return a decision on the symbol's newest bar."""
        bar = self.bars.bars(symbol, "1d", until=self.market.now(), limit=1)[-1]
        values: dict[str, object] = {
            "id": decision_id("sma-cross", 1, symbol, bar.closes_at),
            "strategy": "sma-cross",
            "version": 1,
            "symbol": symbol,
            "timeframe": "1d",
            "closes_at": bar.closes_at,
            "action": action,
            "reason": "test",
            "price": bar.close,
            "position": Decimal(0),
            "bar_revision": 0,
            "percent_of_equity": Decimal(20),
        }
        return Decision(**{**values, **changes})  # type: ignore[arg-type]  # built by name

    def buy(self, symbol: str, request: str = "r1") -> str:
        """Decide and place an entry on the newest bar; return its id."""
        verdict = self.decide.decide(self.decision(symbol, Action.ENTER_LONG), NO_MODEL)
        assert verdict.approved, verdict.reason
        self.place.place(verdict.client_order_id, request=request)
        return verdict.client_order_id

    def sell(self, symbol: str, request: str = "r1") -> str:
        """Decide and place an exit on the newest bar; return its id."""
        verdict = self.decide.decide(self.decision(symbol, Action.EXIT_LONG), NO_MODEL)
        assert verdict.approved, verdict.reason
        self.place.place(verdict.client_order_id, request=request)
        return verdict.client_order_id
