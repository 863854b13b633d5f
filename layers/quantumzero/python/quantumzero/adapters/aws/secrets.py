"""Keys from Secrets Manager: read once a process, never logged."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from quantumzero.adapters.aws.failures import translated
from quantumzero.domain.errors import CorruptDataError


@cache
def read_secret(client: Any, identifier: str) -> dict[str, str]:
    """Return a secret that is a JSON object of texts; identifier is its name or ARN.

    Raises UnavailableError when it cannot be read now, CorruptDataError (which does not show it) when it is of
    another shape.
    """
    with translated("reading the secret of the broker"):
        answer = client.get_secret_value(SecretId=identifier)
    try:
        return msgspec.json.decode(answer["SecretString"], type=dict[str, str])
    except (KeyError, msgspec.DecodeError) as error:
        raise CorruptDataError(
            'the secret was not a JSON object of texts; store {"key_id": ..., "secret_key": ...}'
        ) from error
