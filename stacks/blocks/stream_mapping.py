"""A stream's mapping to a function that can neither block a shard nor lose a record silently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.blocks.access import allow
from stacks.blocks.alarms import alarm_above
from stacks.blocks.dead_letters import DeadLetters
from stacks.blocks.outputs import output

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stacks.blocks.area import Area
    from stacks.blocks.python_function import PythonFunction


class StreamMapping(Construct):
    """Feed a stream's records to a function: five tries, bisected, then to a queue with an alarm."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        area: Area,
        function: PythonFunction,
        stream_arn: str,
        window: cdk.Duration,
        filters: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        failures = DeadLetters(
            scope,
            f"{construct_id}Failures",
            stage=area.stage,
            key=area.key,
            alarms=area.alarms,
        )
        allow(function, ["sqs:SendMessage"], [failures.arn])
        self._mapping = lambda_.EventSourceMapping(
            self,
            "Mapping",
            target=function.function,
            event_source_arn=stream_arn,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=100,
            max_batching_window=window,
            bisect_batch_on_error=True,
            report_batch_item_failures=True,
            retry_attempts=5,
            max_record_age=cdk.Duration.days(1),
            on_failure=_FailureQueue(failures.arn),
            filters=list(filters) if filters else None,
        )
        self._mapping.node.add_dependency(function.role)
        self._watch(function, area)

    def _watch(self, function: PythonFunction, area: Area) -> None:
        alarm_above(
            self,
            "Lag",
            metric=function.function.metric(
                "IteratorAge", statistic="Maximum", period=cdk.Duration.minutes(1)
            ),
            topic=area.alarms,
            meaning=f"{function.name} is more than a minute behind its stream.",
            threshold=60_000,
            periods=3,
        )
        mapping_id = self._mapping.event_source_mapping_id
        output(cdk.Stack.of(self), f"{self.node.id}MappingId", mapping_id)


@jsii.implements(lambda_.IEventSourceDlq)
class _FailureQueue:
    """Name the queue without CDK's own grant, which would hold `kms:GenerateDataKey*`."""

    def __init__(self, queue_arn: str) -> None:
        self._queue_arn = queue_arn

    def bind(self, *_: Any, **__: Any) -> lambda_.DlqDestinationConfig:
        return lambda_.DlqDestinationConfig(destination=self._queue_arn)
