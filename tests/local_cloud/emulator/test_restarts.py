"""What survives a clean stop, a kill, and going back to a snapshot."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.emulator.control import EmulatorError
from tests.local_cloud.emulator.cloud import NOTING, Cloud, started, until

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTES_KEYS = (
    NOTING
    + """
def handler(event, context):
    for record in event["Records"]:
        note(record["dynamodb"]["Keys"]["pk"]["S"])
"""
)
NOTES_DATA = (
    NOTING
    + """
import base64
def handler(event, context):
    for record in event["Records"]:
        note(base64.b64decode(record["kinesis"]["data"]).decode())
"""
)


class Restartable:
    """A cloud that a test may stop, kill and start again on the same state."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cloud = started(folder)

    def again(self, restore: str | None = None) -> Cloud:
        self.cloud = started(self.folder, restore)
        return self.cloud


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Restartable]:
    running = Restartable(tmp_path)
    yield running
    running.cloud.emulator.kill()


def test_a_clean_stop_keeps_streams_positions_objects_and_running_executions(
    machine: Restartable,
) -> None:
    cloud = machine.cloud
    by_table, by_stream = cloud.function(NOTES_KEYS), cloud.function(NOTES_DATA)
    table, table_arn = cloud.table()
    stream, stream_arn = cloud.stream()
    cloud.map(table_arn, by_table)
    cloud.map(stream_arn, by_stream)
    cloud.write(table, "a", "b")
    cloud.put(stream, "1", "2")
    cloud.control.wait_quiet(10)
    _put_object(cloud, "kept")
    waiting = cloud.machine({"Rest": {"Type": "Wait", "Seconds": 3, "End": True}})
    execution = cloud.start(waiting, "over-the-restart")
    begun = time.monotonic()
    cloud.emulator.stop()
    assert time.monotonic() - begun < 5

    cloud = machine.again()
    assert "last-stop" in cloud.control.started_from()
    assert cloud.ended(execution)["status"] == "SUCCEEDED"
    cloud.write(table, "c")
    cloud.put(stream, "3")
    cloud.control.wait_quiet(10)
    assert cloud.noted(by_table) == ["a", "b", "c"]
    assert cloud.noted(by_stream) == ["1", "2", "3"]
    assert _objects(cloud) == ["kept"]


def test_records_written_while_the_consumer_fails_are_delivered_after_the_restart(
    machine: Restartable,
) -> None:
    cloud = machine.cloud
    function = cloud.function(
        NOTING
        + """
def handler(event, context):
    if not os.path.exists(os.environ["LOG"] + ".open"):
        raise RuntimeError("closed")
    for record in event["Records"]:
        note(record["dynamodb"]["Keys"]["pk"]["S"])
"""
    )
    table, arn = cloud.table()
    cloud.map(arn, function)
    cloud.write(table, "a", "b", "c")
    cloud.emulator.stop()
    Path(f"{cloud.log_of(function)}.open").touch()
    cloud = machine.again()
    cloud.control.wait_quiet(10)
    assert cloud.noted(function) == ["a", "b", "c"]


def test_after_a_kill_the_newest_snapshot_is_used_and_everything_works(
    machine: Restartable,
) -> None:
    cloud = machine.cloud
    function = cloud.function(NOTES_KEYS)
    table, arn = cloud.table()
    cloud.map(arn, function)
    cloud.write(table, "before")
    _put_object(cloud, "before")
    api = _api(cloud)
    cloud.control.wait_quiet(10)
    cloud.control.snapshot("barrier")
    cloud.write(table, "after")
    _put_object(cloud, "after")
    cloud.control.wait_quiet(10)
    cloud.emulator.kill()

    cloud = machine.again()
    assert "barrier" in cloud.control.started_from()
    assert _keys(cloud, table) == ["before"]
    assert _objects(cloud) == ["before"]
    assert cloud.client("apigatewayv2").get_api(ApiId=api)["Name"] == "kept"
    cloud.write(table, "resent")
    cloud.control.wait_quiet(10)
    assert cloud.noted(function) == ["before", "after", "resent"]


def test_a_start_can_go_back_to_a_name_and_forgets_what_came_after_it(
    machine: Restartable,
) -> None:
    cloud = machine.cloud
    table, _ = cloud.table()
    for session in ("s1", "s2", "s3", "s4", "s5"):
        cloud.write(table, session)
        cloud.control.snapshot(session)
    assert cloud.control.snapshots() == ["s5", "s4", "s3", "s1"]
    cloud.emulator.stop()
    cloud = machine.again(restore="s3")
    assert _keys(cloud, table) == ["s1", "s2", "s3"]
    assert cloud.control.snapshots() == ["s3", "s1"]
    cloud.emulator.kill()
    cloud = machine.again()
    assert "s3" in cloud.control.started_from()
    cloud.emulator.stop()
    with pytest.raises(EmulatorError, match=r"'s4' is not in .*there are: s3, s1"):
        machine.again(restore="s4")


def test_a_kill_before_the_first_save_starts_empty_objects_included(machine: Restartable) -> None:
    _put_object(machine.cloud, "lost")
    machine.cloud.emulator.kill()
    cloud = machine.again()
    assert cloud.client("s3").list_buckets()["Buckets"] == []


def test_no_worker_outlives_a_killed_emulator(machine: Restartable) -> None:
    cloud = machine.cloud
    function = cloud.function(
        NOTING
        + "\nimport time\ndef handler(event, context):\n    note(os.getpid()); time.sleep(9)\n"
    )
    cloud.invoke(function, kind="Event")
    (pid,) = until(lambda: cloud.noted(function))
    os.kill(cloud.emulator.pid, signal.SIGKILL)
    until(lambda: not _alive(pid), 3)


def test_a_snapshot_is_complete_while_work_goes_on(machine: Restartable) -> None:
    cloud = machine.cloud
    function = cloud.function(NOTES_DATA)
    stream, arn = cloud.stream()
    cloud.map(arn, function)
    sent = [str(number) for number in range(40)]
    for text in sent:
        cloud.put(stream, text)
        if text == "20":
            cloud.control.snapshot("busy")
    cloud.control.wait_quiet(10)
    cloud.emulator.kill()
    noted_before = cloud.noted(function)
    cloud = machine.again()
    cloud.control.wait_quiet(10)
    again = cloud.noted(function)[len(noted_before) :]
    assert noted_before == sent
    # What was put before the snapshot is delivered at least once, in order, with no gap.
    assert again == sent[21 - len(again) : 21]


def _put_object(cloud: Cloud, key: str) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key=key, Body=b"1")


def _objects(cloud: Cloud) -> list[str]:
    found = cloud.client("s3").list_objects_v2(Bucket="bucket")
    return [one["Key"] for one in found.get("Contents", [])]


def _keys(cloud: Cloud, table: str) -> list[str]:
    found = cloud.client("dynamodb").scan(TableName=table)
    return sorted(item["pk"]["S"] for item in found["Items"])


def _api(cloud: Cloud) -> str:
    made: dict[str, Any] = cloud.client("apigatewayv2").create_api(Name="kept", ProtocolType="HTTP")
    return str(made["ApiId"])


def _alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
