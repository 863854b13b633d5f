"""From closed bars to orders and back to the books: decisions, trade_cycle, fills and the guarantees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from stacks.blocks.alarms import alarm_above, product_metric
from stacks.blocks.area import open_area
from stacks.blocks.dead_man import DeadMan
from stacks.blocks.guarantee import Guarantee
from stacks.blocks.schedule import Schedule
from stacks.blocks.state_machine import StateMachine
from stacks.blocks.stream_mapping import StreamMapping
from stacks.trading_functions import TradingFunctions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

    from stacks.blocks.python_function import PythonFunction
    from stacks.data import DataStack
    from stacks.stage import Stage

# The equity snapshot follows the close of 16:00 by five minutes; the day starts at 09:00.
_SECONDS_FROM_START_TO_CLOSE = 7 * 3600 + 5 * 60


class TradingStack(cdk.Stack):
    """Join the functions that decide and order to the streams, clocks and workflows that call them."""

    def __init__(self, scope: Construct, stack_id: str, *, stage: Stage, data: DataStack) -> None:
        super().__init__(scope, stack_id, termination_protection=stage.name == "live")
        self._stage = stage
        self._area = open_area(self, stage, data.foundation)
        self._functions = TradingFunctions(self, stage=stage, data=data, area=self._area)
        self.trade_cycle = self._trade_cycle()
        self.trading_day = self._trading_day()
        self._evaluate_closed_bars(data)
        self._send_alerts(data)
        self._carry_out_requests(data)
        self._relay()
        self._guarantees()
        self._alarms()

    def _trade_cycle(self) -> StateMachine:
        functions = self._functions
        tasks = (functions.infer_signal, functions.check_risk, functions.place_order)
        cycle = StateMachine(self, "trade_cycle", area=self._area, functions=tasks)
        cycle.let_start(functions.evaluate_strategies, "STATE_MACHINE_TRADE_CYCLE")
        return cycle

    def _trading_day(self) -> StateMachine:
        functions = self._functions
        tasks = (functions.prepare_session, functions.close_session)
        day = StateMachine(self, "trading_day", area=self._area, functions=tasks)
        Schedule(
            self,
            "TradingDayStarts",
            area=self._area,
            expression="cron(0 9 ? * MON-FRI *)",
            action="states:StartExecution",
            target_arn=day.arn,
            message={"seconds_to_close": _SECONDS_FROM_START_TO_CLOSE},
        )
        return day

    def _evaluate_closed_bars(self, data: DataStack) -> None:
        function = self._functions.evaluate_strategies
        data.bars.let_follow(function)
        outbox = {"Keys": {"pk": {"S": lambda_.FilterRule.begins_with("OUTBOX#")}}}
        inserted = lambda_.FilterRule.is_equal("INSERT")
        StreamMapping(
            self,
            "BarsToDecisions",
            area=self._area,
            function=function,
            stream_arn=data.bars.stream_arn,
            window=cdk.Duration.seconds(0),
            filters=[lambda_.FilterCriteria.filter({"eventName": inserted, "dynamodb": outbox})],
        )

    def _send_alerts(self, data: DataStack) -> None:
        """Let a person hear of every new alert of the ledger, not only see it on the page."""
        alert = {"Keys": {"sk": {"S": lambda_.FilterRule.begins_with("AL#")}}}
        inserted = lambda_.FilterRule.is_equal("INSERT")
        StreamMapping(
            self,
            "LedgerToAlerts",
            area=self._area,
            function=self._functions.send_alerts,
            stream_arn=data.ledger.stream_arn,
            window=cdk.Duration.seconds(0),
            filters=[lambda_.FilterCriteria.filter({"eventName": inserted, "dynamodb": alert})],
        )

    def _carry_out_requests(self, data: DataStack) -> None:
        """Carry out at once what people wrote into the ledger; one mapping, since two readers a shard is the most."""
        rule = lambda_.FilterRule
        order = {"sk": {"S": rule.begins_with("O#")}}
        account = {"sk": {"S": rule.is_equal("RISK")}}
        intent = {"state": {"S": rule.is_equal("INTENT")}}
        by_hand = {"origin": {"S": rule.is_equal("manual")}}
        replacement = {"replaces": {"S": rule.exists()}}
        halted = {"state": {"S": rule.is_equal("HALTED")}}
        halted_scope = {"halted_scope": {"S": rule.exists()}}
        cancel = {"reason": {"S": rule.begins_with("cancel asked by ")}}
        StreamMapping(
            self,
            "LedgerToRequests",
            area=self._area,
            function=self._functions.carry_out_requests,
            stream_arn=data.ledger.stream_arn,
            window=cdk.Duration.seconds(0),
            filters=[
                _changed("INSERT", order, {**intent, **by_hand}),
                _changed("INSERT", order, {**intent, **replacement}),
                _changed("MODIFY", order, cancel),
                _changed("MODIFY", account, halted),
                _changed("MODIFY", account, halted_scope),
            ],
        )

    def _relay(self) -> None:
        relay = self._functions.relay_trade_updates
        relay.call_rarely_again()
        self._call(relay, "RelayTradeUpdatesEveryMinute", "cron(* 9-16 ? * MON-FRI *)")

    def _guarantees(self) -> None:
        """Call what repairs everything else, and alarm when it has not succeeded in time; a silent sweep halts."""
        functions = self._functions
        for function, every, name in (
            (functions.sweep_orders, 1, "SweepOrders"),
            (functions.reconcile_account, 5, "ReconcileAccount"),
        ):
            function.call_rarely_again()
            expression = f"rate({every} minute{'s' if every > 1 else ''})"
            self._call(function, f"{name}EveryFewMinutes", expression)
            guarantee = Guarantee(
                self, f"{name}Succeeds", area=self._area, function=function, every=every
            )
            if function is functions.sweep_orders:
                DeadMan(
                    self,
                    "DeadMan",
                    area=self._area,
                    alarm=guarantee.alarm,
                    function=functions.halt_trading,
                )

    def _alarms(self) -> None:
        """Tell the owner of what the functions take for an answer but a person must look at."""
        for metric, function, meaning in (
            (
                "AccountDifferences",
                self._functions.reconcile_account,
                "Ledger and broker differ: entries are stopped until a person has looked at both.",
            ),
            (
                "StrategiesLeftOut",
                self._functions.evaluate_strategies,
                "An enabled strategy cannot be evaluated: its document or its state is broken.",
            ),
        ):
            alarm_above(
                self,
                metric,
                metric=product_metric(metric, function.name, minutes=1),
                topic=self._area.alarms,
                meaning=meaning,
            )

    def _call(self, function: PythonFunction, construct_id: str, expression: str) -> None:
        Schedule(
            self,
            construct_id,
            area=self._area,
            expression=expression,
            action="lambda:InvokeFunction",
            target_arn=function.arn,
        )


def _changed(event: str, keys: dict[str, Any], image: dict[str, Any]) -> Mapping[str, Any]:
    """Return the filter for items of these keys that became such."""
    named = lambda_.FilterRule.is_equal(event)
    return lambda_.FilterCriteria.filter(
        {"eventName": named, "dynamodb": {"Keys": keys, "NewImage": image}}
    )
