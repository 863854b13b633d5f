"""The tick stream: packed records on Kinesis, all under one partition key so that their order is
kept.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.failures import translated
from quantumzero.domain.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.ports.backoff import Backoff

PARTITION_KEY = "market"
_BATCH = 90  # of about 50 KB each: under the 5 MB that one PutRecords may carry
_ATTEMPTS = 6


class KinesisTickStream:
    """Appends records and repeats those that the stream refused."""

    def __init__(self, kinesis: Any, stream: str, backoff: Backoff) -> None:
        self._kinesis = kinesis
        self._stream = stream
        self._backoff = backoff

    def put(self, records: Sequence[bytes]) -> None:
        """Append the records; all are accepted on return.

        A record refused once may come after its successors. Raises UnavailableError.
        """
        rest = iter(records)
        while batch := list(islice(rest, _BATCH)):
            self._put_batch(batch)

    def _put_batch(self, batch: list[bytes]) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            with translated("writing ticks to the stream"):
                answer = self._kinesis.put_records(
                    StreamName=self._stream,
                    Records=[{"Data": data, "PartitionKey": PARTITION_KEY} for data in batch],
                )
            if not answer.get("FailedRecordCount"):
                return
            batch = [
                data
                for data, result in zip(batch, answer["Records"], strict=True)
                if result.get("ErrorCode")
            ]
            self._backoff.wait(attempt)
        raise UnavailableError(
            f"the tick stream refused {len(batch)} records after {_ATTEMPTS} attempts"
        )
