"""What the emulator's tests do with the cloud.

Functions from a few lines of source, streams, tables, waiting.
"""

from __future__ import annotations

import io
import json
import os
import time
import uuid
import zipfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localstack_client.session import Session

from local.emulator.control import Emulator, EmulatorSettings, start_emulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPOSITORY = Path(__file__).resolve().parents[3]
PYTHON = REPOSITORY / ".venv-emulator" / "bin" / "python"
ROLE = "arn:aws:iam::000000000000:role/function"

# A handler that appends every event to the file named by LOG, then does what the test's own source says.
NOTING = """
import json, os
def note(event):
    with open(os.environ["LOG"], "a") as log:
        log.write(json.dumps(event) + "\\n")
"""


class Cloud:
    """Clients and short ways for one running emulator."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        self.control = emulator.control
        self.folder = folder
        self.client = cache(self._client)

    def _client(self, service: str) -> Any:
        with _endpoint(self.emulator.endpoint):
            return Session().client(service)

    def function(self, source: str, timeout: int = 20, **environment: str) -> str:
        """Deploy a function and return its name."""
        name = f"f{uuid.uuid4().hex[:10]}"
        self.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.11",
            Role=ROLE,
            Handler="handler.handler",
            Code={"ZipFile": package(source)},
            Timeout=timeout,
            Environment={"Variables": {"LOG": str(self.log_of(name)), **environment}},
        )
        return name

    def log_of(self, function: str) -> Path:
        """Return the file that a noting handler writes."""
        return self.folder / f"{function}.jsonl"

    def noted(self, function: str) -> list[Any]:
        """Return what a noting handler wrote so far."""
        log = self.log_of(function)
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def invoke(self, function: str, event: Any = None, kind: str = "RequestResponse") -> Any:
        """Invoke and return the decoded answer."""
        answer = self.client("lambda").invoke(
            FunctionName=function, Payload=json.dumps(event), InvocationType=kind
        )
        body = answer["Payload"].read()
        return json.loads(body) if body else None

    def stream(self, shards: int = 1) -> tuple[str, str]:
        """Make a Kinesis stream; return its name and ARN."""
        name = f"s{uuid.uuid4().hex[:10]}"
        kinesis = self.client("kinesis")
        kinesis.create_stream(StreamName=name, ShardCount=shards)
        arn = kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"][
            "StreamARN"
        ]
        return name, arn

    def put(self, stream: str, *texts: str, key: str = "k") -> None:
        """Put each text as one record."""
        for text in texts:
            self.client("kinesis").put_record(
                StreamName=stream, Data=text.encode(), PartitionKey=key
            )

    def table(self) -> tuple[str, str]:
        """Make a table with a stream; return its name and the stream's ARN."""
        name = f"t{uuid.uuid4().hex[:10]}"
        made = self.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
        return name, made["TableDescription"]["LatestStreamArn"]

    def write(self, table: str, *keys: str) -> None:
        """Put one item for each key."""
        for key in keys:
            self.client("dynamodb").put_item(TableName=table, Item={"pk": {"S": key}})

    def queue(self) -> tuple[str, str]:
        """Make a queue; return its URL and ARN."""
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName=f"q{uuid.uuid4().hex[:10]}")["QueueUrl"]
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, attributes["Attributes"]["QueueArn"]

    def messages(self, url: str) -> list[Any]:
        """Return the bodies of the messages that wait in a queue."""
        found = self.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in found.get("Messages", [])]

    def map(self, source_arn: str, function: str, **settings: Any) -> str:
        """Map a stream or queue to a function; return the mapping's id."""
        if ":sqs:" not in source_arn:
            settings.setdefault("StartingPosition", "TRIM_HORIZON")
        made = self.client("lambda").create_event_source_mapping(
            EventSourceArn=source_arn, FunctionName=function, **settings
        )
        return str(made["UUID"])

    def machine(self, states: dict[str, Any]) -> str:
        """Make a state machine that starts at the first of the states; return its ARN."""
        made = self.client("stepfunctions").create_state_machine(
            name=f"m{uuid.uuid4().hex[:10]}",
            roleArn=ROLE,
            definition=json.dumps({"StartAt": next(iter(states)), "States": states}),
        )
        return str(made["stateMachineArn"])

    def start(self, machine: str, name: str, given: Any = None) -> str:
        """Start an execution; return its ARN."""
        started = self.client("stepfunctions").start_execution(
            stateMachineArn=machine, name=name, input=json.dumps(given or {})
        )
        return str(started["executionArn"])

    def ended(self, execution: str, seconds: float = 10.0) -> Any:
        """Return the description of an execution once it runs no more."""

        def finished() -> Any:
            found = self.client("stepfunctions").describe_execution(executionArn=execution)
            return found if found["status"] != "RUNNING" else None

        return until(finished, seconds)


def until(condition: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Return the condition's first true value; fail when there is none in time."""
    ends_at = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < ends_at, f"did not come true within {seconds} s"
        time.sleep(0.01)
    return value


def package(source: str) -> bytes:
    """Return a deployment package whose handler.py is the source."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("handler.py", source)
    return made.getvalue()


def started(folder: Path, restore: str | None = None, **environment: str) -> Cloud:
    """Start an emulator whose state and log are in the folder."""
    settings = EmulatorSettings(
        python=PYTHON,
        state_dir=folder / "state",
        log_file=folder / "emulator.log",
        environment=environment,
    )
    return Cloud(start_emulator(settings, restore), folder)


@contextmanager
def _endpoint(address: str) -> Iterator[None]:
    # The LocalStack client takes its endpoint from the environment when a session is made.
    before = os.environ.get("AWS_ENDPOINT_URL")
    os.environ["AWS_ENDPOINT_URL"] = address
    try:
        yield
    finally:
        if before is None:
            del os.environ["AWS_ENDPOINT_URL"]
        else:
            os.environ["AWS_ENDPOINT_URL"] = before
