"""Results of backtests in a bucket: `backtests/{id}.json.gz` the whole, `backtests/{id}.view.json.gz`
what a page shows, `backtests/{id}.html` the report.

The same result gives the same bytes: a run that is carried out twice leaves one object.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import msgspec
from botocore.exceptions import ClientError

from quantumzero.adapters.aws.failures import translated
from quantumzero.domain.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OPEN_FOR_SECONDS = 300
# Who may not list a bucket is told "denied" of an object that is not there.
_MISSING = ("NoSuchKey", "404", "AccessDenied")


class BucketBacktestResults:
    """Implements BacktestResults; the client is made when it is first needed."""

    def __init__(self, s3: Callable[[], Any], bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def put(self, run_id: str, result: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        """Keep both as gzipped JSON; the view first, so that a whole result always has one."""
        for suffix, content in ((".view.json.gz", view), (".json.gz", result)):
            packed = gzip.compress(msgspec.json.encode(content), compresslevel=6, mtime=0)
            self._put(run_id + suffix, packed, "application/json", ContentEncoding="gzip")

    def put_report(self, run_id: str, html: str) -> None:
        """Keep the report as a browser opens it."""
        packed = gzip.compress(html.encode(), compresslevel=6, mtime=0)
        self._put(f"{run_id}.html", packed, "text/html; charset=utf-8", ContentEncoding="gzip")

    def view(self, run_id: str) -> Mapping[str, Any]:
        """Return what a page shows; raises NotFoundError."""
        key = f"backtests/{run_id}.view.json.gz"
        try:
            with translated(f"reading {key}"):
                answer = self._s3().get_object(Bucket=self._bucket, Key=key)
                packed = answer["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                raise NotFoundError(
                    f"backtest {run_id} has no result in the bucket; start it again with afresh"
                ) from error
            raise
        view: dict[str, Any] = msgspec.json.decode(gzip.decompress(packed))
        return view

    def links(self, run_id: str, *, report: bool) -> tuple[str, str | None]:
        """Return addresses that are open to whoever holds them for five minutes."""
        return (
            self._link(f"{run_id}.json.gz", f"{run_id}.json"),
            self._link(f"{run_id}.html", None) if report else None,
        )

    def _link(self, name: str, saved_as: str | None) -> str:
        parameters = {"Bucket": self._bucket, "Key": f"backtests/{name}"}
        if saved_as:
            parameters["ResponseContentDisposition"] = f'attachment; filename="{saved_as}"'
        with translated(f"signing the address of {name}"):
            address = self._s3().generate_presigned_url(
                "get_object", Params=parameters, ExpiresIn=OPEN_FOR_SECONDS
            )
        return str(address)

    def _put(self, name: str, body: bytes, kind: str, **headers: str) -> None:
        with translated(f"writing backtests/{name}"):
            self._s3().put_object(
                Bucket=self._bucket, Key=f"backtests/{name}", Body=body, ContentType=kind, **headers
            )
