"""The header that names a request which must not be carried out twice."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Header

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{8,128}$",
        description="Names this request: a repetition with the same key is the same order. A UUID is a good one",
    ),
]
