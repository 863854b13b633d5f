"""Deploys the very stacks that go to AWS into the local cloud, and skips it when nothing changed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.clients import client, cloud_environment
from local.packages import GROUPS, build
from local.settings import ROOT
from quantumzero.domain.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SOURCES = ("app.py", "cdk.json", "package-lock.json", "stacks", "statemachines", "functions")
# Where layers are bundled, what goes into them is deployed too; elsewhere folders stand in for them.
_LAYER_SOURCES = ("layers", "requirements")
_STACKS = "QuantumZero-local-"
_RECORD = "/quantumzero/local/deployment"


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the stacks announce, by output key, whatever the stack."""

    values: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        if key not in self.values:
            raise UnavailableError(
                f"the deployed stacks announce no {key}; they announce {sorted(self.values)}"
            )
        return self.values[key]


def source_hash(context: Mapping[str, str]) -> str:
    """Return the hash of everything that decides what a deployment contains."""
    digest = hashlib.sha256(json.dumps(dict(context), sort_keys=True).encode())
    layers = _LAYER_SOURCES if context.get("layers") == "bundled" else ()
    for name in (*_SOURCES, *layers):
        path = ROOT / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(file.relative_to(ROOT).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def deploy(
    endpoint: str, context: Mapping[str, str], folder: Path, *, say: Callable[[str], None]
) -> bool:
    """Bootstrap and deploy all stacks unless the cloud records this very deployment; say whether it was needed.

    The record is kept in the cloud itself, so that it goes back with it to a barrier.
    Raises UnavailableError with the end of the CDK's words when a step fails or takes over ten minutes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = source_hash(context)
    if deployed_hash(endpoint) == wanted:
        say("stacks unchanged since the last deployment")
        return False
    began = time.monotonic()
    settings = [part for key, value in context.items() for part in ("-c", f"{key}={value}")]
    assembly = folder / "cdk.out"
    say("synthesising the stacks")
    _cdk(["synth", "--quiet", "-o", str(assembly), *settings], endpoint, folder)
    say("bootstrapping")
    account = "aws://000000000000/us-east-1"
    _cdk(["bootstrap", account, "--app", str(assembly)], endpoint, folder)
    say("deploying the stacks")
    _cdk(
        [
            "deploy",
            "--all",
            "--app",
            str(assembly),
            "--require-approval",
            "never",
            "--concurrency",
            "3",
            "--no-notices",
        ],
        endpoint,
        folder,
    )
    client("ssm", endpoint).put_parameter(Name=_RECORD, Value=wanted, Type="String", Overwrite=True)
    say(f"deployed in {time.monotonic() - began:.1f} s")
    return True


def deployed_hash(endpoint: str) -> str | None:
    """Return the hash of the sources that the cloud was deployed from, None when it was not."""
    parameters = client("ssm", endpoint)
    try:
        return str(parameters.get_parameter(Name=_RECORD)["Parameter"]["Value"])
    except parameters.exceptions.ParameterNotFound:
        return None


def read_outputs(endpoint: str) -> Outputs:
    """Ask the cloud what the stacks of the local stage announce, all in one mapping."""
    pages = client("cloudformation", endpoint).get_paginator("describe_stacks").paginate()
    return Outputs(
        {
            output["OutputKey"]: output["OutputValue"]
            for page in pages
            for stack in page["Stacks"]
            if stack["StackName"].startswith(_STACKS)
            for output in stack.get("Outputs", ())
        }
    )


def package_folders() -> dict[str, str]:
    """Return the folders from which functions import: the product itself and its dependencies."""
    return {group: str(build(group)) for group in GROUPS}


def _cdk(arguments: list[str], endpoint: str, folder: Path) -> None:
    log = folder / "cdk.log"
    environment = {
        **os.environ,
        **cloud_environment(endpoint),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "CDK_DISABLE_VERSION_CHECK": "1",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        "CI": "true",
    }
    with log.open("ab") as sink:
        try:
            code = subprocess.run(
                ["npx", "cdk", *arguments],
                cwd=ROOT,
                env=environment,
                stdout=sink,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                timeout=600,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            code = -1
    if code != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
        raise UnavailableError(
            f"`cdk {arguments[0]}` failed (exit {code}); its last words:\n{tail}"
        )
