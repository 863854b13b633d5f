"""What all functions of one stack share: its stage, dead letters, alarm topic and layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stacks.blocks.dead_letters import DeadLetters
from stacks.blocks.layers import Layers

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns

    from stacks.foundation import FoundationStack
    from stacks.stage import Stage


@dataclass(frozen=True, slots=True)
class Area:
    """The surroundings of the functions of one stack."""

    stage: Stage
    key: kms.IKey
    alarms: sns.ITopic
    dead_letters: DeadLetters
    layers: Layers


def open_area(stack: cdk.Stack, stage: Stage, foundation: FoundationStack) -> Area:
    """Make what the functions of this stack share, once."""
    letters = DeadLetters(
        stack, "DeadLetters", stage=stage, key=foundation.key, alarms=foundation.alarms
    )
    return Area(
        stage=stage,
        key=foundation.key,
        alarms=foundation.alarms,
        dead_letters=letters,
        layers=Layers(stack, "Layers", stage=stage),
    )
