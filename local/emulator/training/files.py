"""The files of a training job: its folder, the channels from S3, the source and the model archive.

The folder is laid out like /opt/ml in a training container; scripts find their places through the
SM_* variables, because /opt/ml itself does not exist here.
"""

from __future__ import annotations

import io
import os
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import botocore.session

if TYPE_CHECKING:
    from pathlib import Path


class TrainingError(RuntimeError):
    """A training job cannot go on; the message becomes its FailureReason."""


@dataclass(frozen=True, slots=True)
class JobFolder:
    """Where the files of one job are."""

    root: Path

    @property
    def model(self) -> Path:
        """Return where the script writes its model."""
        return self.root / "ml" / "model"

    @property
    def output(self) -> Path:
        """Return where the script writes anything else."""
        return self.root / "ml" / "output" / "data"

    @property
    def code(self) -> Path:
        """Return where the script itself is."""
        return self.root / "ml" / "code"

    @property
    def config(self) -> Path:
        """Return where the job's hyperparameters and channels are described."""
        return self.root / "ml" / "input" / "config"

    @property
    def log(self) -> Path:
        """Return the file that takes what the script prints."""
        return self.root / "log.txt"

    def channel(self, name: str) -> Path:
        """Return where an input channel's objects are."""
        return self.root / "ml" / "input" / "data" / name

    def make(self) -> None:
        """Create the folders."""
        for folder in (self.model, self.output, self.code, self.config):
            folder.mkdir(parents=True, exist_ok=True)


def s3_client(region: str) -> Any:
    """Return a client of this emulator's S3."""
    return botocore.session.get_session().create_client(
        "s3",
        region_name=region,
        endpoint_url=f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator takes any key
    )


def download(client: Any, uri: str, folder: Path) -> list[Path]:
    """Copy every object below an s3:// address into the folder; return the files.

    Raises TrainingError when there is none, or when a key points outside the folder.
    """
    bucket, prefix = split_uri(uri)
    copied: list[Path] = []
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for found in page.get("Contents", []):
            name = found["Key"][len(prefix) :].lstrip("/") or found["Key"].rsplit("/", 1)[-1]
            target = inside(folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            body = client.get_object(Bucket=bucket, Key=found["Key"])["Body"]
            target.write_bytes(body.read())
            copied.append(target)
    if not copied:
        raise TrainingError(f"no S3 object was found below {uri}; upload the data first")
    return copied


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a tar archive; refuse links and names that lead out of the folder."""
    try:
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise TrainingError(f"source archive {archive.name} was refused: {error}") from error


def pack(folder: Path) -> bytes:
    """Return the folder's content as a compressed tar archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(folder, arcname=".")
    return packed.getvalue()


def split_uri(uri: str) -> tuple[str, str]:
    """Return the bucket and key of an s3:// address."""
    if not uri.startswith("s3://"):
        raise TrainingError(f"address was {uri!r}; it must begin with s3://")
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def inside(folder: Path, name: str) -> Path:
    """Return the path of a name below the folder; raise TrainingError when it leads out of it."""
    target = (folder / name).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise TrainingError(f"name {name!r} leads out of its folder; rename it")
    return target
