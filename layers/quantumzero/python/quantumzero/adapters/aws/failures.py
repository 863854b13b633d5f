"""What an AWS answer means to the product: the error classes of domain/errors.py, in one place."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from quantumzero.domain.errors import ConflictError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONFLICTS = frozenset(
    {
        "ConditionalCheckFailedException",
        "ConditionalCheckFailed",
        "TransactionConflictException",
        "TransactionConflict",
        "TransactionInProgressException",
    }
)
_UNAVAILABLE = frozenset(
    {
        "InternalServerError",
        "InternalFailure",
        "InternalError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottlingException",
        "ThrottlingError",
        "Throttling",
    }
)


@contextmanager
def translated(action: str) -> Iterator[None]:
    """Raise ConflictError or UnavailableError for what AWS calls them; anything else passes as it
    is.

    action: what was being done, for the message.
    """
    try:
        yield
    except ClientError as error:
        reasons = _reasons(error)
        if reasons & _CONFLICTS:
            raise ConflictError(f"{action}: another writer was first") from error
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if reasons & _UNAVAILABLE or status >= 500:
            raise UnavailableError(
                f"{action}: AWS answered {', '.join(sorted(reasons))}"
            ) from error
        raise
    except BotoCoreError as error:
        raise UnavailableError(f"{action}: no answer ({error})") from error


def _reasons(error: ClientError) -> set[str]:
    reasons = {error.response.get("Error", {}).get("Code", "")}
    for cancelled in error.response.get("CancellationReasons", ()):
        reasons.add(cancelled.get("Code", "None"))
    return reasons - {"None", ""}
