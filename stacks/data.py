"""Everything that must survive: the tables, the lake and the broker's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3

from stacks.blocks.broker_secret import BrokerSecret
from stacks.blocks.outputs import output
from stacks.blocks.table import Index, Table

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.foundation import FoundationStack
    from stacks.stage import Stage


class DataStack(cdk.Stack):
    """Hold the ledger, bars, strategies, decisions, leases, backtests, the lake and the broker's keys."""

    def __init__(
        self, scope: Construct, stack_id: str, *, stage: Stage, foundation: FoundationStack
    ) -> None:
        super().__init__(scope, stack_id, termination_protection=stage.name == "live")
        self.foundation = foundation
        self._stage = stage
        self.ledger = self._table(
            "Ledger",
            indexes=(
                Index("open_orders", "open_bucket", "born_at"),
                Index("orders_by_time", "order_bucket", "born_at"),
            ),
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
        )
        self.bars = self._table("Bars", stream=dynamodb.StreamViewType.NEW_IMAGE)
        self.strategies = self._table("Strategies", indexes=(Index("by_kind", "kind", "pk"),))
        self.decisions = self._table("Decisions", indexes=(Index("by_time", "bucket", "sort"),))
        self.leases = self._table("Leases")
        self.backtests = self._table("Backtests", indexes=(Index("by_time", "bucket", "sort"),))
        self.lake = self._lake()
        self.broker_secret = BrokerSecret(self, "Broker", stage=stage, key=foundation.key)
        output(self, "LakeBucketName", self.lake.bucket_name)
        output(self, "BrokerSecretArn", self.broker_secret.arn)

    def _table(
        self,
        name: str,
        *,
        indexes: tuple[Index, ...] = (),
        stream: dynamodb.StreamViewType | None = None,
    ) -> Table:
        table = Table(
            self,
            name,
            stage=self._stage,
            key=self.foundation.key,
            variable=f"TABLE_{name.upper()}",
            indexes=indexes,
            stream=stream,
        )
        output(self, f"{name}TableName", table.name)
        return table

    def _lake(self) -> s3.Bucket:
        return s3.Bucket(
            self,
            "Lake",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self.foundation.key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            server_access_logs_bucket=self.foundation.access_logs,
            server_access_logs_prefix="lake/",
            lifecycle_rules=[
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=cdk.Duration.days(7),
                    noncurrent_version_expiration=cdk.Duration.days(90),
                )
            ],
            removal_policy=self._stage.removal_policy,
        )
