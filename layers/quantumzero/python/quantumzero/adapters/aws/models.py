"""Approved models in the strategies table: `M#{name}`/`CHAMPION` with model (JSON text) and sha256."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.failures import translated
from quantumzero.contracts.scoring_model import read_model

if TYPE_CHECKING:
    from quantumzero.domain.strategy.scoring import ScoringModel


class DynamoModelRegistry:
    """Reads the champion of a name at every call: an approval takes effect with the next signal."""

    def __init__(self, dynamodb: Any, table: str) -> None:  # botocore clients have no static type
        self._dynamodb = dynamodb
        self._table = table

    def champion(self, name: str) -> ScoringModel | None:
        """Return the approved model, None when there is none; raises CorruptDataError."""
        with translated(f"reading the champion of {name}"):
            answer = self._dynamodb.get_item(
                TableName=self._table,
                Key={"pk": {"S": f"M#{name}"}, "sk": {"S": "CHAMPION"}},
                ConsistentRead=True,
            )
        item = answer.get("Item")
        if item is None:
            return None
        return read_model(item["model"]["S"], item["sha256"]["S"])
