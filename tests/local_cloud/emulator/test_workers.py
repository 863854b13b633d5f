"""Execution environments: isolated, kept after an exception, capped, and gone with the emulator."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

from tests.local_cloud.emulator.cloud import NOTING, until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local_cloud.emulator.cloud import Cloud


def test_a_handler_that_raised_keeps_its_process_and_reports_its_class(cloud: Cloud) -> None:
    function = cloud.function(
        """
import os
class RefusedError(Exception): pass
def handler(event, context):
    if event:
        raise RefusedError("not this one")
    return os.getpid()
"""
    )
    before = cloud.invoke(function)
    answer = cloud.invoke(function, {"refuse": True})
    assert (answer["errorType"], answer["errorMessage"]) == ("RefusedError", "not this one")
    assert cloud.invoke(function) == before


def test_a_process_that_ends_during_a_call_is_an_exit_error(cloud: Cloud) -> None:
    function = cloud.function("import os\ndef handler(event, context):\n    os._exit(3)\n")
    assert cloud.invoke(function)["errorType"] == "Runtime.ExitError"


def test_an_event_for_a_killed_idle_process_goes_to_a_new_one(cloud: Cloud) -> None:
    function = cloud.function("import os\ndef handler(event, context):\n    return os.getpid()\n")
    first = cloud.invoke(function)
    assert first in [worker.pid for worker in cloud.control.workers()]
    os.kill(first, signal.SIGKILL)
    assert cloud.invoke(function) not in (first, None)


def test_a_handler_sees_its_own_libraries_and_nothing_of_the_emulator(
    cloud: Cloud, tmp_path: Path
) -> None:
    (tmp_path / "brought_along.py").write_text("HERE = 1\n")
    source = """
def handler(event, context):
    found = {}
    for name in ("brought_along", "boto3", "ministack", "local"):
        try:
            __import__(name)
            found[name] = True
        except ImportError:
            found[name] = False
    return found
"""
    with_library = cloud.function(source, PYTHONPATH=str(tmp_path))
    hidden = {"boto3": False, "ministack": False, "local": False}
    assert cloud.invoke(with_library) == {"brought_along": True, **hidden}
    assert cloud.invoke(cloud.function(source)) == {"brought_along": False, **hidden}


def test_a_missing_dependency_is_an_error_that_names_it(cloud: Cloud) -> None:
    function = cloud.function("import boto3\ndef handler(event, context):\n    return 1\n")
    answer = cloud.invoke(function)
    assert answer == {
        "errorMessage": "No module named 'boto3'",
        "errorType": "Runtime.ImportModuleError",
    }


def test_a_module_that_raises_or_ends_the_process_at_its_start_is_named(cloud: Cloud) -> None:
    raises = cloud.function("raise LookupError('no settings')\n")
    assert cloud.invoke(raises)["errorType"] == "LookupError"
    ends = cloud.function("import os\nos._exit(1)\n")
    assert cloud.invoke(ends)["errorType"] == "Runtime.ExitError"


def test_an_environment_that_cannot_start_leaves_the_others_alone(cloud: Cloud) -> None:
    function = cloud.function(
        NOTING
        + """
import time
if os.path.exists(os.environ["LOG"]):
    raise ValueError("second start")
def handler(event, context):
    note(1)
    time.sleep(0.4)
    return "whole"
"""
    )
    answers: list[object] = []
    first = threading.Thread(target=lambda: answers.append(cloud.invoke(function)))
    first.start()
    until(lambda: cloud.noted(function))
    assert cloud.invoke(function)["errorType"] == "ValueError"
    first.join()
    assert answers == ["whole"]


def test_more_callers_than_environments_wait_for_their_turn(cloud: Cloud) -> None:
    function = cloud.function(
        NOTING
        + """
import time
def handler(event, context):
    note(os.getpid())
    time.sleep(0.05)
"""
    )
    callers = [threading.Thread(target=cloud.invoke, args=(function, n)) for n in range(10)]
    cloud.client("lambda")
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    pids = cloud.noted(function)
    assert len(pids) == 10
    assert len(set(pids)) == 2


def test_a_function_may_ask_for_another_number_of_environments(cloud: Cloud) -> None:
    function = cloud.function(
        NOTING + "\nimport time\ndef handler(event, context):\n    note(os.getpid())\n",
        QZ_MAX_ENVIRONMENTS="1",
    )
    callers = [threading.Thread(target=cloud.invoke, args=(function, n)) for n in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(set(cloud.noted(function))) == 1


def test_a_silent_handler_is_answered_without_a_pause_and_a_log_is_complete(cloud: Cloud) -> None:
    silent = cloud.function("def handler(event, context):\n    return 1\n")
    cloud.invoke(silent)
    begun = time.monotonic()
    for _ in range(10):
        cloud.invoke(silent)
    assert time.monotonic() - begun < 0.3
    wordy = cloud.function(
        "def handler(event, context):\n    for n in range(300): print('line', n)\n"
    )
    cloud.invoke(wordy)
    logs = cloud.client("logs")
    events = logs.filter_log_events(logGroupName=f"/aws/lambda/{wordy}", limit=1000)["events"]
    lines = [event["message"] for event in events if event["message"].startswith("line ")]
    assert lines == [f"line {number}" for number in range(300)]


def test_invocations_that_nobody_waits_for_keep_the_emulator_unquiet(cloud: Cloud) -> None:
    source = NOTING + "\nimport time\ndef handler(event, context):\n    time.sleep(0.4); note(1)\n"
    function = cloud.function(source)
    cloud.invoke(function, kind="Event")
    assert cloud.control.quiet()["pending_async_invokes"] == 1
    cloud.control.wait_quiet(10)
    assert cloud.noted(function) == [1]


def test_an_event_rule_keeps_the_emulator_unquiet_until_its_target_ends(cloud: Cloud) -> None:
    function = cloud.function(
        NOTING + "\nimport time\ndef handler(event, context):\n    time.sleep(0.3); note(1)\n"
    )
    events = cloud.client("events")
    events.put_rule(Name="counted", EventPattern='{"source": ["counted"]}')
    arn = f"arn:aws:lambda:us-east-1:000000000000:function:{function}"
    events.put_targets(Rule="counted", Targets=[{"Id": "1", "Arn": arn}])
    events.put_events(Entries=[{"Source": "counted", "DetailType": "x", "Detail": "{}"}])
    assert not cloud.control.quiet()["quiet"]
    cloud.control.wait_quiet(10)
    assert cloud.noted(function) == [1]


def test_a_long_running_function_does_not_count_as_busy(cloud: Cloud) -> None:
    source = NOTING + "\nimport time\ndef handler(event, context):\n    note(1); time.sleep(1)\n"
    function = cloud.function(source, QZ_LONG_RUNNING="1")
    cloud.invoke(function, kind="Event")
    until(lambda: cloud.noted(function) == [1])
    assert cloud.control.wait_quiet(10)["waited_seconds"] < 0.5
    (worker,) = [one for one in cloud.control.workers() if one.function == function]
    assert (worker.long_running, worker.busy) == (True, False)
