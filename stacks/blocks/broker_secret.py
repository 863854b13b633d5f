"""The broker's API keys: made empty here, filled by the owner after the deployment, never in a template."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.blocks.access import allow, allow_key
from stacks.blocks.acknowledge import acknowledge

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    from stacks.blocks.python_function import PythonFunction
    from stacks.stage import Stage


class BrokerSecret(Construct):
    """Hold `{"key_id", "secret_key"}` of one broker account, encrypted with the owner's key."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self._key = key
        self._secret = secretsmanager.Secret(
            self,
            "Keys",
            description='The broker API keys: {"key_id": "...", "secret_key": "..."}',
            encryption_key=key,
            removal_policy=stage.removal_policy,
            generate_secret_string=_made_up(stage),
            secret_object_value=_simulated(stage),
        )
        acknowledge(
            self._secret,
            "AwsSolutions-SMG4",
            "The broker has no interface that rotates its keys; the owner replaces them by hand, "
            "as the runbook says, and the functions read the new value at their next start.",
        )

    @property
    def arn(self) -> str:
        """Give the secret's ARN, which is what functions are told."""
        return self._secret.secret_arn

    def let_read(self, function: PythonFunction) -> None:
        """Let a function read the keys, and tell it where they are."""
        function.add_environment("SECRET_BROKER", self.arn)
        allow(function, ["secretsmanager:GetSecretValue"], [self.arn])
        allow_key(function, self._key)


def _made_up(stage: Stage) -> secretsmanager.SecretStringGenerator | None:
    """Fill the secret with random text that opens nothing, until the owner puts the keys in."""
    if stage.is_local:
        return None
    return secretsmanager.SecretStringGenerator(
        secret_string_template=json.dumps({"key_id": "not-filled-in-yet"}),
        generate_string_key="secret_key",
    )


def _simulated(stage: Stage) -> dict[str, cdk.SecretValue] | None:
    """Give the exchange simulator's keys, which guard nothing, in the local stage only."""
    if not stage.is_local:
        return None
    plain = cdk.SecretValue.unsafe_plain_text
    return {"key_id": plain("local-key"), "secret_key": plain("local-secret")}
