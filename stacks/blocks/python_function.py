"""One Lambda function with every default of the product: the only place where functions are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.blocks.access import KEY_ACTIONS, statement
from stacks.blocks.acknowledge import acknowledge
from stacks.blocks.alarms import alarm_above
from stacks.blocks.layers import architecture
from stacks.blocks.outputs import output

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stacks.blocks.area import Area
    from stacks.stage import Stage


class PythonFunction(Construct):
    """Run functions/<name>/handler.py under a role of its own.

    The construct's id is the name in PascalCase; so is the key of the output `Function<Id>Name`.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        area: Area,
        memory: int = 512,
        timeout: cdk.Duration | None = None,
        group: str = "runtime",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        title = "".join(word.capitalize() for word in name.split("_"))
        super().__init__(scope, title)
        self.name = name
        log_group = self._log_group(area.stage)
        self.role = self._role(log_group, area)
        self.function = lambda_.Function(
            self,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=architecture(area.stage),
            handler="handler.handler",
            code=_code(find_folder(area.stage.functions, name)),
            layers=area.layers.named(["quantumzero", group]),
            memory_size=memory,
            timeout=timeout or cdk.Duration.seconds(30),
            role=self.role,
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            dead_letter_queue=area.dead_letters.queue,
            environment={**_environment(name, group, area.stage), **(environment or {})},
        )
        self._watch(area)
        output(cdk.Stack.of(self), f"Function{title}Name", self.function.function_name)

    @property
    def arn(self) -> str:
        """Give the function's ARN."""
        return self.function.function_arn

    def add_environment(self, variable: str, value: str) -> None:
        """Tell the function the name of something it was let use."""
        self.function.add_environment(variable, value)

    def call_rarely_again(self) -> None:
        """Let a scheduled call fail quickly: the next one comes anyway, and old ones are worthless."""
        self.function.configure_async_invoke(
            max_event_age=cdk.Duration.minutes(5), retry_attempts=1
        )

    def _watch(self, area: Area) -> None:
        acknowledge(
            self.function,
            "AwsSolutions-L1",
            "Python 3.13 is the newest runtime for which every locked package has an arm64 wheel.",
        )
        alarm_above(
            self,
            "Errors",
            metric=self.function.metric_errors(period=cdk.Duration.minutes(1)),
            topic=area.alarms,
            meaning=f"{self.name} raised an error: read its log, then its dead letters.",
        )

    def _log_group(self, stage: Stage) -> logs.LogGroup:
        days = logs.RetentionDays
        return logs.LogGroup(
            self,
            "Log",
            retention=days.ONE_WEEK if stage.is_local else days.SIX_MONTHS,
            removal_policy=stage.removal_policy,
        )

    def _role(self, log_group: logs.LogGroup, area: Area) -> iam.Role:
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"Lets {self.name} do what it must and nothing else",
        )
        log_group.grant_write(role)
        role.add_to_policy(statement(["sqs:SendMessage"], [area.dead_letters.arn]))
        role.add_to_policy(statement(KEY_ACTIONS, [area.key.key_arn]))
        return role


def find_folder(functions: Path, name: str) -> Path:
    """Find a function's folder; raises FileNotFoundError with what to do."""
    folder = functions / name
    if not (folder / "handler.py").is_file():
        raise FileNotFoundError(
            f"function {name!r} had no handler.py in {folder}; write it, or take the "
            "function out of its stack"
        )
    return folder


def _code(folder: Path) -> lambda_.Code:
    return lambda_.Code.from_asset(str(folder), exclude=["**/__pycache__", "**/*.pyc"])


def _environment(name: str, group: str, stage: Stage) -> dict[str, str]:
    folders = {} if stage.layers else {"PYTHONPATH": ":".join(stage.packages_of(group))}
    return {
        "STAGE": stage.name,
        "ACCOUNT": stage.account_name,
        "MARKET_CLOCK": stage.market_clock,
        "POWERTOOLS_SERVICE_NAME": name,
        "POWERTOOLS_METRICS_NAMESPACE": "QuantumZero",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        **folders,
    }
