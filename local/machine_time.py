"""The one job that belongs to machine time in a replay: the relay of trade updates holds its stream all day.

On AWS a schedule starts it every minute and a lease lets one hold the stream. Here every schedule is off, since the
others belong to market time, and this stands in for that one.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from local.clients import client

if TYPE_CHECKING:
    from collections.abc import Callable

_EVERY_SECONDS = 5.0


class RelaySchedule:
    """Starts the relay again and again, as the schedule does; whoever finds it running does nothing."""

    def __init__(self, endpoint: str, function_name: Callable[[], str]) -> None:
        self._endpoint = endpoint
        self._function_name = function_name
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for a call under way."""
        self._stopped.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        functions = client("lambda", self._endpoint, read_timeout=5)
        while True:
            # A cloud that is being stopped or started does not answer; the next call finds it.
            with suppress(BotoCoreError, ClientError):
                functions.invoke(FunctionName=self._function_name(), InvocationType="Event")
            if self._stopped.wait(_EVERY_SECONDS):
                return
