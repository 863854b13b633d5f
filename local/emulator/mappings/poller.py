"""One thread for every stream mapping, so that a slow consumer delays nobody else."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from ministack.core import responses
from ministack.services import lambda_svc

from local.emulator.lifecycle import ACTIVITY, STOPPING, when_ready
from local.emulator.mappings.batch import FailurePolicy, Hands, deliver
from local.emulator.mappings.destination import send_failure
from local.emulator.mappings.sources import Batch, Scope, Source, source_of

_LOGGER = logging.getLogger("mappings")
_IDLE_SECONDS = 1.0
_LOCK = threading.Lock()
_POLLED: set[str] = set()


def poll_all() -> None:
    """Give every stream mapping that has none its own thread, once the port answers."""
    for account, region, mapping in list(lambda_svc._iter_all_esms()):
        scope = Scope(account, region)
        identifier = str(mapping["UUID"])
        if source_of(scope, mapping) is None:
            continue
        with _LOCK:
            if identifier in _POLLED:
                continue
            _POLLED.add(identifier)
        when_ready(_Poller(scope, identifier).run, f"mapping-{identifier[:8]}")


class _Poller:
    """Reads one mapping's stream and hands its batches to the function."""

    def __init__(self, scope: Scope, identifier: str) -> None:
        self._scope = scope
        self._identifier = identifier

    def run(self) -> None:
        """Poll until the mapping is deleted or the emulator stops."""
        responses._request_account_id.set(self._scope.account)
        responses._request_region.set(self._scope.region)
        while not STOPPING.is_set() and (mapping := self._mapping()) is not None:
            seen = ACTIVITY.count
            if not self._poll(mapping):
                ACTIVITY.wait_beyond(seen, _IDLE_SECONDS)
        with _LOCK:
            _POLLED.discard(self._identifier)

    def _poll(self, mapping: dict[str, Any]) -> bool:
        source = source_of(self._scope, mapping)
        if source is None or not mapping.get("Enabled", True):
            return False
        try:
            progressed = [self._deliver(mapping, source, batch) for batch in source.batches()]
        except Exception:
            # The thread is all that serves this mapping: say what happened and try again.
            _LOGGER.exception("mapping of %s could not poll", mapping["FunctionName"])
            return False
        return any(progressed)

    def _deliver(self, mapping: dict[str, Any], source: Source, batch: Batch) -> bool:
        function, _ = lambda_svc._get_func_record_for_qualifier(
            mapping["FunctionName"], mapping.get("Qualifier")
        )
        if function is None:
            return False
        hands = Hands(
            invoke=lambda events: _invoke(mapping, function, events),
            discard=lambda records, condition, count: send_failure(
                mapping, batch.shard, records, condition, count
            ),
            commit=lambda position: source.commit(batch.shard, position),
            stopped=self._stopped,
            now=time.time,
            pause=time.sleep,
        )
        if not deliver(batch.records, FailurePolicy.of(mapping), hands):
            return False
        source.commit(batch.shard, batch.end)
        mapping["LastProcessingResult"] = f"OK - {len(batch.records)} records"
        ACTIVITY.note()
        return True

    def _stopped(self) -> bool:
        mapping = self._mapping()
        return STOPPING.is_set() or mapping is None or not mapping.get("Enabled", True)

    def _mapping(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = lambda_svc._esms.get_scoped(
            self._scope.account, self._scope.region, self._identifier
        )
        return found


def _invoke(
    mapping: dict[str, Any], function: dict[str, Any], events: list[dict[str, Any]]
) -> dict[str, Any]:
    result: dict[str, Any] = lambda_svc._execute_function(function, {"Records": events})
    if result.get("error"):
        mapping["LastProcessingResult"] = "FAILED"
        _LOGGER.warning(
            "%s failed on %d records: %s\n%s",
            mapping["FunctionName"],
            len(events),
            result.get("body"),
            result.get("log", ""),
        )
    return result
