"""The site bucket: a zip archive goes in, file by file, with the headers browsers need."""

from __future__ import annotations

import io
import json
import mimetypes
import zipfile
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Names of built assets carry their content's hash, so a browser may keep them for a year.
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


@cache
def _client() -> Any:  # botocore makes its clients at run time; they have no static type
    return botocore.session.get_session().create_client("s3")


class SiteBucket:
    """Write the files of one site, and remove those it no longer has."""

    def __init__(self, name: str) -> None:
        self._name = name

    def replace(
        self, *, source_bucket: str, source_key: str, configuration: Mapping[str, str]
    ) -> None:
        """Put every file of the archive, then the configuration, then remove what is left over."""
        archive = _client().get_object(Bucket=source_bucket, Key=source_key)["Body"].read()
        files = {name: content for name, content in _files(archive) if name != "config.json"}
        files["config.json"] = json.dumps(dict(configuration), indent=2).encode()
        before = set(self._keys())
        for name in sorted(files, key=lambda name: name.endswith(".html")):  # the page comes last
            self._put(name, files[name])
        for key in sorted(before - files.keys()):
            _client().delete_object(Bucket=self._name, Key=key)

    def _put(self, name: str, content: bytes) -> None:
        _client().put_object(
            Bucket=self._name,
            Key=name,
            Body=content,
            ContentType=mimetypes.guess_type(name)[0] or "application/octet-stream",
            CacheControl=_FOR_EVER if name.startswith("assets/") else _ASK_AGAIN,
        )

    def _keys(self) -> Iterator[str]:
        for page in _client().get_paginator("list_objects_v2").paginate(Bucket=self._name):
            yield from (item["Key"] for item in page.get("Contents", []))


def _files(archive: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for entry in opened.infolist():
            if not entry.is_dir():
                yield entry.filename, opened.read(entry)
