"""Every patch replaces exactly the text of ministack that it was written against."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from local.emulator import sources
from tests.local_cloud.emulator.cloud import PYTHON, REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

# One place and the heart of the text that each patch takes out or wraps.
REPLACED = {
    "error_names": ("lambda_svc._execute_function_warm", 'error_type = "Runtime.HandlerError"'),
    "surviving_workers": ("Worker.invoke", 'if response.get("status") == "error":'),
    "isolated_workers": ("Worker._spawn", "[binary, worker_path],"),
    "log_drain": ("Worker._drain_stderr_bounded", "first_line_wait: float = 0.050,"),
    "environment_cap": ("lambda_runtime.acquire_worker", 'return None, "func_cap"'),
    "counted_background_work": ("invoke_async_with_retry", "threading.Thread("),
    "stream_mappings": ("lambda_svc._poll_kinesis", "_ESM_BACKOFF_SECONDS"),
    "step_functions_start": ("stepfunctions._run_execution", "time.sleep(0.15)"),
    "idempotent_start": ("stepfunctions._start_execution", "if exec_arn in _executions:"),
    "running_executions": ("stepfunctions._restore_state", "States.ServiceRestart"),
    "table_stream_persistence": ("dynamodb.get_state", "copy.deepcopy(_imports)"),
    "cors_from_templates": ("provisioners._apigw_v2_api_create", 'props["CorsConfiguration"]'),
    "metrics_from_logs": ("lambda_svc._emit_lambda_logs", "log_text.splitlines()"),
    "service_metrics": ("stepfunctions._fail_execution", "_emit_execution_status_event("),
    "alarm_evaluation": ("cloudwatch._evaluate_alarm", "if k_ns == ns and k_mn == mn:"),
    "bounded_history": ("cloudwatch._metric_bucket", "_metrics[key] = pts"),
    "sagemaker_training": ("stepfunctions._invoke_resource", "return handler(resource,"),
}


@pytest.fixture(scope="module")
def replaced(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    folder: Path = tmp_path_factory.mktemp("check")
    command = [str(PYTHON), "-m", "local.emulator.launch", "--check", "--state-dir", str(folder)]
    done = subprocess.run(
        command,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_every_patch_that_there_is_is_listed_here(replaced: dict[str, list[str]]) -> None:
    modules = (REPOSITORY / "local" / "emulator" / "patches").glob("[!_]*.py")
    assert set(replaced) == set(REPLACED) == {module.stem for module in modules}


@pytest.mark.parametrize("patch", REPLACED)
def test_the_text_a_patch_replaces_stands_where_it_is_expected(
    replaced: dict[str, list[str]], patch: str
) -> None:
    place, text = REPLACED[patch]
    assert any(place in one and text in one for one in replaced[patch]), replaced[patch]


def _greets(name: str) -> str:
    return "hello " + name


def test_a_text_that_changed_stops_the_start_with_its_place() -> None:
    with pytest.raises(sources.SourceChangedError, match="_greets held the text 'goodbye' 0 times"):
        sources.expect(_greets, "goodbye")


def test_a_rewritten_function_can_be_rewritten_again() -> None:
    class Owner:
        greets = staticmethod(_greets)

    sources.rewrite(Owner, "greets", '"hello "', "qz_greeting() + ' '", greeting=lambda: "good")
    sources.rewrite(Owner, "greets", "' '", "' day '")
    assert Owner.greets("you") == "good day you"
