"""What every other stack stands on: the owner's key, the alarm topic, the event bus and the access logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions

from stacks.blocks.acknowledge import acknowledge
from stacks.blocks.outputs import output

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.stage import Stage


class FoundationStack(cdk.Stack):
    """Hold the key that encrypts everything and the places where trouble is reported."""

    def __init__(self, scope: Construct, stack_id: str, *, stage: Stage) -> None:
        super().__init__(scope, stack_id, termination_protection=stage.name == "live")
        self.key = kms.Key(
            self,
            "Key",
            description=f"Encrypts the data of QuantumZero {stage.name}",
            enable_key_rotation=True,
            removal_policy=stage.removal_policy,
        )
        self.alarms = self._alarm_topic(stage)
        self.bus = events.EventBus(self, "Bus", description="Orders, fills and alerts, past tense")
        self.access_logs = self._access_logs(stage)
        output(self, "KeyArn", self.key.key_arn)
        output(self, "AlarmTopicArn", self.alarms.topic_arn)
        output(self, "BusName", self.bus.event_bus_name)

    def _alarm_topic(self, stage: Stage) -> sns.Topic:
        topic = sns.Topic(self, "Alarms", master_key=self.key, enforce_ssl=True)
        self.key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="LetAlarmsPublish",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],  # in a key policy `*` means this key
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            )
        )
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="LetAlarmsPublish",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            )
        )
        if stage.alarm_email:
            topic.add_subscription(subscriptions.EmailSubscription(stage.alarm_email))
        return topic

    def _access_logs(self, stage: Stage) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,  # log delivery cannot use the owner's key
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.OBJECT_WRITER,  # CloudFront writes logs by ACL
            enforce_ssl=True,
            versioned=False,
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(365))],
            removal_policy=stage.removal_policy,
        )
        acknowledge(
            bucket,
            "AwsSolutions-S1",
            "This bucket receives the access logs of the others; logging it into itself never ends.",
        )
        return bucket
