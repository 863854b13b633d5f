"""A queue for what could not be done, with an alarm on its first message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.blocks.acknowledge import acknowledge
from stacks.blocks.alarms import alarm_above
from stacks.blocks.outputs import output

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns

    from stacks.stage import Stage


class DeadLetters(Construct):
    """Keep failed events for 14 days until the owner has looked at them and sent them again."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        key: kms.IKey,
        alarms: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            data_key_reuse=cdk.Duration.hours(1),
            enforce_ssl=True,
            retention_period=cdk.Duration.days(14),
            removal_policy=stage.removal_policy,
        )
        acknowledge(
            self.queue,
            "AwsSolutions-SQS3",
            "This queue is the end of the line: a dead-letter queue of its own would be one too many.",
        )
        alarm_above(
            self,
            "NotEmpty",
            metric=self.queue.metric_approximate_number_of_messages_visible(
                period=cdk.Duration.minutes(1), statistic="Maximum"
            ),
            topic=alarms,
            meaning=f"Events of {construct_id} failed for good: read the queue, mend, send again.",
        )
        stack = cdk.Stack.of(self)
        area = stack.node.id.rsplit("-", 1)[-1]
        name = f"{area}DeadLetters" if construct_id == "DeadLetters" else construct_id
        output(stack, f"{name}QueueUrl", self.queue.queue_url)

    @property
    def arn(self) -> str:
        """Give the queue's ARN."""
        return self.queue.queue_arn
