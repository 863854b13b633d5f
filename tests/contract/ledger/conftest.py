"""Every ledger the contract suite runs on, in every weather, opened with 1000 of cash."""

from __future__ import annotations

import zlib
from functools import cache
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore.config import Config
from moto import mock_aws
from moto.core.models import botocore_stubber

from quantumzero.adapters.aws.ledger import DynamoLedger
from tests.contract.ledger.faults import WEATHERS, Sky, report
from tests.contract.ledger.opening import open_books
from tests.contract.ledger.patient_caller import PatientCaller
from tests.contract.ledger.stormy_memory import StormyMemory
from tests.contract.ledger.stormy_wire import StormyWire
from tests.fakes.ledger_table import create_ledger_table
from tests.fakes.memory_ledger import MemoryLedger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Ledger = MemoryLedger | DynamoLedger
LEDGERS = ("memory", "dynamodb")
# As bootstrap/aws.py makes the product's clients, their repetitions included.
_CONFIG = Config(
    retries={"mode": "standard", "max_attempts": 3},
    connect_timeout=2,
    read_timeout=5,
    parameter_validation=False,
)


@pytest.fixture(scope="session")
def aws_session() -> botocore.session.Session:
    """One botocore session: reading its models takes longer than a test."""
    session = botocore.session.get_session()
    session.set_credentials("testing", "testing")
    return session


class NotedBackoff:
    """A backoff that says how long it might have waited, at most a second, and does not."""

    def __init__(self, waits: list[float]) -> None:
        self._waits = waits

    def wait(self, attempt: int) -> None:
        self._waits.append(attempt / 10)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that botocore and the ledger would have slept between their repetitions; here they do not."""
    slept: list[float] = []
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=slept.append))
    return slept


@pytest.fixture
def make_ledger(
    aws_session: botocore.session.Session,
    waits: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[str, Sky], Any]]:
    """Make a ledger without books behind a sky: memory's own, or the table's behind botocore's wire."""
    backoff = NotedBackoff(waits)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    wire = StormyWire(
        Sky("none"), lambda event_name, request: botocore_stubber(event_name, request)
    )
    tables = count(1)

    @cache
    def client() -> Any:
        mock.start()
        made = aws_session.create_client("dynamodb", region_name="eu-central-1", config=_CONFIG)
        made.meta.events.unregister("before-send", botocore_stubber)
        made.meta.events.register("before-send.dynamodb", wire)
        return made

    def make(name: str, sky: Sky) -> Any:
        if name == "memory":
            return StormyMemory(MemoryLedger(), sky)
        wire.sky = Sky("none")
        table = f"ledger-{next(tables)}"
        create_ledger_table(client(), table)
        # One wire serves one ledger after the other: it is the newest one's.
        wire.sky = sky
        return DynamoLedger(client(), table=table, account="main", backoff=backoff)

    mock = mock_aws()
    yield make
    if client.cache_info().currsize:
        mock.stop()


@pytest.fixture(params=WEATHERS)
def sky(request: pytest.FixtureRequest) -> Sky:
    """The weather of the test; the same faults at the same requests whenever it runs."""
    seed = zlib.crc32(request.node.name.encode())
    return Sky("none", WEATHERS[request.param], seed)


@pytest.fixture(params=LEDGERS)
def closed(
    request: pytest.FixtureRequest, sky: Sky, make_ledger: Callable[[str, Sky], Any]
) -> Ledger:
    """A ledger whose books are not open yet, called as the use cases call it."""
    sky.ledger = request.param
    ledger: Ledger = PatientCaller(make_ledger(request.param, sky), sky)  # type: ignore[assignment]  # stands for it
    return ledger


@pytest.fixture
def ledger(closed: Ledger) -> Ledger:
    """A ledger with 1000 of cash and the default limits."""
    open_books(closed)
    return closed


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end of a run how many of each fault the ledgers met."""
    for line in report():
        terminalreporter.write_line(line)
