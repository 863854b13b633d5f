"""The layers of a stack's functions: the product, and third parties by weight (runtime, market, research)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.blocks.bundling import TARGETS, LocalInstall, lock_hash, lock_path
from stacks.blocks.native_kernel import WithKernel, named_with_kernel
from stacks.stage import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stacks.stage import Stage

# The host's build of the kernel is for the host; Lambda's comes with the layer `research`.
_NEVER_DEPLOYED = ["**/__pycache__", "**/*.pyc", "native", "**/_native"]


class Layers(Construct):
    """Make each layer when the first function of the stack asks for it.

    Layers belong to one stack: a layer shared between stacks by an export could never be changed,
    because CloudFormation gives an export in use no new value. The bundled folder is made once.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self._made: dict[str, lambda_.LayerVersion] = {}

    def named(self, names: Sequence[str]) -> list[lambda_.ILayerVersion]:
        """Return the named layers; none where folders on PYTHONPATH stand in for them."""
        if not self._stage.layers:
            return []
        return [self._layer(name) for name in names]

    def _layer(self, name: str) -> lambda_.LayerVersion:
        if name not in self._made:
            self._made[name] = lambda_.LayerVersion(
                self,
                name.capitalize(),
                code=self._content(name),
                compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
                compatible_architectures=[architecture(self._stage)],
                removal_policy=self._stage.removal_policy,
            )
        return self._made[name]

    def _content(self, name: str) -> lambda_.Code:
        if name == "quantumzero":
            folder = REPOSITORY / "layers" / "quantumzero"
            return lambda_.Code.from_asset(str(folder), exclude=_NEVER_DEPLOYED)
        lock, target = lock_path(name), TARGETS[self._stage.machine]
        python = self._stage.layers_python
        digest = lock_hash(lock, target, python)
        local: LocalInstall | WithKernel = LocalInstall(lock, target, python)
        if name == "research":
            local = WithKernel(LocalInstall(lock, target, python), self._stage.machine)
            digest = named_with_kernel(digest, self._stage.machine)
        bundling = cdk.BundlingOptions(
            # Asked only where the local installation declines, which it never does: no Docker.
            image=cdk.DockerImage.from_registry("public.ecr.aws/sam/build-python3.13"),
            local=local,
        )
        return lambda_.Code.from_asset(
            str(lock.parent),
            asset_hash=digest,
            asset_hash_type=cdk.AssetHashType.CUSTOM,
            bundling=bundling,
        )


def architecture(stage: Stage) -> lambda_.Architecture:
    """Give the processor of the stage's functions and layers in CDK's words."""
    kinds = {"arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64}
    return kinds[stage.machine]
