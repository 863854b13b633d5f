"""Every function has a role of its own, a place for failures, an alarm, and nothing it does not need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.stacks.assembly import Assembly, Resource

BROKERS = {
    "carry_out_requests",
    "halt_trading",
    "prepare_session",
    "reconcile_account",
    "relay_trade_updates",
    "sweep_orders",
}
EVERYWHERE = {
    "STAGE",
    "ACCOUNT",
    "MARKET_CLOCK",
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_LOG_LEVEL",
}
# Actions that accept no resource but `*`: X-Ray's, and those with which a workflow delivers its log.
NAMELESS = ("xray:", "logs:")


def statements(assembly: Assembly) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for policy in assembly.every("AWS::IAM::Policy"):
        for statement in policy.properties["PolicyDocument"]["Statement"]:
            yield str(policy), statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def layers(function: Resource) -> set[str]:
    found = (layer["Ref"] for layer in function.properties["Layers"])
    return {name[len("Layers") : -8] for name in found}  # without CDK's eight characters of hash


def test_every_function_has_a_role_of_its_own(any_stage: Assembly) -> None:
    functions = any_stage.every("AWS::Lambda::Function")
    roles = [function.properties["Role"]["Fn::GetAtt"][0] for function in functions]
    assert len({(one.stack, role) for one, role in zip(functions, roles, strict=True)}) == len(
        functions
    )


def test_no_role_has_a_managed_policy(any_stage: Assembly) -> None:
    for role in any_stage.every("AWS::IAM::Role"):
        assert "ManagedPolicyArns" not in role.properties, role


def test_no_statement_has_a_wildcard_in_its_actions(any_stage: Assembly) -> None:
    for policy, statement in statements(any_stage):
        for action in listed(statement["Action"]):
            assert "*" not in action, f"{policy}: {action}"


def test_no_statement_reaches_every_resource(any_stage: Assembly) -> None:
    for policy, statement in statements(any_stage):
        if "*" in listed(statement["Resource"]):
            actions = listed(statement["Action"])
            assert all(action.startswith(NAMELESS) for action in actions), f"{policy}: {actions}"
            assert "RoleDefaultPolicy" in policy
            assert policy.split("/")[1].startswith(("TradeCycle", "TradingDay", "Backtest")), policy


def test_every_function_has_a_dead_letter_queue(any_stage: Assembly) -> None:
    for function in any_stage.every("AWS::Lambda::Function"):
        target = function.properties["DeadLetterConfig"]["TargetArn"]
        assert target["Fn::GetAtt"][0].startswith("DeadLettersQueue"), function


def test_every_function_has_an_alarm_on_its_errors(any_stage: Assembly) -> None:
    watched = {
        (alarm.stack, dimension["Value"]["Ref"])
        for alarm in any_stage.every("AWS::CloudWatch::Alarm")
        if alarm.properties["MetricName"] == "Errors"
        for dimension in alarm.properties["Dimensions"]
    }
    functions = any_stage.every("AWS::Lambda::Function")
    assert watched == {(function.stack, function.logical_id) for function in functions}


def test_functions_run_on_python_3_13_on_arm64_with_layers(deployed: Assembly) -> None:
    for function in deployed.every("AWS::Lambda::Function"):
        assert function.properties["Runtime"] == "python3.13", function
        assert function.properties["Architectures"] == ["arm64"], function
        assert function.properties["Handler"] == "handler.handler"
        names = layers(function)
        assert len(names) == 2, function
        assert "Quantumzero" in names, function


def test_only_functions_that_speak_to_vendors_carry_pandas(deployed: Assembly) -> None:
    heavy = {
        function.properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
        for function in deployed.every("AWS::Lambda::Function")
        if "Market" in layers(function)
    }
    assert heavy == {"poll_market", "relay_trade_updates", "prepare_session"}


def test_only_what_computes_backtests_carries_numpy(deployed: Assembly) -> None:
    (function,) = (
        function
        for function in deployed.every("AWS::Lambda::Function")
        if "Research" in layers(function)
    )
    properties = function.properties
    assert properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == "run_backtest"
    assert (properties["MemorySize"], properties["Timeout"]) == (3008, 900)


def test_functions_of_the_local_stage_import_from_folders(local: Assembly) -> None:
    for function in local.every("AWS::Lambda::Function"):
        assert "Layers" not in function.properties, function
        folders = function.properties["Environment"]["Variables"]["PYTHONPATH"].split(":")
        assert folders[0].endswith("layers/quantumzero/python"), function


def test_every_function_is_told_who_and_where_it_is(any_stage: Assembly) -> None:
    for function in any_stage.every("AWS::Lambda::Function"):
        variables = function.properties["Environment"]["Variables"]
        assert variables.keys() >= EVERYWHERE, function
        assert variables["STAGE"] == any_stage.stage
        clock = "data" if any_stage.stage == "local" else "machine"
        assert variables["MARKET_CLOCK"] == clock


def test_only_functions_that_ask_the_broker_or_vendor_may_read_its_keys(
    any_stage: Assembly,
) -> None:
    told = {
        function.properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
        for function in any_stage.every("AWS::Lambda::Function")
        if "SECRET_BROKER" in function.properties["Environment"]["Variables"]
    }
    assert told == BROKERS | {"place_order", "poll_market"}
    allowed = {
        policy.split("/")[1].split("RoleDefaultPolicy")[0].lower()
        for policy, statement in statements(any_stage)
        if "secretsmanager:GetSecretValue" in listed(statement["Action"])
    }
    assert allowed == {name.replace("_", "") for name in told}


def test_a_function_may_touch_exactly_the_tables_it_was_told_of(any_stage: Assembly) -> None:
    for function in any_stage.every("AWS::Lambda::Function"):
        told = {
            name.removeprefix("TABLE_").capitalize()
            for name in function.properties["Environment"]["Variables"]
            if name.startswith("TABLE_")
        }
        owner = function.logical_id.split("Function")[0]
        allowed = {
            table
            for policy, statement in statements(any_stage)
            if policy.split("/")[1].startswith(f"{owner}RoleDefaultPolicy")
            and "dynamodb:GetItem" in listed(statement["Action"])
            for resource in listed(statement["Resource"])
            for table in ("Ledger", "Bars", "Strategies", "Decisions", "Leases", "Backtests")
            if f"GetAtt{table}Table" in str(resource)
        }
        assert allowed == told, function


def test_paper_and_live_differ_in_the_broker_and_in_nothing_else(deployed: Assembly) -> None:
    host = {"paper": "https://paper-api.alpaca.markets", "live": "https://api.alpaca.markets"}
    assert deployed.variables("place_order")["BROKER_URL"] == host[deployed.stage]
    relay = deployed.variables("relay_trade_updates")["TRADE_UPDATES_URL"]
    assert relay == host[deployed.stage].replace("https", "wss") + "/stream"


def test_logs_are_kept_for_a_stated_time(any_stage: Assembly) -> None:
    for group in any_stage.every("AWS::Logs::LogGroup"):
        assert group.properties["RetentionInDays"] > 0, group
