"""Models small enough to score a signal in plain Python: linear, logistic and boosted trees.

Features are labels of a decision's values. A score is in [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from quantumzero.domain.strategy.graph import Value


class MissingFeatureError(LookupError):
    """A feature has no value on this bar; the text names it."""


@dataclass(frozen=True, slots=True)
class TreeNode:
    """One node: a leaf holds value; any other sends feature <= threshold to left, else to right."""

    value: float
    feature: int | None = None
    threshold: float = 0.0
    left: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class ScoringModel:
    """score = link(intercept + weights . features + the sum of the trees' leaves).

    logistic says that the link is 1 / (1 + exp(-x)); otherwise the sum itself is held inside [0,
    1]. Children come after their parent, so every walk ends.
    """

    name: str
    version: int
    features: Sequence[str]
    logistic: bool
    intercept: float = 0.0
    weights: Sequence[float] = ()
    trees: Sequence[Sequence[TreeNode]] = ()

    def score(self, values: Mapping[str, Value]) -> float:
        """Return the score of a decision's values; raises MissingFeatureError."""
        row = [self._feature(name, values) for name in self.features]
        total = self.intercept
        for weight, feature in zip(self.weights, row, strict=False):
            total += weight * feature
        for tree in self.trees:
            total += _leaf(tree, row)
        return _logistic(total) if self.logistic else min(max(total, 0.0), 1.0)

    @staticmethod
    def _feature(name: str, values: Mapping[str, Value]) -> float:
        value = values.get(name)
        if value is None:
            raise MissingFeatureError(name)
        return float(value)


def _leaf(tree: Sequence[TreeNode], row: Sequence[float]) -> float:
    node = tree[0]
    while node.feature is not None:
        node = tree[node.left if row[node.feature] <= node.threshold else node.right]
    return node.value


def _logistic(total: float) -> float:
    # Each branch keeps exp() of a negative number, which cannot overflow.
    if total >= 0:
        return 1.0 / (1.0 + exp(-total))
    growth = exp(total)
    return growth / (1.0 + growth)
