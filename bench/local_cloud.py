"""What the deployed path sustains in the local cloud: tick-to-order time, ticks a second, sessions a minute.

The cloud is the real one (`make up`'s), in a folder of its own on free ports, deployed anew. Three things are timed:

- tick to order: from the arrival time that Kinesis notes on the record whose watermark closed the bar, to the moment
  the broker tells of the accepted order on its trade-updates stream, both by this machine's clock. Between them lie
  process_ticks, its commit, the outbox, evaluate_strategies, the state machine's three functions and the broker.
  On AWS the mapping's batching window of up to a second comes on top; the emulator does not wait for it.
- sessions a minute: replayed sessions as `make up` replays them, with everything a session needs, barriers included.
- ticks a second: bursts of packed trades, from the first PutRecords until the whole cloud is quiet and the API shows
  the bars; each bar's volume must be that of the ticks, or the figure is void. The emulator admits any rate; a shard
  on AWS admits 1 MB a second, which stands beside it.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from bench.acceptances import Acceptances
from bench.tick_bursts import measure_bursts
from local.clients import client
from local.cloud import LocalCloud
from local.ports import HOST
from local.replay.supervisor import Replay
from local.settings import LocalSettings, Ports
from quantumzero.contracts.ticks import decode_record
from quantumzero.domain.calendars import from_us

if TYPE_CHECKING:
    from collections.abc import Iterator

SESSIONS = 250
BURSTS, TICKS_PER_BURST = 5, 200_000
SHARD_BYTES_PER_SECOND = 1_048_576


@contextmanager
def running_cloud() -> Iterator[LocalCloud]:
    """Deploy a cloud into a temporary folder and take it down at the end."""
    with tempfile.TemporaryDirectory(prefix="quantumzero-bench-") as home:
        settings = LocalSettings(home=Path(home), ports=Ports(0, 0, 0, 0), sessions=SESSIONS)
        cloud = LocalCloud.create(settings, lambda sentence: print(f"  · {sentence}", flush=True))
        try:
            cloud.start(fresh=True)
            yield cloud
        finally:
            cloud.stop()


def percentile_95(values: list[float]) -> float:
    """Return the 95th percentile, interpolated between neighbours."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def replay(cloud: LocalCloud, sessions: int) -> tuple[list[float], str]:
    """Replay at full speed; return the seconds of each session and the date of the last."""
    began: dict[str, float] = {}

    def note(session: str, _step: str) -> None:
        began.setdefault(session, time.monotonic())

    run = Replay(cloud, barrier_every=cloud.settings.barrier_every, before_step=note)
    run.stop_after = sessions
    run.run()
    moments = [*began.values(), time.monotonic()]
    seconds = [end - start for start, end in pairwise(moments)]
    return seconds, max(began)


def arrivals(cloud: LocalCloud) -> dict[str, float]:
    """Return, by the instant up to which a watermark closed bars, when its record came to the stream, in seconds."""
    kinesis, name = client("kinesis", cloud.endpoint), cloud.outputs["TicksStreamName"]
    found: dict[str, float] = {}
    for shard in kinesis.list_shards(StreamName=name)["Shards"]:
        place = kinesis.get_shard_iterator(
            StreamName=name, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while place:
            answer = kinesis.get_records(ShardIterator=place, Limit=1_000)
            for record in answer["Records"]:
                watermark = decode_record(record["Data"]).watermark
                if watermark:
                    moment = record["ApproximateArrivalTimestamp"].timestamp()
                    found.setdefault(f"{from_us(watermark):%Y-%m-%dT%H:%M:%SZ}", moment)
            place = answer.get("NextShardIterator") if answer["Records"] else None
    return found


def tick_to_order(cloud: LocalCloud, heard: dict[str, float]) -> list[float]:
    """Return the milliseconds of every accepted order, oldest first."""
    arrived = arrivals(cloud)
    orders = [o for o in cloud.api.every("/v1/orders", "orders") if o["client_order_id"] in heard]
    if not orders:
        raise RuntimeError("the replay placed no order that the broker told of; nothing to time")
    return [
        (heard[order["client_order_id"]] - arrived[order["created_at"]]) * 1000
        for order in reversed(orders)
    ]


def disable_strategies(cloud: LocalCloud) -> None:
    """No order may be born of the bursts' made-up prices."""
    for strategy in cloud.api.get("/v1/strategies")["strategies"]:
        cloud.api.call("POST", f"/v1/strategies/{strategy['name']}/disable", body={})


def measure(
    sessions: int = SESSIONS, bursts: int = BURSTS, ticks: int = TICKS_PER_BURST
) -> dict[str, Any]:
    """Return the figures of one deployment: times in milliseconds or seconds, rates, and how many samples each has."""
    with running_cloud() as cloud:
        with Acceptances(f"ws://{HOST}:{cloud.ports['exchange']}/stream") as acceptances:
            seconds, last = replay(cloud, sessions)
        orders = tick_to_order(cloud, acceptances.heard)
        disable_strategies(cloud)
        rates, size = measure_bursts(cloud, date.fromisoformat(last), ticks=ticks, rounds=bursts)
        deploy = cloud.deploy_seconds
    return {
        "deploy_seconds": round(deploy, 1),
        "tick_to_order_milliseconds": {
            "p50": round(median(orders)),
            "p95": round(percentile_95(orders)),
            "fastest": round(min(orders)),
            "slowest": round(max(orders)),
            "orders": len(orders),
        },
        "sessions_per_minute": round(60 * len(seconds) / sum(seconds)),
        "session_seconds": {
            "p50": round(median(seconds), 3),
            "p95": round(percentile_95(seconds), 3),
            "sessions": len(seconds),
        },
        "deployed_ticks_per_second": {
            "p50": round(median(rates)),
            "slowest": round(min(rates)),
            "bursts": len(rates),
            "ticks_per_burst": ticks,
            "bytes_per_tick": round(size, 1),
            "one_aws_shard_admits": round(SHARD_BYTES_PER_SECOND / size),
        },
    }


def main() -> dict[str, Any]:
    """Measure, print, and return the figures."""
    figures = measure()
    order, session = figures["tick_to_order_milliseconds"], figures["session_seconds"]
    burst = figures["deployed_ticks_per_second"]
    print(
        f"tick to order, from Kinesis' arrival time to the broker's word: p50 {order['p50']} ms, "
        f"p95 {order['p95']} ms, fastest {order['fastest']}, slowest {order['slowest']} "
        f"(n = {order['orders']})\n"
        f"sessions: {figures['sessions_per_minute']} a minute; one takes p50 {session['p50']} s, "
        f"p95 {session['p95']} s (n = {session['sessions']})\n"
        f"deployed path: {burst['p50']:,} ticks/s, slowest {burst['slowest']:,} "
        f"({burst['bursts']} bursts of {burst['ticks_per_burst']:,} ticks of "
        f"{burst['bytes_per_tick']:g} bytes; one shard on AWS admits "
        f"{burst['one_aws_shard_admits']:,} ticks/s)"
    )
    return figures


if __name__ == "__main__":
    main()
