"""Settings of a function: one struct, read from the environment once, refused whole when something is wrong."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

import msgspec

from quantumzero.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

SettingsType = TypeVar("SettingsType", bound=msgspec.Struct)


def read_settings(
    kind: type[SettingsType], environment: Mapping[str, str] | None = None
) -> SettingsType:
    """Build the settings struct from environment variables named like its fields in upper case.

    Raises InvalidInputError that lists every missing variable, or names the one that cannot be read.
    """
    variables = os.environ if environment is None else environment
    fields = msgspec.structs.fields(kind)
    missing = [
        field.name.upper()
        for field in fields
        if field.required and not variables.get(field.name.upper())
    ]
    if missing:
        raise InvalidInputError(
            f"environment lacked {', '.join(missing)}; set each of them on the function"
        )
    given = {
        field.name: variables[field.name.upper()]
        for field in fields
        if field.name.upper() in variables
    }
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidInputError(f"environment variable was not usable: {error}") from error
