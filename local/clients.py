"""AWS clients of the local cloud's own programs and of the tests that run against it.

All come from localstack-client, which finds the endpoint in AWS_ENDPOINT_URL: nothing here can tell whether the
emulator, LocalStack or another stand-in answers.
"""

from __future__ import annotations

import os
from typing import Any

import localstack_client.session
from botocore.config import Config

ACCESS_KEY = "test"
REGION = "us-east-1"


def cloud_environment(endpoint: str) -> dict[str, str]:
    """Return the variables that point every AWS client, and the CDK, at the endpoint."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_S3": endpoint,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def client(service: str, endpoint: str, *, read_timeout: int = 60) -> Any:
    """Return a client of one service; botocore's clients have no static type."""
    os.environ.update(cloud_environment(endpoint))
    session = localstack_client.session.Session(
        aws_access_key_id=ACCESS_KEY, aws_secret_access_key=ACCESS_KEY, region_name=REGION
    )
    return session.client(
        service,
        config=Config(
            connect_timeout=2,
            read_timeout=read_timeout,
            retries={"total_max_attempts": 1},
            max_pool_connections=20,
        ),
    )
