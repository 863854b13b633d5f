"""What holds data is encrypted with the owner's key, recoverable, and not deleted by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.stacks.assembly import Assembly, Resource

TABLES = {
    "LedgerTable": ("NEW_AND_OLD_IMAGES", {"open_orders", "orders_by_time"}),
    "BarsTable": ("NEW_IMAGE", set()),
    "StrategiesTable": (None, {"by_kind"}),
    "DecisionsTable": (None, {"by_time"}),
    "LeasesTable": (None, set()),
    "BacktestsTable": (None, {"by_time"}),
}


def tables(assembly: Assembly) -> dict[str, Resource]:
    found = assembly.every("AWS::DynamoDB::Table")
    return {name: one for name in TABLES for one in found if one.logical_id.startswith(name)}


def is_from(value: Any, export: str) -> bool:
    """Tell whether a property is imported from the stack that owns the named resource."""
    return export in str(value)


def test_there_is_one_table_for_each_kind_of_record(any_stage: Assembly) -> None:
    assert set(tables(any_stage)) == set(TABLES)
    assert len(any_stage.every("AWS::DynamoDB::Table")) == len(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_its_keys_indexes_and_stream(any_stage: Assembly, name: str) -> None:
    stream, indexes = TABLES[name]
    properties = tables(any_stage)[name].properties
    keys = [(key["AttributeName"], key["KeyType"]) for key in properties["KeySchema"]]
    assert keys == [("pk", "HASH"), ("sk", "RANGE")]
    assert properties.get("StreamSpecification", {}).get("StreamViewType") == stream
    found = {index["IndexName"] for index in properties.get("GlobalSecondaryIndexes", [])}
    assert found == indexes


def test_every_table_can_be_restored_and_costs_nothing_idle(any_stage: Assembly) -> None:
    for table in any_stage.every("AWS::DynamoDB::Table"):
        recovery = table.properties["PointInTimeRecoverySpecification"]
        assert recovery["PointInTimeRecoveryEnabled"] is True, table
        assert table.properties["BillingMode"] == "PAY_PER_REQUEST", table
        expiry = {"AttributeName": "expires_at", "Enabled": True}
        assert table.properties["TimeToLiveSpecification"] == expiry, table


def test_every_table_is_encrypted_with_the_key_of_the_owner(any_stage: Assembly) -> None:
    for table in any_stage.every("AWS::DynamoDB::Table"):
        encryption = table.properties["SSESpecification"]
        assert encryption["SSEEnabled"] is True, table
        assert is_from(encryption["KMSMasterKeyId"], "Foundation:ExportsOutputFnGetAttKey"), table


def test_nothing_that_holds_data_goes_with_its_stack(deployed: Assembly) -> None:
    kinds = (
        "AWS::DynamoDB::Table",
        "AWS::S3::Bucket",
        "AWS::KMS::Key",
        "AWS::Kinesis::Stream",
        "AWS::SecretsManager::Secret",
        "AWS::Cognito::UserPool",
        "AWS::SQS::Queue",
        "AWS::Logs::LogGroup",
    )
    for kind in kinds:
        for resource in deployed.every(kind):
            assert resource.body["DeletionPolicy"] == "Retain", resource
            assert resource.body["UpdateReplacePolicy"] == "Retain", resource


def test_tables_and_people_are_protected_from_deletion(deployed: Assembly) -> None:
    for table in deployed.every("AWS::DynamoDB::Table"):
        assert table.properties["DeletionProtectionEnabled"] is True, table
    (pool,) = deployed.every("AWS::Cognito::UserPool")
    assert pool.properties["DeletionProtection"] == "ACTIVE"


def test_the_key_rotates(any_stage: Assembly) -> None:
    (key,) = any_stage.every("AWS::KMS::Key")
    assert key.properties["EnableKeyRotation"] is True


def test_stream_queues_topic_and_lake_are_encrypted_with_the_key(any_stage: Assembly) -> None:
    (stream,) = any_stage.every("AWS::Kinesis::Stream")
    assert stream.properties["StreamEncryption"]["EncryptionType"] == "KMS"
    assert stream.properties["ShardCount"] == 1
    for queue in any_stage.every("AWS::SQS::Queue"):
        assert "Foundation" in str(queue.properties["KmsMasterKeyId"]), queue
    for topic in any_stage.every("AWS::SNS::Topic"):
        assert "Key" in str(topic.properties["KmsMasterKeyId"]), topic
    (lake,) = [
        one for one in any_stage.every("AWS::S3::Bucket") if one.logical_id.startswith("Lake")
    ]
    assert "aws:kms" in str(lake.properties["BucketEncryption"])
    assert lake.properties["VersioningConfiguration"]["Status"] == "Enabled"


def test_no_bucket_is_public_and_every_one_is_logged_or_is_the_log(any_stage: Assembly) -> None:
    for bucket in any_stage.every("AWS::S3::Bucket"):
        assert all(bucket.properties["PublicAccessBlockConfiguration"].values()), bucket
        is_log = bucket.logical_id.startswith("AccessLogs")
        assert is_log or "LoggingConfiguration" in bucket.properties, bucket


def test_buckets_queues_and_topic_refuse_plain_http(deployed: Assembly) -> None:
    for kind, policies in (
        ("AWS::S3::Bucket", "AWS::S3::BucketPolicy"),
        ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy"),
        ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy"),
    ):
        found = deployed.every(policies)
        assert len(found) == len(deployed.every(kind))
        for policy in found:
            assert "'aws:SecureTransport': 'false'" in str(policy.properties), policy


def test_the_brokers_keys_are_in_no_template(deployed: Assembly) -> None:
    (secret,) = deployed.every("AWS::SecretsManager::Secret")
    assert "SecretString" not in secret.properties
    assert secret.properties["GenerateSecretString"]["GenerateStringKey"] == "secret_key"
    assert "Foundation" in str(secret.properties["KmsKeyId"])


def test_the_local_stage_starts_with_the_simulators_keys(local: Assembly) -> None:
    (secret,) = local.every("AWS::SecretsManager::Secret")
    expected = '{"key_id":"local-key","secret_key":"local-secret"}'
    assert secret.properties["SecretString"] == expected
