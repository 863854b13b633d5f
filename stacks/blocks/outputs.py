"""Outputs under keys that do not change: programs on the same machine find the deployment by them."""

from __future__ import annotations

import aws_cdk as cdk


def output(stack: cdk.Stack, key: str, value: str) -> None:
    """Write one output; the key is PascalCase and unique over all stacks of a stage."""
    cdk.CfnOutput(stack, f"Output{key}", value=value).override_logical_id(key)
