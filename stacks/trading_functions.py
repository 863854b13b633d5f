"""The functions that decide, order and keep the books, each with what it may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from stacks.blocks.access import allow
from stacks.blocks.python_function import PythonFunction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

    from stacks.blocks.area import Area
    from stacks.data import DataStack
    from stacks.stage import Stage


class TradingFunctions:
    """Make the twelve functions of the trading area and grant each its own."""

    def __init__(self, scope: Construct, *, stage: Stage, data: DataStack, area: Area) -> None:
        self._scope = scope
        self._stage = stage
        self._data = data
        self._area = area
        self.evaluate_strategies = self._evaluate_strategies()
        self.infer_signal = self._infer_signal()
        self.check_risk = self._check_risk()
        self.place_order = self._place_order()
        self.relay_trade_updates = self._relay_trade_updates()
        self.sweep_orders = self._sweep_orders()
        self.reconcile_account = self._keeper("reconcile_account")
        self.halt_trading = self._halt_trading()
        self.carry_out_requests = self._carry_out_requests()
        self.send_alerts = self._send_alerts()
        self.prepare_session = self._prepare_session()
        self.close_session = self._close_session()

    def _evaluate_strategies(self) -> PythonFunction:
        function = self._function("evaluate_strategies", memory=1024, seconds=60)
        self._data.bars.let_write(function)
        self._data.strategies.let_write(function)
        self._data.decisions.let_write(function)
        self._data.ledger.let_read(function)
        return function

    def _infer_signal(self) -> PythonFunction:
        function = self._function("infer_signal")
        self._data.strategies.let_read(function)
        self._data.decisions.let_read(function)
        return function

    def _check_risk(self) -> PythonFunction:
        environment = {
            **self._stage.broker_choice,
            **self._stage.limit_choice,
            **self._stage.quote_choice,
        }
        function = self._function("check_risk", environment=environment)
        self._data.ledger.let_write(function)
        self._data.decisions.let_read(function)
        self._data.strategies.let_read(function)
        self._data.bars.let_read(function)
        if self._stage.quote_choice:
            self._data.broker_secret.let_read(function)
        return function

    def _place_order(self) -> PythonFunction:
        function = self._function("place_order", environment=self._broker())
        self._data.ledger.let_write(function)
        self._data.bars.let_read(function)
        self._data.broker_secret.let_read(function)
        return function

    def _relay_trade_updates(self) -> PythonFunction:
        local = {"QZ_LONG_RUNNING": "1"} if self._stage.is_local else {}
        function = self._function(
            "relay_trade_updates",
            memory=256,
            seconds=15 * 60,
            group="market",
            environment={
                **self._broker(),
                "TRADE_UPDATES_URL": self._stage.trade_updates_url,
                **local,
            },
        )
        self._let_keep_books(function)
        return function

    def _keeper(self, name: str, settings: Mapping[str, str] | None = None) -> PythonFunction:
        environment = {**self._broker(), **self._bars_kept(), **(settings or {})}
        function = self._function(name, seconds=55, environment=environment)
        self._let_keep_books(function)
        return function

    def _sweep_orders(self) -> PythonFunction:
        function = self._keeper(
            "sweep_orders", {**self._stage.limit_choice, **self._stage.quote_choice}
        )
        self._let_carry_decisions(function)
        return function

    def _halt_trading(self) -> PythonFunction:
        """Give it time: it cancels until nothing is open, also while the broker answers 429."""
        function = self._function("halt_trading", seconds=300, environment=self._broker())
        self._data.ledger.let_write(function)
        self._data.bars.let_read(function)
        self._data.broker_secret.let_read(function)
        return function

    def _carry_out_requests(self) -> PythonFunction:
        """Give it the time of halt_trading: a halt from the page is emptied here."""
        function = self._function("carry_out_requests", seconds=300, environment=self._broker())
        self._data.ledger.let_write(function)
        self._data.ledger.let_follow(function)
        self._data.bars.let_read(function)
        self._data.broker_secret.let_read(function)
        return function

    def _send_alerts(self) -> PythonFunction:
        topic = self._area.alarms.topic_arn
        function = self._function("send_alerts", memory=256, environment={"TOPIC_ALARMS": topic})
        allow(function, ["sns:Publish"], [topic])
        self._data.ledger.let_follow(function)
        return function

    def _prepare_session(self) -> PythonFunction:
        function = self._function(
            "prepare_session",
            memory=1024,
            seconds=300,
            group="market",
            environment={
                **self._broker(),
                **self._bars_kept(),
                **self._stage.limit_choice,
                **self._stage.quote_choice,
                "SYMBOLS": self._stage.symbols,
                "MARKET_DATA_URL": self._stage.market_data_url,
            },
        )
        self._let_keep_books(function)
        self._let_carry_decisions(function)
        self._data.bars.let_write(function)
        return function

    def _close_session(self) -> PythonFunction:
        function = self._function("close_session", seconds=300, environment=self._bars_kept())
        self._data.ledger.let_write(function)
        self._data.bars.let_read(function)
        self._data.leases.let_write(function)
        return function

    def _let_keep_books(self, function: PythonFunction) -> None:
        """Let a function ask the broker and write what it says into the ledger."""
        self._data.ledger.let_write(function)
        self._data.leases.let_write(function)
        self._data.bars.let_read(function)
        self._data.broker_secret.let_read(function)

    def _let_carry_decisions(self, function: PythonFunction) -> None:
        """Let a function find decisions without an order, score them and take them off the list."""
        self._data.decisions.let_write(function)
        self._data.strategies.let_read(function)

    def _broker(self) -> dict[str, str]:
        return {"BROKER_URL": self._stage.broker_url, **self._stage.broker_choice}

    def _bars_kept(self) -> dict[str, str]:
        return {"TIMEFRAMES": self._stage.timeframes}

    def _function(
        self,
        name: str,
        *,
        memory: int = 512,
        seconds: int = 30,
        group: str = "runtime",
        environment: dict[str, str] | None = None,
    ) -> PythonFunction:
        return PythonFunction(
            self._scope,
            name,
            area=self._area,
            memory=memory,
            timeout=cdk.Duration.seconds(seconds),
            group=group,
            environment=environment,
        )
