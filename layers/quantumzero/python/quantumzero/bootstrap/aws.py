"""One botocore session per process and its clients.

botocore itself reads AWS_ENDPOINT_URL and AWS_REGION, so the same code meets AWS, the local emulator or LocalStack.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config

_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "max_attempts": 3},
    parameter_validation=False,
)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def client(service: str) -> Any:  # botocore makes its clients at run time; they have no static type
    """Return the process's client of one AWS service."""
    return _session().create_client(service, config=_CONFIG)
