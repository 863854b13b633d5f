"""The deployment with its real layers, in a cloud that somebody else runs and that is asked by plain AWS calls only.

The emulator stands in for LocalStack: it is started apart, and the local cloud is told its address alone. The layers
are bundled for the interpreter that runs functions here; everything else is as it goes to AWS.
"""

from __future__ import annotations

import platform
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from local.clients import client
from local.cloud import LocalCloud
from local.emulator.control import EmulatorSettings, start_emulator
from local.replay.record import build_record
from local.replay.summary import summarise
from local.replay.supervisor import Replay
from local.settings import EMULATOR_PYTHON, LocalSettings, Ports
from quantumzero.adapters.aws.bars import DynamoBars
from quantumzero.domain.errors import RefusedError, UnavailableError
from tests.fakes.backtest_desk import daily
from tests.fakes.manual_clock import NoBackoff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local.emulator.control import Emulator

pytestmark = pytest.mark.timeout(300)
SESSIONS = 5
# Averages short enough to act within five sessions.
QUICK = """
strategy: quick-cross
version: 1
universe: [AAPL, IBM, MSFT, GOOG]
timeframe: 1d
entry: {long: "cross_above(close, sma(close, 2))"}
exit: {long: "cross_below(close, sma(close, 2))"}
sizing: {percent_of_equity: 10}
"""


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    folder = tmp_path_factory.mktemp("theirs")
    emulator = start_emulator(
        EmulatorSettings(
            python=EMULATOR_PYTHON,
            state_dir=folder / "state",
            log_file=folder / "emulator.log",
            max_environments=1,
        )
    )
    yield emulator
    emulator.kill()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> LocalSettings:
    home = tmp_path_factory.mktemp("ours")
    (home / "quick.yaml").write_text(QUICK)
    return LocalSettings(
        home=home,
        ports=Ports(0, 0, 0, 0),
        sessions=SESSIONS,
        barrier_every=2,
        strategy=home / "quick.yaml",
        cloud="localstack",
        layers_python=f"{sys.version_info.major}.{sys.version_info.minor}",
    )


@pytest.fixture(scope="module")
def cloud(theirs: Emulator, settings: LocalSettings) -> Iterator[LocalCloud]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", theirs.endpoint)
        cloud = LocalCloud.create(settings, print)
        try:
            cloud.start(fresh=True)
            yield cloud
        finally:
            cloud.stop()
            assert theirs.running(), "a cloud that is not ours was ended"


def test_functions_import_everything_from_the_layers_that_go_to_aws(cloud: LocalCloud) -> None:
    functions = client("lambda", cloud.endpoint)
    for name in ("process_ticks", "place_order", "poll_market", "serve_api", "run_backtest"):
        found = functions.get_function_configuration(FunctionName=cloud.function_name(name))
        assert len(found["Layers"]) == 2
        assert "PYTHONPATH" not in found["Environment"]["Variables"]
        assert found["Architectures"] == [platform.machine()]


def test_a_replay_by_plain_aws_calls_ends_with_equal_books(
    cloud: LocalCloud, settings: LocalSettings
) -> None:
    progress = Replay(cloud, barrier_every=settings.barrier_every).run()
    summary = summarise(
        cloud.api, cloud.exchange.books(), sessions=progress.sessions_done, ticks=progress.ticks
    )
    assert (summary["sessions"], summary["bars"], summary["decisions"]) == (5, 20, 20)
    assert summary["orders"] > 0
    assert summary["fills"] > 0
    assert summary["differences"] == []
    assert summary["ledger_matches_broker"] is True
    assert (summary["duplicate_orders"], summary["lost_orders"]) == (0, 0)
    assert progress.recoveries == 0
    record = build_record(cloud.api, cloud.exchange.books(), first="2004-08-19", sessions=5)
    assert {fill["session"] for fill in record["fills"]} <= {
        "2004-08-20", "2004-08-23", "2004-08-24", "2004-08-25",
    }  # fmt: skip


def test_a_backtest_is_computed_from_the_layers(cloud: LocalCloud) -> None:
    """The bars are of an instrument that the replay does not know, so neither disturbs the other."""
    table = client("dynamodb", cloud.endpoint)
    bars = DynamoBars(table, cloud.outputs["BarsTableName"], NoBackoff())
    bars.put_bars(daily("ZZZ", 30))
    document = QUICK.replace("[AAPL, IBM, MSFT, GOOG]", "[ZZZ]")
    status, run = cloud.api.call("POST", "/v1/backtests", body={"document": document})
    assert status == 202, run
    until = time.monotonic() + 120
    while run["status"] in ("queued", "running") and time.monotonic() < until:
        time.sleep(0.2)
        run = cloud.api.get(f"/v1/backtests/{run['id']}")["summary"]
    assert (run["status"], run["bars"]) == ("finished", 30), run


@pytest.mark.usefixtures("cloud")
def test_going_back_and_starting_over_are_refused_with_a_reason(
    theirs: Emulator,
    settings: LocalSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", theirs.endpoint)
    elsewhere = replace(settings, home=tmp_path)
    again = LocalCloud.create(elsewhere, print)
    with pytest.raises(RefusedError, match="cannot go back to its beginning"):
        again.start(fresh=True)
    with pytest.raises(RefusedError, match="cannot save or restore"):
        again.side.snapshot("2004-08-20")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(UnavailableError, match="start LocalStack first"):
        LocalCloud.create(elsewhere, print).start(fresh=False)
