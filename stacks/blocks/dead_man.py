"""The dead man's switch: an alarm that is silent for too long calls the function that halts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from stacks.blocks.outputs import output

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

    from stacks.blocks.area import Area
    from stacks.blocks.python_function import PythonFunction


class DeadMan(Construct):
    """Carry one alarm to one function through a topic of its own."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        area: Area,
        alarm: cloudwatch.Alarm,
        function: PythonFunction,
    ) -> None:
        super().__init__(scope, construct_id)
        topic = sns.Topic(self, "Topic", master_key=area.key, enforce_ssl=True)
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="LetAlarmsPublish",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": cdk.Stack.of(self).account}},
            )
        )
        topic.add_subscription(subscriptions.LambdaSubscription(function.function))
        alarm.add_alarm_action(actions.SnsAction(topic))
        output(cdk.Stack.of(self), f"{construct_id}TopicArn", topic.topic_arn)
