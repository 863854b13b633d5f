"""The whole of a stage: the security checks, names, outputs, and what its context may say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3
from cdk_nag import AwsSolutionsChecks

from stacks.application import build_application
from stacks.stage import read_stage
from tests.stacks.assembly import checked

if TYPE_CHECKING:
    from tests.stacks.assembly import Assembly

ROOT = Path(__file__).resolve().parents[2]
NAMES = (
    *("AlarmName", "ApiName", "BucketName", "FunctionName", "LogGroupName", "QueueName"),
    *("RoleName", "StateMachineName", "StreamName", "TableName", "TopicName", "UserPoolName"),
)
# The local cloud refuses a whole stack that holds one of these.
REFUSED = (
    "AWS::Budgets::Budget",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::Events::Archive",
    "Custom::LogRetention",
    "Custom::S3AutoDeleteObjects",
    "Custom::CDKBucketDeployment",
)
ANNOUNCED = {
    *("LedgerTableName", "BarsTableName", "StrategiesTableName", "DecisionsTableName"),
    *("LeasesTableName", "BacktestsTableName", "BacktestArn", "ResearchDeadLettersQueueUrl"),
    *("LakeBucketName", "BrokerSecretArn", "TicksStreamName", "BusName"),
    *("TradeCycleArn", "TradingDayArn", "ApiId", "ApiUrl", "UserPoolId", "UserPoolClientId"),
    *("SiteBucketName", "SiteUrl", "AlarmTopicArn", "TicksToBarsFailuresQueueUrl"),
    *("BarsToDecisionsFailuresQueueUrl", "MarketDeadLettersQueueUrl", "TradingDeadLettersQueueUrl"),
    *("TicksToBarsMappingId", "BarsToDecisionsMappingId", "LedgerToAlertsMappingId"),
    *("LedgerToAlertsFailuresQueueUrl", "DeadManTopicArn"),
}


def test_the_security_checks_find_nothing(any_stage: Assembly) -> None:
    assert any_stage.findings == ()


def test_the_security_checks_would_find_a_careless_bucket(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path))
    s3.Bucket(cdk.Stack(app, "Careless"), "Bucket")
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    assert "AwsSolutions-S1 at Careless/Bucket/Resource" in checked(app, tmp_path)


def test_every_accepted_finding_has_a_reason(any_stage: Assembly) -> None:
    assert any_stage.reasons
    assert [reason for reason in any_stage.reasons if len(reason) < 30] == []


def test_nothing_has_a_name_of_its_own(any_stage: Assembly) -> None:
    # Properties that name other resources come as references; only a literal text is a name given.
    for resource in any_stage.resources():
        named = {key for key in NAMES if isinstance(resource.properties.get(key), str)}
        assert named == set(), resource


def test_no_account_and_no_region_is_in_a_template(any_stage: Assembly) -> None:
    text = json.dumps(any_stage.templates)
    assert re.findall(r"(?<![0-9a-fA-F])\d{12}(?![0-9a-fA-F])", text) == []
    assert re.findall(r"\b(?:us|eu|ap|sa|ca)-[a-z]+-\d\b", text) == []


def test_no_folder_of_this_machine_is_in_a_template(deployed: Assembly) -> None:
    assert str(ROOT) not in json.dumps(deployed.templates)


def test_the_local_stage_holds_nothing_that_its_cloud_refuses(local: Assembly) -> None:
    assert {one.body["Type"] for one in local.resources()} & set(REFUSED) == set()


def test_outputs_can_be_found_by_key_alone(any_stage: Assembly) -> None:
    keys = [key for _, key in any_stage.outputs() if not key.startswith("ExportsOutput")]
    assert len(keys) == len(set(keys))
    functions = any_stage.every("AWS::Lambda::Function")
    words = [
        one.properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"].split("_")
        for one in functions
    ]
    titles = {"".join(word.capitalize() for word in each) for each in words}
    assert set(keys) >= ANNOUNCED | {f"Function{title}Name" for title in titles}


def test_only_a_live_deployment_is_protected_from_termination(tmp_path: Path) -> None:
    for stage in ("paper", "live"):
        app = cdk.App(
            outdir=str(tmp_path / stage), context={"stage": stage, "aws:cdk:bundling-stacks": []}
        )
        build_application(app)
        protected = {
            child.termination_protection
            for child in app.node.children
            if isinstance(child, cdk.Stack)
        }
        assert protected == {stage == "live"}


def test_an_unknown_stage_is_refused_with_the_known_ones() -> None:
    app = cdk.App(context={"stage": "production"})
    with pytest.raises(ValueError, match=r"'production'; it may be local, paper, live"):
        read_stage(app.node)


def test_a_function_without_a_handler_is_named(tmp_path: Path) -> None:
    app = cdk.App(
        outdir=str(tmp_path / "out"), context={"stage": "local", "functions": str(tmp_path)}
    )
    with pytest.raises(FileNotFoundError, match=r"'poll_market' had no handler\.py"):
        build_application(app)


def test_the_context_says_what_trades_where(tmp_path: Path) -> None:
    choices = {
        "stage": "local",
        "symbols": "SPY",
        "broker_url": "http://127.0.0.1:9",
        "packages": "/opt/one:/opt/two",
        "market_packages": "/opt/market",
    }
    stage = read_stage(cdk.App(context=choices).node)
    assert (stage.symbols, stage.broker_url) == ("SPY", "http://127.0.0.1:9")
    assert stage.packages_of("runtime") == ("/opt/one", "/opt/two")
    assert stage.packages_of("market") == ("/opt/market",)
    assert read_stage(cdk.App(context={"stage": "local"}).node).layers is False
    bundled = read_stage(cdk.App(context={"stage": "local", "layers": "bundled"}).node)
    assert bundled.layers is True
