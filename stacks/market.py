"""From the vendor's prints to closed bars: the poll, the stream `ticks` and the fold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_kinesis as kinesis

from stacks.blocks.access import allow, allow_key, allow_objects
from stacks.blocks.acknowledge import acknowledge
from stacks.blocks.alarms import alarm_above, product_metric
from stacks.blocks.area import open_area
from stacks.blocks.outputs import output
from stacks.blocks.python_function import PythonFunction
from stacks.blocks.schedule import Schedule
from stacks.blocks.stream_mapping import StreamMapping

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.data import DataStack
    from stacks.stage import Stage


class MarketStack(cdk.Stack):
    """Hold the tick stream, what fills it and what folds it into bars."""

    def __init__(self, scope: Construct, stack_id: str, *, stage: Stage, data: DataStack) -> None:
        super().__init__(scope, stack_id, termination_protection=stage.name == "live")
        self._data = data
        self._stage = stage
        self._area = open_area(self, stage, data.foundation)
        self.ticks = self._stream()
        self._poll_market()
        self._process_ticks()
        output(self, "TicksStreamName", self.ticks.stream_name)

    def _stream(self) -> kinesis.Stream:
        stream = kinesis.Stream(
            self,
            "Ticks",
            stream_mode=kinesis.StreamMode.PROVISIONED,
            shard_count=1,
            encryption=kinesis.StreamEncryption.KMS,
            encryption_key=self._data.foundation.key,
            retention_period=cdk.Duration.hours(24),
            removal_policy=self._stage.removal_policy,
        )
        acknowledge(
            stream,
            "AwsSolutions-KDS3",
            "One key of the owner encrypts everything, so that one switch takes all of it away.",
        )
        return stream

    def _poll_market(self) -> None:
        poll = PythonFunction(
            self,
            "poll_market",
            area=self._area,
            memory=1024,  # pandas, which alpaca-py imports, starts on the processor memory buys
            timeout=cdk.Duration.minutes(5),
            group="market",
            environment={
                "SYMBOLS": self._stage.symbols,
                "BROKER_URL": self._stage.broker_url,
                "MARKET_DATA_URL": self._stage.market_data_url,
                "STREAM_TICKS": self.ticks.stream_name,
            },
        )
        poll.call_rarely_again()
        self._data.leases.let_write(poll)
        self._data.broker_secret.let_read(poll)
        allow(poll, ["kinesis:PutRecord", "kinesis:PutRecords"], [self.ticks.stream_arn])
        allow_key(poll, self._data.foundation.key)
        Schedule(
            self,
            "PollMarketEveryMinute",
            area=self._area,
            expression="cron(* 9-16 ? * MON-FRI *)",
            action="lambda:InvokeFunction",
            target_arn=poll.arn,
        )

    def _process_ticks(self) -> None:
        process = PythonFunction(
            self,
            "process_ticks",
            area=self._area,
            memory=1024,
            timeout=cdk.Duration.minutes(1),
            environment={
                "SYMBOLS": self._stage.symbols,
                "TIMEFRAMES": self._stage.timeframes,
                "BUCKET_LAKE": self._data.lake.bucket_name,
            },
        )
        self._data.bars.let_write(process)
        self._let_quarantine(process)
        self._let_consume(process)
        StreamMapping(
            self,
            "TicksToBars",
            area=self._area,
            function=process,
            stream_arn=self.ticks.stream_arn,
            window=cdk.Duration.seconds(1),
        )

    def _let_quarantine(self, process: PythonFunction) -> None:
        allow_objects(
            process,
            ["s3:PutObject"],
            self._data.lake,
            "quarantine/*",
            reason="Each refused batch becomes an object of its own, named by time and shard.",
        )
        alarm_above(
            self,
            "TicksQuarantined",
            metric=product_metric("TicksQuarantined", process.name, minutes=1),
            topic=self._area.alarms,
            meaning="Ticks were refused: their bytes and reasons are in the lake under quarantine/.",
        )

    def _let_consume(self, process: PythonFunction) -> None:
        actions = (
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
        )
        allow(process, actions, [self.ticks.stream_arn])
        allow_key(process, self._data.foundation.key)
