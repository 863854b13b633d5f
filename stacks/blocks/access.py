"""Statements of single actions on single resources: a function's role holds nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms

    from stacks.blocks.python_function import PythonFunction

# What a caller of an encrypted service needs; `kms:GenerateDataKey*` and `kms:ReEncrypt*` spelled out.
KEY_ACTIONS = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)


def allow(function: PythonFunction, actions: Sequence[str], resources: Sequence[str]) -> None:
    """Add one statement to the function's own role."""
    function.role.add_to_policy(statement(actions, resources))


def allow_key(function: PythonFunction, key: kms.IKey) -> None:
    """Let the function use what is encrypted with the key; CDK folds equal statements into one."""
    allow(function, KEY_ACTIONS, [key.key_arn])


def statement(actions: Sequence[str], resources: Sequence[str]) -> iam.PolicyStatement:
    """Build an allow statement of the given actions on the given resources."""
    return iam.PolicyStatement(actions=list(actions), resources=list(resources))
