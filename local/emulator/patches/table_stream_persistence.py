"""Save the records of table streams with the positions that point into them.

AWS: a table stream keeps its records for 24 hours.
ministack: saves every mapping's position but not the records, so after a restart the positions
lie beyond the (empty) stream, and the first changes that are made then never reach a function.
"""

from __future__ import annotations

import copy
from typing import Any

from ministack.services import dynamodb

from local.emulator.sources import expect

_KEY = "quantumzero_streams"


def apply() -> None:
    """Add the records to what the service saves and restores."""
    save, restore = dynamodb.get_state, dynamodb.load_persisted_state
    expect(save, '"imports": copy.deepcopy(_imports),')
    expect(restore, "return _restore_state(data)")
    expect(dynamodb._next_stream_seq, "global _stream_seq_counter")

    def save_with_streams() -> dict[str, Any]:
        state: dict[str, Any] = save()
        state[_KEY] = {
            "records": copy.deepcopy(dynamodb._stream_records),
            "trimmed": copy.deepcopy(dynamodb._stream_trimmed),
            "sequence": dynamodb._stream_seq_counter,
        }
        return state

    def restore_with_streams(data: dict[str, Any] | None) -> None:
        streams = data.pop(_KEY, None) if data else None
        restore(data)
        if streams:
            dynamodb._stream_records.update(streams["records"])
            dynamodb._stream_trimmed.update(streams["trimmed"])
            dynamodb._stream_seq_counter = streams["sequence"]

    dynamodb.get_state = save_with_streams
    dynamodb.load_persisted_state = restore_with_streams
