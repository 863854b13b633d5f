"""All computed columns of one symbol up to the end of one epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.cross_section import PREFIX
from quantumzero.domain.strategy.references import field_parts
from quantumzero.research.vector.columns import Column
from quantumzero.research.vector.operations import OPERATIONS
from quantumzero.research.vector.stepping import stepped

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.research.vector.adjusted_fields import Epoch, EpochFields
    from quantumzero.research.vector.interning import Computation, Interner
    from quantumzero.research.vector.memory_operations import Machine

    Compared = Callable[[Computation, Epoch], Column]


class EpochColumns:
    """Make each column when it is first asked for; compared computes those over a universe."""

    def __init__(
        self, fields: EpochFields, epoch: Epoch, interner: Interner, machine: Machine,
        compared: Compared,
    ) -> None:  # fmt: skip
        self.epoch = epoch
        self.machine = machine
        self._fields = fields
        self._interner = interner
        self._compared = compared
        self._columns: dict[int, Column] = {}

    def column(self, number: int) -> Column:
        """Return the column of a computation."""
        found = self._columns.get(number)
        if found is None:
            found = self._columns[number] = self._make(self._interner.computations[number])
        return found

    def computation(self, number: int) -> Computation:
        return self._interner.computations[number]

    def forget(self) -> None:
        """Drop every column but the fields."""
        fields = {
            number: column
            for number, column in self._columns.items()
            if self.computation(number).node.operation == "field"
        }
        self._columns = fields

    def _make(self, computation: Computation) -> Column:
        node, length = computation.node, self.epoch.stop
        if node.operation == "field":
            return self._fields.column(*field_parts(node))
        if node.operation == "constant":
            value: Any = node.constants[0]
            return Column.of_constant(value, length, node.denominator)
        if node.operation.startswith(PREFIX):
            return self._compared(computation, self.epoch)
        inputs = [self.column(number) for number in computation.inputs]
        operation = OPERATIONS.get(node.operation)
        if operation is not None and not any(column.is_big for column in inputs):
            column = operation(computation, inputs, self.machine)
            if column is not None:
                return column
        return stepped(computation, inputs, length)
