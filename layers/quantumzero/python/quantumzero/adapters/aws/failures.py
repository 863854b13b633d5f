"""What an AWS answer means to the product: the error classes of domain/errors.py, in one place."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from quantumzero.domain.errors import ConflictError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONDITIONS = frozenset({"ConditionalCheckFailedException", "ConditionalCheckFailed"})
_CONFLICTS = _CONDITIONS | frozenset(
    {
        "TransactionConflictException",
        "TransactionConflict",
        "TransactionInProgressException",
    }
)
# What botocore calls a refusal whose text it cannot read: AWS always names what it refuses for.
_UNREADABLE = {"400"}
# botocore repeated a transaction whose reply was lost, and the table does not take it for the same: it is done.
_REPEATED = {"IdempotentParameterMismatchException"}
_CANCELLED = "TransactionCanceledException"
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
        if reasons & (_CONFLICTS | _REPEATED):
            raise ConflictError(f"{action}: another writer was first") from error
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if reasons & _UNAVAILABLE or status >= 500 or reasons == _UNREADABLE:
            raise UnavailableError(
                f"{action}: AWS answered {', '.join(sorted(reasons))}"
            ) from error
        raise
    except BotoCoreError as error:
        raise UnavailableError(f"{action}: no answer ({error})") from error


def condition_failed(error: ConflictError) -> bool:
    """Tell whether the stored item contradicts what the write asked of it.

    False when writers only met each other: then nothing is known of the item, and the write may be made again.
    """
    cause = error.__cause__
    return isinstance(cause, ClientError) and bool(_reasons(cause) & _CONDITIONS)


def met_others(error: ClientError) -> bool:
    """Tell whether a write did nothing because of other writers alone: a collision, or throttling in a transaction.

    botocore repeats what is refused by itself, but not these.
    """
    reasons = _reasons(error)
    known = reasons - {_CANCELLED} <= _CONFLICTS | _UNAVAILABLE
    cancelled = bool(reasons & ({_CANCELLED} | _CONFLICTS))
    return cancelled and known and not reasons & _CONDITIONS


def _reasons(error: ClientError) -> set[str]:
    reasons = {error.response.get("Error", {}).get("Code", "")}
    for cancelled in error.response.get("CancellationReasons", ()):
        reasons.add(cancelled.get("Code", "None"))
    return reasons - {"None", ""}
