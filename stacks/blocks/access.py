"""Statements of single actions on single resources: a function's role holds nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from stacks.blocks.acknowledge import acknowledge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

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


def allow_objects(
    function: PythonFunction,
    actions: Sequence[str],
    bucket: s3.IBucket,
    keys: str,
    *,
    reason: str,
) -> None:
    """Add one statement on the objects whose keys match; the reason says why no single key will do."""
    allow(function, actions, [bucket.arn_for_objects(keys)])
    name = checked_name(function, cdk.Stack.of(bucket), bucket.bucket_arn)
    finding = f"AwsSolutions-IAM5[Resource::{name}/{keys}]"
    acknowledge(function.role, finding, reason)


def checked_name(function: PythonFunction, owner: cdk.Stack, value: str) -> str:
    """Write an attribute of the owner's resource as the security checks do: by export, or by id."""
    if owner is cdk.Stack.of(function):
        logical_id, attribute = owner.resolve(value)["Fn::GetAtt"]
        return f"<{logical_id}.{attribute}>"
    exported = owner.resolve(owner.export_value(value))
    return str(exported["Fn::ImportValue"])
