"""Streams, clocks, doors and alarms are joined to the right things with the right settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from quantumzero.domain.ledger_requests import CANCEL_ASKED
from quantumzero.domain.orders import Origin
from quantumzero.domain.risk.account_risk import TradingState

if TYPE_CHECKING:
    from tests.stacks.assembly import Assembly, Resource

ROOT = Path(__file__).resolve().parents[2]
SCHEDULED = {
    "PollMarket": "cron(* 9-16 ? * MON-FRI *)",
    "RelayTradeUpdates": "cron(* 9-16 ? * MON-FRI *)",
    "SweepOrders": "rate(1 minute)",
    "ReconcileAccount": "rate(5 minutes)",
    "TradingDay": "cron(0 9 ? * MON-FRI *)",
}


def mapping(assembly: Assembly, name: str) -> Resource:
    found = assembly.every("AWS::Lambda::EventSourceMapping")
    (one,) = [each for each in found if each.logical_id.startswith(name)]
    return one


def alarms(assembly: Assembly, metric: str) -> list[Resource]:
    found = assembly.every("AWS::CloudWatch::Alarm")
    return [alarm for alarm in found if alarm.properties["MetricName"] == metric]


def test_no_stream_can_block_on_a_record_or_lose_one_silently(any_stage: Assembly) -> None:
    for name in ("TicksToBars", "BarsToDecisions", "LedgerToAlerts", "LedgerToRequests"):
        properties = mapping(any_stage, name).properties
        assert properties["BatchSize"] == 100
        assert properties["BisectBatchOnFunctionError"] is True
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert properties["MaximumRetryAttempts"] == 5
        assert properties["MaximumRecordAgeInSeconds"] == 24 * 3600
        assert properties["StartingPosition"] == "TRIM_HORIZON"
        queue = properties["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
        assert queue.startswith(f"{name}FailuresQueue")


def test_ticks_gather_for_a_second_and_bars_do_not_wait(any_stage: Assembly) -> None:
    ticks = mapping(any_stage, "TicksToBars").properties
    assert ticks["MaximumBatchingWindowInSeconds"] == 1
    assert ticks["FunctionName"]["Ref"].startswith("ProcessTicks")
    bars = mapping(any_stage, "BarsToDecisions").properties
    assert bars["MaximumBatchingWindowInSeconds"] == 0
    assert bars["FunctionName"]["Ref"].startswith("EvaluateStrategies")


def test_only_new_outbox_items_of_the_bars_table_are_delivered(any_stage: Assembly) -> None:
    (only,) = mapping(any_stage, "BarsToDecisions").properties["FilterCriteria"]["Filters"]
    assert json.loads(only["Pattern"]) == {
        "eventName": ["INSERT"],
        "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "OUTBOX#"}]}}},
    }


def test_only_new_alerts_of_the_ledger_are_sent_to_a_person(any_stage: Assembly) -> None:
    (only,) = mapping(any_stage, "LedgerToAlerts").properties["FilterCriteria"]["Filters"]
    assert json.loads(only["Pattern"]) == {
        "eventName": ["INSERT"],
        "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "AL#"}]}}},
    }
    publishes = {
        policy.logical_id.split("RoleDefaultPolicy")[0]
        for policy in any_stage.every("AWS::IAM::Policy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if "sns:Publish" in str(statement["Action"])
    }
    assert publishes == {"SendAlerts"}


def test_only_what_a_person_asked_for_is_carried_out_at_once(any_stage: Assembly) -> None:
    """Two readers of a table's stream and five filters of a mapping are the most that there may be."""
    properties = mapping(any_stage, "LedgerToRequests").properties
    assert properties["FunctionName"]["Ref"].startswith("CarryOutRequests")
    patterns = [json.loads(each["Pattern"]) for each in properties["FilterCriteria"]["Filters"]]
    found = [
        (each["eventName"], each["dynamodb"]["Keys"]["sk"]["S"], each["dynamodb"]["NewImage"])
        for each in patterns
    ]
    intent, order, account = {"S": ["INTENT"]}, [{"prefix": "O#"}], ["RISK"]
    assert found == [
        (["INSERT"], order, {"state": intent, "origin": {"S": [Origin.MANUAL.value]}}),
        (["INSERT"], order, {"state": intent, "replaces": {"S": [{"exists": True}]}}),
        (["MODIFY"], order, {"reason": {"S": [{"prefix": CANCEL_ASKED}]}}),
        (["MODIFY"], account, {"state": {"S": [TradingState.HALTED.value]}}),
        (["MODIFY"], account, {"halted_scope": {"S": [{"exists": True}]}}),
    ]
    ledger = [
        each
        for each in any_stage.every("AWS::Lambda::EventSourceMapping")
        if "Ledger" in str(each.properties["EventSourceArn"])
    ]
    assert len(ledger) <= 2
    variables = any_stage.variables("carry_out_requests")
    assert {"SECRET_BROKER", "BROKER_URL", "TABLE_LEDGER", "TABLE_BARS"} <= set(variables)
    assert any_stage.function("carry_out_requests").properties["Timeout"] == 300


def test_clocks_run_in_new_york_outside_the_local_stage(any_stage: Assembly) -> None:
    schedules = any_stage.every("AWS::Scheduler::Schedule")
    assert len(schedules) == len(SCHEDULED)
    for name, expression in SCHEDULED.items():
        (one,) = [each for each in schedules if each.logical_id.startswith(name)]
        properties = one.properties
        assert properties["ScheduleExpression"] == expression
        assert properties["ScheduleExpressionTimezone"] == "America/New_York"
        assert properties["State"] == ("DISABLED" if any_stage.stage == "local" else "ENABLED")
        dead_letters = properties["Target"]["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]
        assert dead_letters.startswith("DeadLettersQueue")


def test_every_alarm_is_plain_and_tells_the_owner(any_stage: Assembly) -> None:
    for alarm in any_stage.every("AWS::CloudWatch::Alarm"):
        assert "Metrics" not in alarm.properties, f"{alarm} uses metric math"
        assert len(alarm.properties["AlarmDescription"]) > 30, alarm
        assert "Alarms" in str(alarm.properties["AlarmActions"]), alarm


def test_a_silent_sweep_calls_the_function_that_halts(any_stage: Assembly) -> None:
    (topic,) = [
        each for each in any_stage.every("AWS::SNS::Topic") if each.logical_id.startswith("DeadMan")
    ]
    (alarm,) = [
        each
        for each in any_stage.every("AWS::CloudWatch::Alarm")
        if {"Ref": topic.logical_id} in each.properties["AlarmActions"]
    ]
    properties = alarm.properties
    assert properties["Dimensions"] == [{"Name": "service", "Value": "sweep_orders"}]
    assert (properties["MetricName"], properties["Period"], properties["EvaluationPeriods"]) == (
        "Succeeded",
        60,
        3,
    )
    missing = "notBreaching" if any_stage.stage == "local" else "breaching"
    assert properties["TreatMissingData"] == missing
    (subscription,) = [
        each
        for each in any_stage.every("AWS::SNS::Subscription")
        if each.properties["TopicArn"] == {"Ref": topic.logical_id}
    ]
    assert subscription.properties["Protocol"] == "lambda"
    assert "HaltTradingFunction" in str(subscription.properties["Endpoint"])
    assert any_stage.function("halt_trading").properties["Timeout"] == 300
    assert "KmsMasterKeyId" in topic.properties


def test_every_queue_has_an_alarm_on_its_first_message(any_stage: Assembly) -> None:
    watched = {
        (alarm.stack, alarm.properties["Dimensions"][0]["Value"]["Fn::GetAtt"][0])
        for alarm in alarms(any_stage, "ApproximateNumberOfMessagesVisible")
    }
    queues = any_stage.every("AWS::SQS::Queue")
    assert watched == {(queue.stack, queue.logical_id) for queue in queues}


def test_every_mapping_and_workflow_has_an_alarm(any_stage: Assembly) -> None:
    assert len(alarms(any_stage, "IteratorAge")) == 4
    assert len(alarms(any_stage, "ExecutionsFailed")) == 3


def test_what_a_person_must_look_at_raises_an_alarm(any_stage: Assembly) -> None:
    for metric, service in (
        ("AccountDifferences", "reconcile_account"),
        ("StrategiesLeftOut", "evaluate_strategies"),
        ("BacktestsBroken", "end_backtest"),
    ):
        (alarm,) = alarms(any_stage, metric)
        assert alarm.properties["Dimensions"] == [{"Name": "service", "Value": service}]
        source = (ROOT / "functions" / service / "handler.py").read_text()
        assert f'"{metric}"' in source, "an alarm on a metric that nobody writes is silent"
    assert len(alarms(any_stage, "5xx")) == 1


def test_only_the_api_starts_and_stops_backtests_and_reads_their_results(
    any_stage: Assembly,
) -> None:
    granted = {
        (action, policy.logical_id.split("RoleDefaultPolicy")[0])
        for policy in any_stage.every("AWS::IAM::Policy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        for action in ("states:StopExecution", "s3:GetObject", "s3:PutObject")
        if action in statement["Action"] and "quarantine" not in str(statement["Resource"])
        for resource in [str(statement["Resource"])]
        if "backtests/*" in resource or "execution" in resource
    }
    assert granted == {
        ("states:StopExecution", "ServeApi"),
        ("s3:GetObject", "ServeApi"),
        ("s3:PutObject", "RunBacktest"),
    }
    variables = any_stage.variables("serve_api")
    assert {"STATE_MACHINE_BACKTEST", "TABLE_BACKTESTS", "BUCKET_LAKE"} <= set(variables)


def test_a_refused_tick_raises_an_alarm(any_stage: Assembly) -> None:
    (alarm,) = alarms(any_stage, "TicksQuarantined")
    assert alarm.properties["Namespace"] == "QuantumZero"
    assert alarm.properties["Dimensions"] == [{"Name": "service", "Value": "process_ticks"}]
    assert (alarm.properties["Threshold"], alarm.properties["Statistic"]) == (0, "Sum")
    written = (ROOT / "functions" / "process_ticks" / "handler.py").read_text()
    assert '"TicksQuarantined"' in written


def test_silence_of_the_repair_jobs_is_an_alarm(any_stage: Assembly) -> None:
    found = {
        alarm.properties["Dimensions"][0]["Value"]: alarm.properties
        for alarm in alarms(any_stage, "Succeeded")
    }
    assert set(found) == {"sweep_orders", "reconcile_account"}
    for properties in found.values():
        assert properties["ComparisonOperator"] == "LessThanThreshold"
        expected = "notBreaching" if any_stage.stage == "local" else "breaching"
        assert properties["TreatMissingData"] == expected


def test_every_route_asks_for_a_token(any_stage: Assembly) -> None:
    routes = any_stage.every("AWS::ApiGatewayV2::Route")
    assert [route.properties["RouteKey"] for route in routes] == ["ANY /v1/{proxy+}"]
    for route in routes:
        assert route.properties["AuthorizationType"] == "JWT", route
        assert "Ref" in route.properties["AuthorizerId"], route
    (authorizer,) = any_stage.every("AWS::ApiGatewayV2::Authorizer")
    assert authorizer.properties["AuthorizerType"] == "JWT"
    assert "Dashboard" in str(authorizer.properties["JwtConfiguration"]["Audience"])


def test_the_api_is_throttled_logged_and_of_one_origin(any_stage: Assembly) -> None:
    (stage,) = any_stage.every("AWS::ApiGatewayV2::Stage")
    limits = stage.properties["DefaultRouteSettings"]
    assert (limits["ThrottlingRateLimit"], limits["ThrottlingBurstLimit"]) == (20, 40)
    assert "requestId" in stage.properties["AccessLogSettings"]["Format"]
    (api,) = any_stage.every("AWS::ApiGatewayV2::Api")
    assert "CorsConfiguration" not in api.properties


def test_people_are_invited_into_three_groups(any_stage: Assembly) -> None:
    groups = any_stage.every("AWS::Cognito::UserPoolGroup")
    assert {group.properties["GroupName"] for group in groups} == {"viewer", "trader", "admin"}
    (pool,) = any_stage.every("AWS::Cognito::UserPool")
    assert pool.properties["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool.properties["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert pool.properties["Policies"]["PasswordPolicy"]["MinimumLength"] == 12


def test_passwords_travel_only_inside_one_machine(any_stage: Assembly) -> None:
    (client,) = any_stage.every("AWS::Cognito::UserPoolClient")
    flows = set(client.properties["ExplicitAuthFlows"])
    assert "ALLOW_USER_SRP_AUTH" in flows
    assert ("ALLOW_USER_PASSWORD_AUTH" in flows) == (any_stage.stage == "local")
    assert client.properties["GenerateSecret"] is False


def test_the_bus_is_there_and_nobody_may_put_events_on_it_yet(any_stage: Assembly) -> None:
    assert len(any_stage.every("AWS::Events::EventBus")) == 1
    assert "events:PutEvents" not in json.dumps(any_stage.templates)
