"""A backtest through the deployed service over bars that a replay stored: equal to the terminal's, then at once.

Every call goes through the deployed API function, the state machine and the deployed run_backtest.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from local.clients import client
from local.cloud import DEPLOYED
from local.replay.supervisor import Replay
from local.settings import ROOT
from quantumzero.adapters.aws.bars import DynamoBars
from quantumzero.contracts.backtest_result import result_document
from quantumzero.contracts.strategy_document import parse_document
from quantumzero.research.backtest import backtest
from quantumzero.usecases.gather_history import gather_history
from quantumzero.usecases.start_backtest import end_of
from tests.fakes.bar_files import write_bar_files
from tests.fakes.manual_clock import NoBackoff

if TYPE_CHECKING:
    from pathlib import Path

    from local.cloud import LocalCloud
    from quantumzero.research.history import MarketHistory

pytestmark = pytest.mark.timeout(600)
SESSIONS = 60
DOCUMENT = (ROOT / "strategies" / "sma-cross.yaml").read_text()
ENDED = ("finished", "failed", "cancelled")


@pytest.fixture(scope="module")
def cloud(deployed_cloud: LocalCloud) -> LocalCloud:
    """Replay sixty sessions once, so that their bars are stored."""
    deployed_cloud.rewind(DEPLOYED)
    run = Replay(deployed_cloud, barrier_every=20)
    run.stop_after = SESSIONS
    run.run()
    return deployed_cloud


def post(cloud: LocalCloud, **body: Any) -> tuple[int, Any]:
    return cloud.api.call("POST", "/v1/backtests", body=body)


def ended(cloud: LocalCloud, run_id: str, seconds: float = 120) -> Any:
    """Poll as a page does, until the run is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        detail = cloud.api.get(f"/v1/backtests/{run_id}")
        if detail["summary"]["status"] in ENDED:
            return detail
        time.sleep(0.1)
    pytest.fail(f"the backtest did not end within {seconds} s: {detail['summary']}")


def stored_history(cloud: LocalCloud) -> MarketHistory:
    bars = DynamoBars(
        client("dynamodb", cloud.endpoint), cloud.outputs["BarsTableName"], NoBackoff()
    )
    universe = parse_document(DOCUMENT).universe
    return gather_history(bars, universe, "1d", until=end_of(None), progress=lambda _: None)


def by_the_terminal(folder: Path, *options: str) -> Any:
    """Return what `qz backtest --json` prints, without what depends on earlier runs."""
    command = [sys.executable, "-m", "cli", "backtest", "strategies/sma-cross.yaml", "--json"]
    done = subprocess.run(
        [*command, "--data", str(folder), *options],
        cwd=ROOT,
        env={**os.environ, "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    document = json.loads(done.stdout)
    return {
        name: each for name, each in document.items() if name not in ("trials", "deflated_sharpe")
    }


def test_the_result_is_the_terminals_and_the_second_call_is_answered_from_its_key(
    cloud: LocalCloud, tmp_path: Path
) -> None:
    began = time.monotonic()
    status, asked = post(cloud, strategy="sma-cross", parameters={"fast": "4"})
    assert (status, asked["status"]) == (202, "queued")
    detail = ended(cloud, asked["id"])
    first = time.monotonic() - began
    summary = detail["summary"]
    assert summary["status"] == "finished", summary

    history = stored_history(cloud)
    own = backtest(parse_document(DOCUMENT), history, parameters={"fast": 4})
    expected = json.loads(json.dumps(result_document(own)))
    assert urllib3.request("GET", detail["result_url"]).json() == expected
    assert by_the_terminal(write_bar_files(history, tmp_path), "--param", "fast=4") == expected
    assert summary["bars"] == SESSIONS * 4
    assert (summary["key"], summary["final_equity"]) == (own.key, expected["final_equity"])
    assert len(detail["trades"]) == len(own.trades) > 0
    assert [[each["time"], each["equity"]] for each in detail["equity"]] == expected["equity"]
    report = urllib3.request("GET", detail["report_url"])
    assert report.headers["content-type"].startswith("text/html")
    assert report.data[:40].lower().startswith(b"<!doctype html>")

    began = time.monotonic()
    status, again = post(cloud, strategy="sma-cross", parameters={"fast": "4.0"})
    second = time.monotonic() - began
    assert (status, again) == (200, summary)
    print(
        f"backtest through the service: {first:.2f} s from POST to the finished answer "
        f"({summary['seconds']} s in the function); the same again: {second:.3f} s"
    )
    assert second < first


def test_a_backtest_is_cancelled_and_can_be_started_again(cloud: LocalCloud) -> None:
    body = {"strategy": "sma-cross", "to": date(2004, 11, 1).isoformat()}
    _, asked = post(cloud, **body)
    status, cancelled = cloud.api.call("POST", f"/v1/backtests/{asked['id']}/cancel")
    assert (status, cancelled["status"]) == (200, "cancelled")
    status, again = post(cloud, **body)
    assert (status, again["id"], again["status"]) == (202, asked["id"], "queued")
    assert ended(cloud, asked["id"])["summary"]["status"] == "finished"
    status, refused = cloud.api.call("POST", f"/v1/backtests/{asked['id']}/cancel")
    assert (status, refused["code"]) == (409, "refused")
    executions = client("stepfunctions", cloud.endpoint)
    found = executions.list_executions(stateMachineArn=cloud.outputs["BacktestArn"])
    states = {each["name"]: each["status"] for each in found["executions"]}
    assert states[asked["id"]] in ("ABORTED", "SUCCEEDED")
    assert states[f"{asked['id']}-2"] == "SUCCEEDED"


def test_what_cannot_be_computed_is_refused_or_ends_failed_with_a_sentence(
    cloud: LocalCloud,
) -> None:
    status, refused = post(cloud, strategy="sma-cross", parameters={"fast": "999"})
    assert (status, refused["code"]) == (422, "invalid_request")
    assert refused["field"].startswith("body.parameters")
    status, unknown = cloud.api.call("GET", "/v1/backtests/none")
    assert (status, unknown["code"]) == (404, "not_found")
    status, asked = post(cloud, strategy="sma-cross", **{"from": "2004-08-19", "to": "2004-08-23"})
    assert status == 202
    failed = ended(cloud, asked["id"])["summary"]
    assert (failed["status"], failed["code"]) == ("failed", "invalid_request")
    assert failed["message"]
    print("a failed run says:", failed["message"])


def test_a_run_whose_function_breaks_ends_failed_by_the_workflow(cloud: LocalCloud) -> None:
    status, asked = post(cloud, strategy="sma-cross", cash="12345")
    assert status == 202
    ended(cloud, asked["id"])
    table = client("dynamodb", cloud.endpoint)
    name = cloud.outputs["BacktestsTableName"]
    item = table.get_item(
        TableName=name, Key={"pk": {"S": f"RUN#{asked['id']}"}, "sk": {"S": "-"}}
    )["Item"]
    broken = json.loads(item["run"]["S"])
    broken["settings"]["document"] = 5  # no text: the function cannot even read it
    item |= {
        "pk": {"S": "RUN#broken"},
        "sort": {"S": "2026-01-01T00:00:00Z#broken"},
        "status": {"S": "queued"},
        "run": {"S": json.dumps(broken)},
    }
    table.put_item(TableName=name, Item=item)
    client("stepfunctions", cloud.endpoint).start_execution(
        stateMachineArn=cloud.outputs["BacktestArn"],
        name="broken",
        input=json.dumps({"id": "broken", "attempt": 1}),
    )
    item = wait_until_over(table, name)
    assert item["status"]["S"] == "failed"
    told = json.loads(item["run"]["S"])
    assert told["code"] == "internal_error"
    assert "our side" in told["message"]
    found = client("stepfunctions", cloud.endpoint).list_executions(
        stateMachineArn=cloud.outputs["BacktestArn"], statusFilter="FAILED"
    )
    assert [each["name"] for each in found["executions"]] == ["broken"]


def wait_until_over(table: Any, name: str) -> Any:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        item = table.get_item(TableName=name, Key={"pk": {"S": "RUN#broken"}, "sk": {"S": "-"}})[
            "Item"
        ]
        if item["status"]["S"] in ENDED:
            return item
        time.sleep(0.2)
    pytest.fail(f"the run did not end: {item['status']}")
