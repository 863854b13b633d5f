"""Equal computations of different graphs get one number, so that their columns are shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.strategy.function_definition import Instance, instance_of
from quantumzero.domain.strategy.graph import GraphNode, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Computation:
    """One distinct computation: a graph node whose inputs are the numbers of computations."""

    number: int
    node: GraphNode
    inputs: tuple[int, ...]
    is_truth: bool
    instance: Instance


class Interner:
    """Number computations by structure: operation, constants, denominator and inputs."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], int] = {}
        self.computations: list[Computation] = []

    def numbers(self, nodes: Sequence[GraphNode]) -> list[int]:
        """Return the number of every node of a graph, inputs before their users."""
        found: list[int] = []
        for node in nodes:
            inputs = tuple(found[index] for index in node.inputs)
            key = (node.operation, node.constants, node.denominator, inputs)
            number = self._numbers.get(key)
            if number is None:
                number = self._numbers[key] = len(self.computations)
                is_truth = node.kind is Kind.TRUTH
                instance = instance_of(node, nodes)
                made = Computation(number, node, inputs, is_truth, instance)
                self.computations.append(made)
            found.append(number)
        return found
