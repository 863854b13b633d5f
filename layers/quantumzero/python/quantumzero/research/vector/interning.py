"""Equal computations of different graphs get one number, so that their columns are shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.strategy.cross_section import PREFIX
from quantumzero.domain.strategy.function_definition import Instance, instance_of
from quantumzero.domain.strategy.graph import GraphNode, Kind

if TYPE_CHECKING:
    from quantumzero.domain.strategy.compiler import CompiledStrategy


@dataclass(frozen=True, slots=True)
class Computation:
    """One distinct computation: a graph node whose inputs are the numbers of computations.

    input_nodes are the nodes of the inputs; instance is what a function is started with; universe
    are the symbols compared by a node that compares members, empty elsewhere.
    """

    number: int
    node: GraphNode
    inputs: tuple[int, ...]
    input_nodes: tuple[GraphNode, ...]
    instance: Instance
    is_truth: bool
    universe: tuple[str, ...]


class Interner:
    """Number computations by structure: operation, constants, denominator and inputs."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], int] = {}
        self.computations: list[Computation] = []

    def numbers(self, compiled: CompiledStrategy) -> list[int]:
        """Return the number of every node of a strategy's graph, inputs before their users."""
        nodes, found = compiled.nodes, list[int]()
        for node in nodes:
            inputs = tuple([found[index] for index in node.inputs])
            compares = node.operation.startswith(PREFIX)
            universe = compiled.document.universe if compares else ()
            key = (node.operation, node.constants, node.denominator, inputs, universe)
            number = self._numbers.get(key)
            if number is None:
                number = self._numbers[key] = len(self.computations)
                input_nodes = tuple(nodes[index] for index in node.inputs)
                instance, is_truth = instance_of(node, nodes), node.kind is Kind.TRUTH
                self.computations.append(
                    Computation(number, node, inputs, input_nodes, instance, is_truth, universe)
                )
            found.append(number)
        return found
