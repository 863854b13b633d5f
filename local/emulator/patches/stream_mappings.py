"""Give Kinesis and table stream mappings the failure semantics of AWS and a thread each.

AWS: bisecting, partial batch responses, a retry limit, a record age limit and an on-failure
destination; each shard of each mapping is read independently of every other mapping.
ministack: one thread reads all mappings and runs the handlers inside it (a consumer that takes 2
s delays all others by 2 s); a failing Kinesis batch is repeated for ever, a table stream batch
knows only the age limit; Kinesis positions are list indexes, which point past live records once
old ones expire. The batching window is stored but not waited for, as in ministack: a replayed
session would take a second longer.
"""

from __future__ import annotations

from typing import Any

from ministack.core.concurrency import esm_wake
from ministack.core.responses import get_account_id, get_region
from ministack.services import lambda_svc

from local.emulator.lifecycle import ACTIVITY, READY, STOPPING
from local.emulator.mappings.poller import poll_all
from local.emulator.mappings.sources import Scope, source_of
from local.emulator.sources import expect


def apply() -> None:
    """Put our pollers in the place of ministack's two stream pollers; its queue poller stays."""
    expect(
        lambda_svc._poll_kinesis,
        'raw_records = shard["records"][pos:pos + batch_size]',
        "_esm_backoff_until[esm_id] = time.time() + _ESM_BACKOFF_SECONDS",
    )
    expect(
        lambda_svc._poll_dynamodb_streams,
        'esm, func_rec, batch, source_arn, result, "MaxRecordAgeExceeded")',
    )
    expect(lambda_svc._poll_loop, "_poll_kinesis()", "_poll_dynamodb_streams()", "_poll_sqs()")
    lambda_svc._poll_kinesis = lambda_svc._poll_dynamodb_streams = _nothing_polled
    _poll_queues_when_ready()
    _anchor_new_mappings()
    _poll_new_mappings()
    _wake_on_new_records()


def _nothing_polled() -> bool:
    return False


def _poll_queues_when_ready() -> None:
    poll_queues = lambda_svc._poll_sqs

    def poll() -> bool:
        # Before the port answers, or while stopping, a handler's calls would fail and count as
        # its failures.
        return READY.is_set() and not STOPPING.is_set() and bool(poll_queues())

    lambda_svc._poll_sqs = poll


def _anchor_new_mappings() -> None:
    expect(lambda_svc._create_esm, "_init_stream_position(esm_id, event_source_arn,")

    def anchor(identifier: str, source_arn: str, starting: str) -> None:
        mapping = {
            "UUID": identifier,
            "EventSourceArn": source_arn,
            "StartingPosition": starting,
        }
        source = source_of(Scope(get_account_id(), get_region()), mapping)
        if source is not None:
            source.anchor()

    lambda_svc._init_stream_position = anchor


def _poll_new_mappings() -> None:
    expect(lambda_svc._create_esm, "_ensure_poller()")
    expect(lambda_svc.load_persisted_state, "_ensure_poller()")
    ensure_queue_poller = lambda_svc._ensure_poller

    def ensure() -> None:
        ensure_queue_poller()
        poll_all()

    lambda_svc._ensure_poller = ensure


def _wake_on_new_records() -> None:
    wake_queue_poller = esm_wake.set

    def wake() -> None:
        wake_queue_poller()
        ACTIVITY.note()

    # Every producer imported the event itself, so its method is what can be replaced.
    event: Any = esm_wake
    event.set = wake
