"""Let callers wait for a free execution environment instead of starting one for each.

AWS: environments cost nothing on this machine, so a burst gets as many as it needs.
ministack: does the same here with processes; 60 executions at once were 54 processes and 2.6 GB.
Up to QZ_MAX_ENVIRONMENTS (2) processes for a function now serve its callers in turn; a function's
own environment variable of that name changes its number.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from local.emulator.lifecycle import ACTIVITY
from local.emulator.sources import expect

VARIABLE = "QZ_MAX_ENVIRONMENTS"
_LONGEST_WAIT_SECONDS = 900.0
_RECHECK_SECONDS = 0.5


def limit_of(config: dict[str, Any]) -> int:
    """Return how many environments a function may have."""
    variables = (config.get("Environment") or {}).get("Variables") or {}
    return max(1, int(variables.get(VARIABLE) or os.environ.get(VARIABLE) or 2))


def apply() -> None:
    """Wrap the lease of a worker, and wake those who wait when one is given back."""
    lease, give_back = lambda_runtime.acquire_worker, lambda_runtime.release_worker
    expect(lease, 'return None, "func_cap"')
    freed = threading.Condition()

    def lease_or_wait(
        func_name: str,
        config: dict[str, Any],
        code_zip: bytes,
        qualifier: str = "$LATEST",
        max_concurrency: int | None = None,
    ) -> tuple[Any, str]:
        limit = min(limit_of(config), max_concurrency or limit_of(config))
        ends_at = time.monotonic() + _LONGEST_WAIT_SECONDS
        with freed:
            while True:
                worker, reason = lease(func_name, config, code_zip, qualifier, limit)
                if worker is not None or time.monotonic() > ends_at:
                    return worker, reason
                freed.wait(_RECHECK_SECONDS)

    def release(worker: Any) -> None:
        give_back(worker)
        ACTIVITY.note()
        with freed:
            freed.notify_all()

    for module in (lambda_runtime, lambda_svc):
        module.acquire_worker = lease_or_wait
        module.release_worker = release
