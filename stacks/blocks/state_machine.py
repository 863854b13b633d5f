"""A Standard state machine from its ASL file; every placeholder is one function's ARN."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from stacks.blocks.access import allow, checked_name, statement
from stacks.blocks.acknowledge import acknowledge
from stacks.blocks.alarms import alarm_above
from stacks.blocks.outputs import output
from stacks.stage import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stacks.blocks.area import Area
    from stacks.blocks.python_function import PythonFunction
    from stacks.stage import Stage


class StateMachine(Construct):
    """Run statemachines/<name>.asl.json over functions; `${PlaceOrderArn}` is place_order's ARN."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        area: Area,
        functions: Sequence[PythonFunction],
    ) -> None:
        title = "".join(word.capitalize() for word in name.split("_"))
        super().__init__(scope, title)
        self._role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com"))
        self._role.add_to_policy(
            statement(["lambda:InvokeFunction"], [function.arn for function in functions])
        )
        self.machine = stepfunctions.StateMachine(
            self,
            "Machine",
            definition_body=stepfunctions.DefinitionBody.from_string(read_definition(name)),
            definition_substitutions={
                f"{function.node.id}Arn": function.arn for function in functions
            },
            role=self._role,
            state_machine_type=stepfunctions.StateMachineType.STANDARD,
            timeout=None,
            tracing_enabled=not area.stage.is_local,
            logs=None if area.stage.is_local else self._logs(area.stage),
            removal_policy=area.stage.removal_policy,
        )
        self._acknowledge(area.stage)
        alarm_above(
            self,
            "Failed",
            metric=self.machine.metric_failed(period=cdk.Duration.minutes(1)),
            topic=area.alarms,
            meaning=f"An execution of {name} failed: open it by its name, the id of what it is for.",
        )
        output(cdk.Stack.of(self), f"{title}Arn", self.arn)

    @property
    def arn(self) -> str:
        """Give the state machine's ARN."""
        return self.machine.state_machine_arn

    def let_start(self, function: PythonFunction, variable: str) -> None:
        """Let a function start executions, and tell it the state machine's ARN."""
        function.add_environment(variable, self.arn)
        allow(function, ["states:StartExecution"], [self.arn])

    def let_stop(self, function: PythonFunction) -> None:
        """Let a function stop executions of this state machine."""
        owner, name = cdk.Stack.of(self), self.machine.state_machine_name
        prefix = f"arn:{owner.partition}:states:{owner.region}:{owner.account}:execution"
        allow(function, ["states:StopExecution"], [f"{prefix}:{name}:*"])
        shown = "arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution"
        acknowledge(
            function.role,
            f"AwsSolutions-IAM5[Resource::{shown}:{checked_name(function, owner, name)}:*]",
            "Each execution is a resource of its own, named when it is started.",
        )

    def _logs(self, stage: Stage) -> stepfunctions.LogOptions:
        group = logs.LogGroup(
            self,
            "Log",
            retention=logs.RetentionDays.SIX_MONTHS,
            removal_policy=stage.removal_policy,
        )
        return stepfunctions.LogOptions(
            destination=group,
            level=stepfunctions.LogLevel.ALL,
            include_execution_data=False,
        )

    def _acknowledge(self, stage: Stage) -> None:
        if stage.is_local:
            for finding in ("AwsSolutions-SF1", "AwsSolutions-SF2"):
                acknowledge(
                    self.machine,
                    finding,
                    "The local cloud has neither vended logs nor X-Ray; other stages have both on.",
                )
            return
        acknowledge(
            self._role,
            "AwsSolutions-IAM5[Resource::*]",
            "X-Ray and vended log delivery name no resources: their actions accept only `*`.",
        )


def read_definition(name: str) -> str:
    """Read an ASL file and write it in one line; raises ValueError that names a broken file."""
    path = REPOSITORY / "statemachines" / f"{name}.asl.json"
    try:
        definition = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"statemachines/{path.name} was not JSON: {error}") from error
    return json.dumps(definition, separators=(",", ":"))
