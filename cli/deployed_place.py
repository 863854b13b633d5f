"""Where a deployment's tables are: the local cloud of a folder, or an account with the owner's own credentials."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config

from local.clients import ACCESS_KEY, REGION
from local.ports import HOST
from quantumzero.domain.errors import NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

LEDGER = "LedgerTableName"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the tables are: credentials None are the owner's own, as the AWS CLI finds them."""

    endpoint: str | None
    region: str | None
    credentials: tuple[str, str] | None
    stacks: str

    def client(self, service: str) -> Any:
        """Return a client that does not wait long and asks again."""
        key, secret = self.credentials or (None, None)
        return botocore.session.get_session().create_client(
            service,
            region_name=self.region,
            endpoint_url=self.endpoint,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=Config(
                connect_timeout=2,
                read_timeout=5,
                retries={"mode": "standard", "total_max_attempts": 5},
            ),
        )

    def table(self, output: str = LEDGER) -> str:
        """Return a table as the deployed stacks announce it, the ledger's when no other output is named."""
        pages = self.client("cloudformation").get_paginator("describe_stacks").paginate()
        found = {
            each["OutputValue"]: stack["StackName"]
            for page in pages
            for stack in page["Stacks"]
            if stack["StackName"].startswith(self.stacks)
            for each in stack.get("Outputs", ())
            if each["OutputKey"] == output
        }
        if len(found) != 1:
            raise NotFoundError(
                f"{len(found)} stacks named {self.stacks}... announce a {output}"
                f"{': ' + ', '.join(sorted(found.values())) if found else ''}; name one with --stage"
            )
        return str(next(iter(found)))


def local_place(home: Path) -> Place:
    """Return the place of the local cloud that runs in a folder."""
    file = home / "state" / "ports.json"
    if not file.exists():
        raise NotFoundError(
            f"no local cloud has run in {home}; name its folder with --home, or say --stage paper or --stage live "
            "for AWS"
        )
    port = json.loads(file.read_text())["emulator"]
    return Place(f"http://{HOST}:{port}", REGION, (ACCESS_KEY, ACCESS_KEY), "QuantumZero-local-")


def chosen_place(
    home: Path, *, stage: str | None, region: str | None, endpoint: str | None, named: bool = False
) -> Place:
    """Return the place that the options name: AWS when one is given (or a table), else the folder's."""
    if not any((stage, region, endpoint, named)):
        return local_place(home.resolve())
    return Place(endpoint, region, None, f"QuantumZero-{stage}-" if stage else "QuantumZero-")
