"""Tell a mapping's on-failure destination about a discarded batch, in the shape AWS documents."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id
from ministack.services import sns, sqs

from local.emulator.lifecycle import ACTIVITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.emulator.mappings.batch import StreamRecord


def send_failure(
    mapping: dict[str, Any],
    shard: str,
    records: Sequence[StreamRecord],
    condition: str,
    invocations: int,
) -> None:
    """Send one message that names the range of the discarded records, if there is a destination.

    The records themselves are not in the message: they stay readable in the stream until they
    expire.
    """
    destination = ((mapping.get("DestinationConfig") or {}).get("OnFailure") or {}).get(
        "Destination"
    )
    if not destination:
        return
    body = json.dumps(_failure(mapping, shard, records, condition, invocations))
    if ":sqs:" in destination:
        _enqueue(destination, body)
    elif ":sns:" in destination and destination in sns._topics:
        sns._fanout(destination, str(uuid.uuid4()), body, "Event source mapping failure", "", {})
    ACTIVITY.note()


def _failure(
    mapping: dict[str, Any],
    shard: str,
    records: Sequence[StreamRecord],
    condition: str,
    invocations: int,
) -> dict[str, Any]:
    source = mapping["EventSourceArn"]
    kind = "KinesisBatchInfo" if ":kinesis:" in source else "DDBStreamBatchInfo"
    return {
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": mapping.get("FunctionArn", ""),
            "condition": condition,
            "approximateInvokeCount": invocations,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
        "version": "1.0",
        "timestamp": _iso(time.time()),
        kind: {
            "shardId": shard,
            "startSequenceNumber": records[0].sequence_number,
            "endSequenceNumber": records[-1].sequence_number,
            "approximateArrivalOfFirstRecord": _iso(records[0].arrived_at),
            "approximateArrivalOfLastRecord": _iso(records[-1].arrived_at),
            "batchSize": len(records),
            "streamArn": source,
        },
    }


def _enqueue(queue_arn: str, body: str) -> None:
    queue = sqs._queue_by_arn(queue_arn)
    if queue is None:
        return
    now = time.time()
    queue["messages"].append(
        {
            "id": str(uuid.uuid4()),
            "body": body,
            "md5_body": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
            "md5_attrs": "",
            "receipt_handle": None,
            "sent_at": now,
            "visible_at": now + sqs.queue_delay(queue),
            "receive_count": 0,
            "first_receive_at": None,
            "message_attributes": {},
            "sys": {"SenderId": get_account_id(), "SentTimestamp": str(int(now * 1000))},
            "group_id": None,
            "dedup_id": None,
            "dedup_cache_key": None,
            "seq": None,
        }
    )


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
