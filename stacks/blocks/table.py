"""A DynamoDB table with the product's promises: on demand, encrypted, recoverable, not deletable by accident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from stacks.blocks.access import allow, allow_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms

    from stacks.blocks.python_function import PythonFunction
    from stacks.stage import Stage

_READ = ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query")
_WRITE = (
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
)
_STREAM = (
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
)


@dataclass(frozen=True, slots=True)
class Index:
    """One global secondary index: its name and its two string keys."""

    name: str
    partition: str
    sort: str


class Table(Construct):
    """Keep items under the string keys `pk` and `sk`, and lend them to functions by single actions."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        key: kms.IKey,
        variable: str,
        indexes: Sequence[Index] = (),
        stream: dynamodb.StreamViewType | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._key = key
        self._variable = variable
        self._indexes = tuple(indexes)
        # The newer TableV2 cannot name a customer's key without naming a region, and no region is in code.
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=_string("pk"),
            sort_key=_string("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=not stage.is_local,
            removal_policy=stage.removal_policy,
            time_to_live_attribute="expires_at",
            stream=stream,
        )
        for index in indexes:
            self.table.add_global_secondary_index(
                index_name=index.name,
                partition_key=_string(index.partition),
                sort_key=_string(index.sort),
            )

    @property
    def name(self) -> str:
        """Give the table's deployed name."""
        return self.table.table_name

    @property
    def stream_arn(self) -> str:
        """Give the ARN of the change stream; raises ValueError when the table has none."""
        arn = self.table.table_stream_arn
        if arn is None:
            raise ValueError(f"table {self.node.id} had no stream; give it one where it is made")
        return arn

    def let_read(self, function: PythonFunction) -> None:
        """Let a function read items and indexes, and tell it the table's name."""
        self._let(function, _READ)

    def let_write(self, function: PythonFunction) -> None:
        """Let a function read and change items, and tell it the table's name."""
        self._let(function, _READ + _WRITE)

    def let_follow(self, function: PythonFunction) -> None:
        """Let a function's event source mapping read the table's change stream."""
        allow(function, _STREAM, [self.stream_arn])
        allow_key(function, self._key)

    def _let(self, function: PythonFunction, actions: Sequence[str]) -> None:
        function.add_environment(self._variable, self.name)
        allow(function, actions, [self.table.table_arn])
        if self._indexes:
            arn = self.table.table_arn
            indexes = [f"{arn}/index/{index.name}" for index in self._indexes]
            allow(function, ["dynamodb:Query"], indexes)
        allow_key(function, self._key)


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
