"""The main job in the deployed local cloud: the replay, the recomputation, faults, halt, and bad ticks.

The tests share one deployment; each goes back to the moment after it, so they run in any order.
"""

from __future__ import annotations

import json
import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from local.clients import client
from local.cloud import DEPLOYED
from local.proof.backtest_comparison import backtest_of, compare_with_backtest
from local.proof.comparison import compare
from local.proof.recomputation import Rules, daily_bars, recompute
from local.replay.chaos import EVENTS, Chaos
from local.replay.record import build_record
from local.replay.summary import summarise
from local.replay.supervisor import Replay

if TYPE_CHECKING:
    from local.cloud import LocalCloud

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def cloud(deployed_cloud: LocalCloud) -> LocalCloud:
    """Rewind emulator and exchange to the moment after the deployment."""
    deployed_cloud.rewind(DEPLOYED)
    return deployed_cloud


def replay(cloud: LocalCloud, sessions: int, **options: Any) -> dict[str, Any]:
    """Replay that many sessions and return the summary."""
    run = Replay(cloud, barrier_every=10, **options)
    run.stop_after = sessions
    progress = run.run()
    return summarise(
        cloud.api, cloud.exchange.books(), sessions=progress.sessions_done, ticks=progress.ticks
    )


def assert_equal_to_recomputation(cloud: LocalCloud, sessions: int) -> None:
    record = build_record(cloud.api, cloud.exchange.books(), first="2004-08-19", sessions=sessions)
    for kind, (ours, theirs, first) in compare(
        record, recompute(Rules(), sessions=sessions)
    ).items():
        assert first == [], kind
        assert ours == theirs > 0, kind


def assert_equal_to_backtest(cloud: LocalCloud, sessions: int) -> None:
    record = build_record(cloud.api, cloud.exchange.books(), first="2004-08-19", sessions=sessions)
    result = backtest_of(
        cloud.settings.strategy.read_text(),
        cash=str(cloud.settings.cash),
        first=date(2004, 8, 19),
        sessions=sessions,
    )
    compared = compare_with_backtest(record, result)
    for kind, (ours, theirs, first) in compared.items():
        assert first == [], kind
        assert ours == theirs > 0, kind
    assert compared["decisions"][0] == 4 * sessions


def test_a_replay_equals_backtest_recomputation_and_exchange_to_the_cent(cloud: LocalCloud) -> None:
    summary = replay(cloud, 60)
    assert summary["differences"] == []
    assert summary["ledger_matches_broker"] is True
    assert summary["final_equity"] == summary["broker_equity"]
    assert (summary["duplicate_orders"], summary["lost_orders"]) == (0, 0)
    assert (summary["sessions"], summary["ticks"]) == (60, 60 * 4 * 6)
    assert (summary["bars"], summary["decisions"]) == (240, 240)
    assert_equal_to_recomputation(cloud, 60)
    assert_equal_to_backtest(cloud, 60)


def test_killed_workers_and_power_cuts_change_no_order_fill_or_equity(cloud: LocalCloud) -> None:
    plan = Chaos(cloud=cloud, seed=11, sessions=60, say=print)
    summary = replay(cloud, 60, before_step=plan.before_step)
    plan.end()
    assert plan.worker_kills >= 7
    assert {event.split(": ")[1] for event in plan.done} >= set(EVENTS)
    assert summary["ledger_matches_broker"] is True
    assert (summary["duplicate_orders"], summary["lost_orders"]) == (0, 0)
    assert_equal_to_recomputation(cloud, 60)


def test_after_a_halt_no_order_leaves_until_somebody_resumes(cloud: LocalCloud) -> None:
    replay(cloud, 20)
    before = {o["client_order_id"] for o in cloud.exchange.books()["orders"]}
    status, risk = cloud.api.call("POST", "/v1/risk/halt", body={"reason": "drill"})
    assert (status, risk["state"]) == (200, "HALTED")
    replay(cloud, 60)
    assert {o["client_order_id"] for o in cloud.exchange.books()["orders"]} == before
    refused = [o for o in cloud.api.every("/v1/orders", "orders") if o["state"] == "DENIED"]
    assert {o["code"] for o in refused} == {"TRADING_HALTED"}
    status, body = cloud.api.call("POST", "/v1/strategies/sma-cross/enable", body={})
    assert status == 409
    assert "drill" in body["message"]
    status, risk = cloud.api.call("POST", "/v1/risk/resume", body={"reason": "drill over"})
    assert (status, risk["state"]) == (200, "ACTIVE")
    summary = replay(cloud, 70)
    assert summary["ledger_matches_broker"] is True
    status, _ = cloud.api.call("POST", "/v1/strategies/sma-cross/enable", body={})
    assert status == 200


def test_a_batch_with_poison_duplicates_and_late_ticks_gives_the_clean_bars(
    cloud: LocalCloud,
) -> None:
    replay(cloud, 3)
    opened = cloud.exchange.open_session()
    assert opened is not None
    cloud.invoke("prepare_session", {})
    cloud.exchange.run_session()
    disturb(cloud, opened["closes_at"])
    cloud.invoke("poll_market", {})
    cloud.wait_quiet(opened["closes_at"], 60)
    cloud.invoke("poll_market", {})
    cloud.wait_quiet(opened["closes_at"], 60)
    bars = {
        symbol: cloud.api.get("/v1/bars", symbol=symbol, limit=1)["bars"][-1]
        for symbol in ("AAPL", "IBM", "MSFT", "GOOG")
    }
    clean = recomputed_bars(opened["session"])
    assert {
        s: [float(b[k]) for k in ("open", "high", "low", "close")] for s, b in bars.items()
    } == {s: list(map(float, values[:4])) for s, values in clean.items()}
    assert {s: b["volume"] for s, b in bars.items()} == {s: v[4] for s, v in clean.items()}
    assert quarantine_reasons(cloud) >= {
        "undecodable", "late", "unknown_symbol", "price_not_positive", "crossed_quote",
    }  # fmt: skip
    assert_the_alarm_rings(cloud, "TicksQuarantined")
    summary = replay(cloud, 30)
    assert summary["ledger_matches_broker"] is True


def assert_the_alarm_rings(cloud: LocalCloud, part_of_name: str) -> None:
    """Wait for the alarm: metrics are evaluated every few seconds."""
    watch, until = client("cloudwatch", cloud.endpoint), time.monotonic() + 60
    states = {}
    while time.monotonic() < until:
        alarms = watch.describe_alarms()["MetricAlarms"]
        states = {a["AlarmName"]: a["StateValue"] for a in alarms if part_of_name in a["AlarmName"]}
        if "ALARM" in states.values():
            return
        time.sleep(0.5)
    pytest.fail(f"no alarm named like {part_of_name} rang within a minute: {states}")


def disturb(cloud: LocalCloud, closes_at: str) -> None:
    """Put on the stream: poison bytes, a late trade, an unknown symbol, an absurd price, a crossed quote."""
    close = datetime.fromisoformat(closes_at)
    now, old = (
        int((close - back).timestamp() * 1_000_000)
        for back in (timedelta(hours=3), timedelta(days=2))
    )
    record = {
        "v": 1,
        "source": "test",
        "series": [
            ["AAPL", [old], [300_000], [100], [1]],
            ["ZZZZ", [now], [10_000], [1], [2]],
            ["MSFT", [now], [-5], [100], [3]],
        ],
        "quotes": [["IBM", now, 900_000, 850_000, 100, 100]],
    }
    stream, name = client("kinesis", cloud.endpoint), cloud.outputs["TicksStreamName"]
    for data in (b"\x00 not a tick record", json.dumps(record).encode()):
        stream.put_record(StreamName=name, Data=data, PartitionKey="ticks")


def recomputed_bars(session: str) -> dict[str, tuple[Any, ...]]:
    return dict(daily_bars(session, 1)[0][1])


def quarantine_reasons(cloud: LocalCloud) -> set[str]:
    lake = client("s3", cloud.endpoint)
    bucket = cloud.outputs["LakeBucketName"]
    found = lake.list_objects_v2(Bucket=bucket, Prefix="quarantine/").get("Contents", [])
    reasons = set()
    for item in found:
        body = json.loads(lake.get_object(Bucket=bucket, Key=item["Key"])["Body"].read())
        reasons |= {one["reason"] for one in body["rejections"]}
    return reasons
