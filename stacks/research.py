"""Backtests on demand: the workflow `backtest` and the two functions it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from stacks.blocks.access import allow_objects
from stacks.blocks.alarms import alarm_above, product_metric
from stacks.blocks.area import open_area
from stacks.blocks.python_function import PythonFunction
from stacks.blocks.state_machine import StateMachine

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.data import DataStack
    from stacks.stage import Stage

RESULTS = "backtests/*"


class ResearchStack(cdk.Stack):
    """Hold what carries out backtests; runs and results are kept with the other data."""

    def __init__(self, scope: Construct, stack_id: str, *, stage: Stage, data: DataStack) -> None:
        super().__init__(scope, stack_id, termination_protection=stage.name == "live")
        self._data = data
        self._area = open_area(self, stage, data.foundation)
        run, end = self._run_backtest(), self._end_backtest()
        self.backtest = StateMachine(self, "backtest", area=self._area, functions=(run, end))

    def let_serve(self, function: PythonFunction) -> None:
        """Let the API's function start and stop backtests and read their results."""
        self.backtest.let_start(function, "STATE_MACHINE_BACKTEST")
        self.backtest.let_stop(function)
        self._data.backtests.let_write(function)
        self._let_results(function, "s3:GetObject")

    def _run_backtest(self) -> PythonFunction:
        function = PythonFunction(
            self,
            "run_backtest",
            area=self._area,
            memory=3008,  # two million bars, and with them nearly two processors
            timeout=cdk.Duration.minutes(15),
            group="research",
        )
        self._data.bars.let_read(function)
        self._data.strategies.let_read(function)  # the approved models
        self._data.backtests.let_write(function)
        self._let_results(function, "s3:PutObject")
        return function

    def _end_backtest(self) -> PythonFunction:
        function = PythonFunction(self, "end_backtest", area=self._area)
        self._data.backtests.let_write(function)
        alarm_above(
            self,
            "BacktestsBroken",
            metric=product_metric("BacktestsBroken", function.name, minutes=1),
            topic=self._area.alarms,
            meaning="A backtest broke, not by its request: its item holds the sentence, the log of "
            "run_backtest the cause.",
        )
        return function

    def _let_results(self, function: PythonFunction, action: str) -> None:
        lake = self._data.lake
        function.add_environment("BUCKET_LAKE", lake.bucket_name)
        allow_objects(
            function,
            [action],
            lake,
            RESULTS,
            reason="Each backtest's result is objects of its own, named by the run's id.",
        )
