"""run_backtest and end_backtest over the real engine, tables and bucket; what is stored is what research computes."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore.config import Config
from moto import mock_aws

from functions.end_backtest.handler import handler as end_handler
from functions.run_backtest.handler import handler as run_handler
from quantumzero.adapters.aws.backtest_results import BucketBacktestResults
from quantumzero.adapters.aws.backtests import DynamoBacktestRuns
from quantumzero.adapters.aws.bars import DynamoBars
from quantumzero.contracts.backtest_result import result_document
from quantumzero.contracts.backtests import BacktestRequest, ConventionName, Preset
from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.backtests import ENGINE_VERSION, RunStatus
from quantumzero.domain.bars import Bar, Split
from quantumzero.domain.calendars import sessions_between
from quantumzero.domain.errors import InvalidInputError, StoppedError
from quantumzero.research import conventions
from quantumzero.research.backtest import backtest
from quantumzero.research.metrics import CONVENTIONS
from quantumzero.usecases.cancel_backtest import CancelBacktest
from quantumzero.usecases.compute_backtest import ResearchEngine
from quantumzero.usecases.end_backtest import EndBacktest
from quantumzero.usecases.gather_history import gather_history
from quantumzero.usecases.read_backtests import read_backtest
from quantumzero.usecases.run_backtest import RunBacktest
from quantumzero.usecases.start_backtest import StartBacktest, end_of
from tests.fakes.backtest_desk import DOCUMENT
from tests.fakes.held_backtests import HeldBacktestExecutions
from tests.fakes.held_models import HeldModels
from tests.fakes.held_strategies import HeldStrategies
from tests.fakes.manual_clock import ManualClock, NoBackoff
from tests.fakes.strategy_tables import create_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quantumzero.domain.backtests import BacktestRun
    from quantumzero.research.result import BacktestResult

SESSIONS = 120
REGION = "eu-central-1"


def walk(symbol: str) -> list[Bar]:
    """Return daily bars of a seeded walk."""
    draw = random.Random(symbol)  # noqa: S311 - invented prices, the same every time
    price, bars = 400_000, []
    for day in sessions_between(date(2005, 1, 3), date(2005, 12, 30))[:SESSIONS]:
        opened, closed = price + draw.randint(-30, 30) * 100, price + draw.randint(-90, 95) * 100
        high, low = max(opened, closed) + 2_000, min(opened, closed) - 2_000
        bars.append(
            Bar(symbol, "1d", day.opens_at, day.closes_at, opened, high, low, closed, 1_000_000, 4)
        )
        price = closed
    return bars


class Service:
    """Every part over moto; executions are carried out by calling the handlers."""

    def __init__(self) -> None:
        session = botocore.session.get_session()
        dynamodb = session.create_client("dynamodb", region_name=REGION)
        create_table(dynamodb, "backtests", "by_time", ("bucket", "sort"))
        create_table(dynamodb, "bars", "unused", ("bucket", "sort"))
        signed = Config(signature_version="s3v4")
        self.s3 = session.create_client("s3", region_name=REGION, config=signed)
        self.s3.create_bucket(
            Bucket="lake", CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        self.bars = DynamoBars(dynamodb, "bars", NoBackoff())
        for symbol in ("AAPL", "IBM"):
            self.bars.put_bars(walk(symbol))
        self.bars.put_splits([Split("IBM", "2005-04-04", 2, 1)])
        self.runs = DynamoBacktestRuns(dynamodb, "backtests")
        self.results = BucketBacktestResults(lambda: self.s3, "lake")
        self.executions = HeldBacktestExecutions()
        shared: dict[str, Any] = {
            "runs": self.runs,
            "clock": ManualClock(),
            "backoff": NoBackoff(),
        }
        reading: dict[str, Any] = {"bars": self.bars, "models": HeldModels(), **shared}
        self.starting = StartBacktest(
            strategies=HeldStrategies(), executions=self.executions, **reading
        )
        self.running = RunBacktest(results=self.results, engine=ResearchEngine(), **reading)
        self.ending = EndBacktest(**shared)
        self.cancelling = CancelBacktest(executions=self.executions, **shared)

    def start(self, **body: Any) -> BacktestRun:
        asked = {"document": DOCUMENT, **body}
        return self.starting.start(BacktestRequest.model_validate(asked), by="ada")

    def carry_out(self, run: BacktestRun) -> dict[str, Any]:
        """Call the task as the state machine does; an answer of Lambda is JSON."""
        answer = run_handler({"id": run.id, "attempt": run.attempt}, None, self.running)
        decoded: dict[str, Any] = json.loads(json.dumps(answer))
        return decoded

    def whole(self, run: BacktestRun) -> Any:
        found = self.s3.get_object(Bucket="lake", Key=f"backtests/{run.id}.json.gz")
        return json.loads(gzip.decompress(found["Body"].read()))

    def computed(self, **options: Any) -> BacktestResult:
        """Return what research computes of the same bars."""
        document = parse_document(DOCUMENT)
        history = gather_history(
            self.bars, document.universe, "1d", until=end_of(None), progress=lambda _: None
        )
        return backtest(document, history, **options)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield Service()


def test_the_stored_result_is_what_research_computes_of_the_same_bars(service: Service) -> None:
    run = service.start(cash="50000", parameters={"fast": "4"})
    answer = service.carry_out(run)
    expected = service.computed(cash=50_000, parameters={"fast": 4})
    assert answer == {"id": run.id, "status": "finished", "key": expected.key}
    assert service.whole(run) == json.loads(json.dumps(result_document(expected)))
    assert len(expected.trades) > 2
    shown = read_backtest(run.id, runs=service.runs, results=service.results)
    assert shown.summary.key == expected.key
    assert len(shown.trades) == len(expected.trades)
    assert shown.summary.trials == 1
    head = service.s3.head_object(Bucket="lake", Key=f"backtests/{run.id}.html")
    assert head["ContentType"].startswith("text/html")


def test_the_whole_result_is_the_same_bytes_when_it_is_computed_twice(service: Service) -> None:
    run = service.start()
    service.carry_out(run)
    first = service.whole(run)
    unfinished = replace(service.runs.run(run.id), status=RunStatus.RUNNING)
    service.runs.save(unfinished)
    service.carry_out(run)
    assert service.whole(run) == first


@pytest.mark.parametrize(
    "options",
    [
        {"from": "2005-03-01", "to": "2005-05-31"},
        {"preset": "lean", "convention": "quantstats", "limits": "account"},
        {"symbols": ["IBM"], "calendar": "none", "accept_gaps": True},
    ],
    ids=["range", "conventions", "symbols"],
)
def test_every_option_reaches_the_engine(service: Service, options: dict[str, Any]) -> None:
    plain, asked = service.start(), service.start(**options)
    keys = {service.carry_out(run)["key"] for run in (plain, asked)}
    assert service.runs.run(asked.id).status.value == "finished"
    assert len(keys) == 2
    assert None not in keys


def test_instruments_that_a_document_only_looks_at_are_read_too(service: Service) -> None:
    looking = (
        DOCUMENT.replace("universe: [AAPL, IBM]", "universe: [AAPL]")
        .replace("sma(close, 8))", "IBM.close)")
        .replace("timeframe: 1d", "timeframe: 1d\nbenchmark: IBM")
    )
    run = service.start(document=looking)
    assert service.carry_out(run)["status"] == "finished", service.runs.run(run.id).message
    assert set(service.runs.run(run.id).summary["data"]) == {"AAPL", "IBM"}
    whole = service.whole(run)
    assert whole["symbols"] == ["AAPL"]
    assert len(whole["benchmark"]) == len(whole["equity"])


def test_too_little_data_ends_the_run_with_a_sentence(service: Service) -> None:
    run = service.start(**{"from": "2005-01-03", "to": "2005-01-05"})
    assert service.carry_out(run)["status"] == "failed"
    stored = service.runs.run(run.id)
    assert stored.code == "invalid_request"
    assert len(stored.message or "") > 20


@pytest.mark.filterwarnings("ignore:No application metrics")  # it failed before it could count
def test_a_cancelled_run_raises_what_the_workflow_catches(service: Service) -> None:
    run = service.start()
    service.cancelling.cancel(run.id)
    with pytest.raises(StoppedError):
        service.carry_out(run)


def test_a_run_that_broke_is_recorded_by_the_other_function(service: Service) -> None:
    run = service.start()
    event = {"id": run.id, "attempt": 1, "error": "Sandbox.Timedout", "cause": "Task timed out"}
    assert end_handler(event, None, service.ending) == {
        "id": run.id,
        "status": "failed",
        "key": None,
    }
    assert "15 minutes" in (service.runs.run(run.id).message or "")


@pytest.mark.filterwarnings("ignore:No application metrics")  # it failed before it could count
@pytest.mark.parametrize("event", [{}, {"id": 3, "attempt": 1}, {"id": "a", "attempt": "x"}])
def test_an_event_of_something_else_is_refused(event: dict[str, Any], service: Service) -> None:
    with pytest.raises(InvalidInputError, match="not usable"):
        run_handler(event, None, service.running)


def test_the_words_of_the_api_are_those_of_research() -> None:
    assert set(Preset.__args__) == set(conventions.PRESETS)
    assert set(ConventionName.__args__) == set(CONVENTIONS)
    assert ENGINE_VERSION == conventions.ENGINE_VERSION
