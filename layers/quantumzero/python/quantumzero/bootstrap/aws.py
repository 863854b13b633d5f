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


# Addresses that are signed for objects under the owner's key must be signed this way.
_SIGNED = Config(signature_version="s3v4")


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def client(service: str) -> Any:  # botocore makes its clients at run time; they have no static type
    """Return the process's client of one AWS service."""
    config = _CONFIG.merge(_SIGNED) if service == "s3" else _CONFIG
    return _session().create_client(service, config=config)
