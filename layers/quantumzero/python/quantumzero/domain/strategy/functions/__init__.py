"""The functions of the language, one per file, each with a DEFINITION; being here is enough.

FUNCTIONS holds them by the operation of their node (which is the name, unless one written name has
two meanings, such as zscore), BY_NAME by the name a call writes.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quantumzero.domain.strategy.function_definition import FunctionDefinition


def _discover() -> dict[str, FunctionDefinition]:
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    definitions: list[FunctionDefinition] = [module.DEFINITION for module in modules]
    definitions.sort(key=lambda definition: definition.node_operation)
    return {definition.node_operation: definition for definition in definitions}


def _by_name() -> dict[str, tuple[FunctionDefinition, ...]]:
    names = sorted({definition.name for definition in FUNCTIONS.values()})
    return {name: tuple(each for each in FUNCTIONS.values() if each.name == name) for name in names}


FUNCTIONS = _discover()
BY_NAME = _by_name()
