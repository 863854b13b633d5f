"""Kinesis `ticks` -> closed bars: decode, refuse, fold and commit a batch exactly once."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.ticks import process_ticks
from quantumzero.domain.errors import RetryableError
from quantumzero.usecases.process_ticks import StreamRecord

logger = Logger()
metrics = Metrics()
process = process_ticks()


@metrics.log_metrics
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Fold a batch of one shard; when a store does not answer, ask for the whole batch again."""
    delivered = event["Records"]
    shard = delivered[0]["eventID"].partition(":")[0]
    try:
        outcome = process(shard, [_record(one["kinesis"]) for one in delivered])
    except RetryableError as error:
        logger.warning("batch not committed, asked for again", shard=shard, cause=str(error))
        first = min(delivered, key=lambda one: int(one["kinesis"]["sequenceNumber"]))
        return {"batchItemFailures": [{"itemIdentifier": first["kinesis"]["sequenceNumber"]}]}
    metrics.add_metric("TicksProcessed", MetricUnit.Count, outcome.folded)
    metrics.add_metric("TicksRepeated", MetricUnit.Count, outcome.repeated)
    metrics.add_metric("TicksQuarantined", MetricUnit.Count, outcome.quarantined)
    metrics.add_metric("BarsClosed", MetricUnit.Count, outcome.bars_closed)
    return {"batchItemFailures": []}


def _record(kinesis: dict[str, Any]) -> StreamRecord:
    text = kinesis["data"]
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        data = text.encode()  # not what Kinesis delivers; quarantine shows it as it came
    arrived = datetime.fromtimestamp(kinesis["approximateArrivalTimestamp"], UTC)
    return StreamRecord(int(kinesis["sequenceNumber"]), data, arrived.date().isoformat())
