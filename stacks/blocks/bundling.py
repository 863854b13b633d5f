"""Install a locked group of packages for Lambda's machine on this machine: uv, hashes checked, no Docker."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii

from stacks.stage import REPOSITORY

TARGETS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}
PYTHON = "3.13"
# Changes of what is trimmed must give the layer a new hash although its lock stays the same.
_TRIMMING = "1"
_USELESS = ("**/__pycache__", "**/tests", "**/*.pyi", "bin")
# botocore describes some four hundred services in 25 MB; the product calls these.
_SERVICES = frozenset(
    {
        *("athena", "cloudwatch", "cognito-idp", "dynamodb", "events", "glue", "kinesis", "kms"),
        *("lambda", "logs", "s3", "sagemaker", "sagemaker-runtime", "scheduler"),
        *("secretsmanager", "sns", "sqs", "ssm", "stepfunctions", "sts"),
    }
)


def lock_path(group: str) -> Path:
    """Find the lock of a group; raises FileNotFoundError with what to do."""
    lock = REPOSITORY / "requirements" / f"{group}.txt"
    if not lock.is_file():
        raise FileNotFoundError(
            f"layer {group!r} had no lock at requirements/{lock.name}; "
            f"compile it from requirements/{group}.in with uv pip compile --generate-hashes"
        )
    return lock


def lock_hash(lock: Path, target: str, python: str = PYTHON) -> str:
    """Name a layer by what goes in: the lock's bytes, the machine, the interpreter, the trimming."""
    text = f"{target} {python} {_TRIMMING}\n".encode()
    return hashlib.sha256(text + lock.read_bytes()).hexdigest()


def find_uv() -> str:
    """Find uv on the PATH or beside this interpreter; raises FileNotFoundError with what to do."""
    beside = Path(sys.executable).with_name("uv")
    found = shutil.which("uv") or (str(beside) if beside.is_file() else None)
    if found is None:
        raise FileNotFoundError(
            "uv was neither on the PATH nor beside the Python that runs the synthesis; "
            "install requirements/dev.txt or uv itself"
        )
    return found


def install(lock: Path, folder: Path, target: str, python: str = PYTHON) -> None:
    """Install the locked packages for the target machine and interpreter under `folder`/python and trim them.

    Raises subprocess.CalledProcessError when a package is missing or its hash differs.
    """
    packages = folder / "python"
    command = [
        *(find_uv(), "pip", "install", "--quiet", "--no-config", "--target", str(packages)),
        *("--python-platform", target, "--python-version", python),
        *("--only-binary", ":all:", "--require-hashes", "-r", str(lock)),
    ]
    subprocess.run(command, check=True)
    trim(packages)


def trim(packages: Path) -> None:
    """Remove what no function reads: tests, stubs, caches, scripts and unused AWS service models."""
    for pattern in _USELESS:
        for path in list(packages.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    for library in ("botocore", "boto3"):
        for model in (packages / library / "data").glob("*/"):
            if model.name not in _SERVICES:
                shutil.rmtree(model)


@jsii.implements(cdk.ILocalBundling)
class LocalInstall:
    """Bundle one lock for one machine without Docker; CDK calls it while the template is made."""

    def __init__(self, lock: Path, target: str, python: str) -> None:
        self._lock = lock
        self._target = target
        self._python = python

    def try_bundle(self, output_dir: str, *_: Any, **__: Any) -> bool:
        """Install into the folder CDK gives; failures raise, so Docker is never tried instead."""
        install(self._lock, Path(output_dir), self._target, self._python)
        return True
