"""What an answer of AWS means: which error of ours it is, and whether the write may simply be made again."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from quantumzero.adapters.aws.failures import condition_failed, met_others, translated
from quantumzero.domain.errors import ConflictError, UnavailableError

CANCELLED = "TransactionCanceledException"


def answer(code: str, *reasons: str, status: int = 400) -> ClientError:
    response = {
        "Error": {"Code": code, "Message": "no"},
        "ResponseMetadata": {"HTTPStatusCode": status},
        "CancellationReasons": [{"Code": each} for each in reasons],
    }
    return ClientError(response, "TransactWriteItems")


@pytest.mark.parametrize(
    ("error", "ours", "condition", "others"),
    [
        (answer(CANCELLED, "None", "ConditionalCheckFailed"), ConflictError, True, False),
        (answer("ConditionalCheckFailedException"), ConflictError, True, False),
        (answer(CANCELLED, "TransactionConflict", "None"), ConflictError, False, True),
        (
            answer(CANCELLED, "ConditionalCheckFailed", "TransactionConflict"),
            ConflictError,
            True,
            False,
        ),
        (answer("TransactionConflictException"), ConflictError, False, True),
        (answer("IdempotentParameterMismatchException"), ConflictError, False, False),
        (answer(CANCELLED, "ThrottlingError"), UnavailableError, False, True),
        (answer("ThrottlingException"), UnavailableError, False, False),
        (answer("Whatever", status=503), UnavailableError, False, False),
        (answer("400"), UnavailableError, False, False),
    ],
)
def test_an_answer_is_one_of_our_errors(
    error: ClientError, ours: type[Exception], *, condition: bool, others: bool
) -> None:
    with pytest.raises(ours) as raised, translated("writing"):
        raise error
    assert type(raised.value) is ours
    assert met_others(error) is others
    if isinstance(raised.value, ConflictError):
        assert condition_failed(raised.value) is condition


def test_what_is_wrong_with_the_request_itself_passes_as_it_is() -> None:
    wrong = answer("ValidationException")
    with pytest.raises(ClientError) as raised, translated("writing"):
        raise wrong
    assert raised.value is wrong
    assert not met_others(wrong)
