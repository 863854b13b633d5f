"""The HTTP API: its settings, and every use case behind it with its collaborators."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from quantumzero.adapters.aws.health import DynamoHeartbeatReader
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.adapters.clocks import SystemClock
from quantumzero.bootstrap.aws import client
from quantumzero.bootstrap.backtests import Backtests, ready_backtests
from quantumzero.bootstrap.comparisons import Comparisons, ready_comparisons
from quantumzero.bootstrap.ledger import ledger
from quantumzero.bootstrap.lots import Lots, ready_lots
from quantumzero.bootstrap.manual import ManualOrders, ready_manual_orders
from quantumzero.bootstrap.risk_desk import RiskDesk, ready_risk_desk
from quantumzero.bootstrap.settings import read_settings
from quantumzero.bootstrap.strategies import decision_store, strategy_repository
from quantumzero.bootstrap.ticks import bar_store, names
from quantumzero.contracts.followed_market import FollowedMarket
from quantumzero.contracts.formats import utc_time
from quantumzero.domain.calendars import EXCHANGE_ZONE
from quantumzero.usecases import manage_strategies as manage
from quantumzero.usecases.list_bars import list_bars
from quantumzero.usecases.list_decisions import list_decisions
from quantumzero.usecases.list_orders import list_orders
from quantumzero.usecases.list_positions import list_positions
from quantumzero.usecases.read_decision import read_decision
from quantumzero.usecases.read_portfolio import read_portfolio
from quantumzero.usecases.read_service_health import read_service_health
from quantumzero.usecases.value_holdings import NEWEST, ValuedHolding, value_holdings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from quantumzero.contracts import api as shapes
    from quantumzero.contracts import lots as shapes_of_lots
    from quantumzero.contracts import risk as shapes_of_risk
    from quantumzero.domain.orders import OrderState
    from quantumzero.ports.clocks import MachineClock
    from quantumzero.ports.decisions import DecisionStore
    from quantumzero.ports.health import HeartbeatReader
    from quantumzero.ports.ledger import LedgerReader, TradingSwitch
    from quantumzero.ports.market_data import BarStore
    from quantumzero.ports.strategies import StrategyRepository

ALERTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Api:
    """Every operation of the API; tests make it of fakes.

    replayed says that market time comes from replayed data; client_ids are the clients whose tokens are taken.
    """

    account: str
    stage: Literal["local", "paper", "live"]
    replayed: bool
    symbols: Sequence[str]
    timeframes: Sequence[str]
    client_ids: frozenset[str]
    ledger: LedgerReader
    switch: TradingSwitch
    bars_store: BarStore
    strategy_store: StrategyRepository
    decision_store: DecisionStore
    heartbeats: HeartbeatReader
    risk_desk: RiskDesk
    clock: MachineClock
    backtests: Backtests
    comparisons: Comparisons
    lots: Lots
    manual: ManualOrders

    @property
    def followed(self) -> FollowedMarket:
        """Return what a strategy may ask for here."""
        return FollowedMarket(self.symbols, self.timeframes)

    def service_health(self) -> shapes.ServiceHealth:
        newest, _ = self.decision_store.decisions(strategy=None, symbol=None, limit=1, cursor=None)
        return read_service_health(
            heartbeats=self.heartbeats,
            alerts=self.ledger.alerts(limit=ALERTS_SHOWN),
            newest_decision=newest[0] if newest else None,
            any_enabled=any(stored.enabled for stored in self.strategy_store.strategies()),
            market_time=self.bars_store.market_time(),
            machine_now=None if self.replayed else self.clock.now(),
        )

    def portfolio(self) -> shapes.Portfolio:
        return read_portfolio(
            account=self.account,
            stage=self.stage,
            ledger=self.ledger,
            holdings=self._holdings(),
            market_time=self.bars_store.market_time(),
        )

    def positions(self) -> shapes.PositionList:
        return list_positions(holdings=self._holdings(), market_time=self.bars_store.market_time())

    def orders(
        self, *, state: OrderState | None, symbol: str | None, limit: int, cursor: str | None
    ) -> shapes.OrderList:
        return list_orders(
            ledger=self.ledger, state=state, symbol=symbol, limit=limit, cursor=cursor
        )

    def listed_lots(self, **filters: Any) -> shapes_of_lots.LotList:
        """Return lots by the filters of usecases/list_lots.py, valued as the positions are."""
        return self.lots.listed(self._holdings(), **filters)

    def decisions(
        self, *, strategy: str | None, symbol: str | None, limit: int, cursor: str | None
    ) -> shapes.DecisionList:
        return list_decisions(
            decisions=self.decision_store,
            strategy=strategy,
            symbol=symbol,
            limit=limit,
            cursor=cursor,
        )

    def decision(self, identifier: str) -> shapes.DecisionView:
        return read_decision(identifier, decisions=self.decision_store)

    def bars(self, *, symbol: str, timeframe: str, limit: int, until: str | None) -> shapes.BarList:
        return list_bars(
            bars=self.bars_store,
            symbols=self.symbols,
            symbol=symbol,
            timeframe=timeframe,
            until=utc_time(until, field="query.until") if until else NEWEST,
            limit=limit,
        )

    def strategies(self) -> shapes.StrategyList:
        return manage.list_strategies(strategies=self.strategy_store)

    def strategy(self, name: str, version: int | None) -> shapes.StrategyDetail:
        return manage.read_strategy(name, version, strategies=self.strategy_store)

    def create_strategy(self, document: str) -> tuple[shapes.StrategyDetail, bool]:
        return manage.create_strategy(
            document,
            followed=self.followed,
            strategies=self.strategy_store,
            now=self.clock.now(),
        )

    def validate_strategy(self, document: str) -> shapes.ValidationResult:
        return manage.validate_strategy(document, followed=self.followed)

    def enable_strategy(self, name: str, version: int | None) -> shapes.StrategySummary:
        return manage.enable_strategy(
            name,
            version,
            followed=self.followed,
            strategies=self.strategy_store,
            switch=self.switch,
            now=self.clock.now(),
        )

    def disable_strategy(self, name: str) -> shapes.StrategySummary:
        return manage.disable_strategy(name, strategies=self.strategy_store, now=self.clock.now())

    def risk(self) -> shapes_of_risk.RiskState:
        """Return the trading state and the limits with their use at the newest closes."""
        return self.risk_desk.read(self._holdings)

    def _holdings(self) -> list[ValuedHolding]:
        return value_holdings(
            ledger=self.ledger,
            bars=self.bars_store,
            timeframes=self.timeframes,
            today=self._exchange_today(),
        )

    def _exchange_today(self) -> date | None:
        """In a replay the day is the data's: every split that is stored has come."""
        return None if self.replayed else self.clock.now().astimezone(EXCHANGE_ZONE).date()


class ApiSettings(msgspec.Struct, frozen=True):
    """Environment of serve_api beyond that of its stores; symbols, timeframes and clients are comma lists."""

    account: str
    stage: Literal["local", "paper", "live"]
    symbols: str
    table_leases: str
    timeframes: str = "1d"
    market_clock: Literal["machine", "data"] = "machine"
    api_client_ids: str = ""


@cache
def ready_api() -> Api:
    """Return the process's API over the tables that the environment names."""
    settings = read_settings(ApiSettings)
    books = ledger()
    return Api(
        account=settings.account,
        stage=settings.stage,
        replayed=settings.market_clock == "data",
        symbols=tuple(names(settings.symbols)),
        timeframes=tuple(names(settings.timeframes)),
        client_ids=frozenset(names(settings.api_client_ids)),
        ledger=books,
        switch=books,
        bars_store=bar_store(),
        strategy_store=strategy_repository(),
        decision_store=decision_store(),
        heartbeats=DynamoHeartbeatReader(
            client("dynamodb"), settings.table_leases, JitteredBackoff()
        ),
        risk_desk=ready_risk_desk(),
        clock=SystemClock(),
        backtests=ready_backtests(),
        comparisons=ready_comparisons(),
        lots=ready_lots(),
        manual=ready_manual_orders(),
    )
