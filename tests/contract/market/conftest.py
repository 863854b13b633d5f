"""AWS as moto answers it, with the tables of the tick path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from moto import mock_aws

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "eu-central-1"


class Cloud:
    """Clients of one region, and the names of what was made in it."""

    bars = "bars"
    leases = "leases"
    stream = "ticks"
    bucket = "lake"

    def __init__(self) -> None:
        session = botocore.session.get_session()
        self.dynamodb: Any = session.create_client("dynamodb", region_name=REGION)
        self.kinesis: Any = session.create_client("kinesis", region_name=REGION)
        self.s3: Any = session.create_client("s3", region_name=REGION)
        for table in (self.bars, self.leases):
            self._create_table(table)
        self.kinesis.create_stream(StreamName=self.stream, ShardCount=1)
        self.s3.create_bucket(
            Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
        )

    def _create_table(self, name: str) -> None:
        self.dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")
            ],
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
        )


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield Cloud()
