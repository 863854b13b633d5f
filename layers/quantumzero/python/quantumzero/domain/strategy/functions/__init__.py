"""The functions of the language, one per file, each with a DEFINITION; being here is enough."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quantumzero.domain.strategy.function_definition import FunctionDefinition


def _discover() -> dict[str, FunctionDefinition]:
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    definitions: list[FunctionDefinition] = [module.DEFINITION for module in modules]
    return {definition.name: definition for definition in sorted(definitions, key=lambda d: d.name)}


FUNCTIONS = _discover()
