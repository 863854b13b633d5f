"""Refused ticks in the lake bucket: `quarantine/dt={day}/{shard}-{sequence}.json`, one object a
record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from quantumzero.adapters.aws.failures import translated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class BucketQuarantine:
    """Writes the same object for the same record again, so a repeated batch leaves one."""

    def __init__(
        self, s3: Callable[[], Any], bucket: str
    ) -> None:  # the client is made at the first bad record: most processes never need it
        self._s3 = s3
        self._bucket = bucket

    def put(self, *, day: str, name: str, content: Mapping[str, object]) -> None:
        """Keep refused ticks; raises UnavailableError when the bucket does not answer."""
        key = f"quarantine/dt={day}/{name}.json"
        with translated(f"writing {key}"):
            self._s3().put_object(
                Bucket=self._bucket,
                Key=key,
                Body=msgspec.json.encode(content),
                ContentType="application/json",
            )
