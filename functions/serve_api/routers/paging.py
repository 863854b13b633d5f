"""The two parameters of every listing that has pages."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

Limit = Annotated[int, Query(ge=1, le=500, description="At most so many on the page")]
Cursor = Annotated[
    str | None,
    Query(min_length=1, max_length=2048, description="next_cursor of the page before"),
]
