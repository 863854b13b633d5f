"""A strategy as a Python file: the class derived from quantumzero.research.Strategy inside it."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, cast

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research import Strategy

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".py"
_MODULE = "qz_strategy_file"


def strategy_class(path: Path) -> type[Strategy]:
    """Run the file, which is the user's own program, and return its one strategy.

    Errors: InvalidInputError when it fails, or when it defines no strategy or several.
    """
    specification = importlib.util.spec_from_file_location(_MODULE, path)
    if specification is None or specification.loader is None:
        raise InvalidInputError(f"{path} cannot be run as Python; give a .py file")
    module = importlib.util.module_from_spec(specification)
    sys.modules[_MODULE] = module
    try:
        specification.loader.exec_module(module)
    except Exception as error:
        raise InvalidInputError(f"{path} failed: {type(error).__name__}: {error}") from error
    found = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Strategy) and each.__module__ == _MODULE
    ]
    if len(found) != 1:
        names = ", ".join(each.__name__ for each in found) or "none"
        raise InvalidInputError(
            f"{path} defines the strategies {names}; it must define one class derived from "
            "quantumzero.research.Strategy"
        )
    return found[0]


def for_symbols(kind: type[Strategy], symbols: tuple[str, ...]) -> type[Strategy]:
    """Return the strategy with another universe."""
    return cast("type[Strategy]", type(kind.__name__, (kind,), {"universe": symbols}))
