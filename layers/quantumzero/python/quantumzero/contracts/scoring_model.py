"""A stored model: JSON text checked against the SHA-256 that was approved."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.strategy.scoring import ScoringModel, TreeNode


class _Node(msgspec.Struct, forbid_unknown_fields=True):
    value: float = 0.0
    feature: int | None = None
    threshold: float = 0.0
    left: int = 0
    right: int = 0


class _Model(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    version: int
    kind: Literal["linear", "logistic", "trees"]
    features: list[str]
    intercept: float = 0.0
    weights: list[float] = []
    trees: list[list[_Node]] = []


_decoder = msgspec.json.Decoder(_Model)


def read_model(text: str, sha256: str) -> ScoringModel:
    """Return the model; raises CorruptDataError when the text is not what was approved or no model."""
    found = hashlib.sha256(text.encode()).hexdigest()
    if found != sha256:
        raise CorruptDataError(f"model text had SHA-256 {found}; the approved one is {sha256}")
    try:
        model = _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise CorruptDataError(f"model was not readable: {error}") from error
    _check(model)
    return ScoringModel(
        name=model.name,
        version=model.version,
        features=tuple(model.features),
        logistic=model.kind != "linear",
        intercept=model.intercept,
        weights=tuple(model.weights),
        trees=tuple(tuple(_node(node) for node in tree) for tree in model.trees),
    )


def _node(node: _Node) -> TreeNode:
    return TreeNode(node.value, node.feature, node.threshold, node.left, node.right)


def _check(model: _Model) -> None:
    if model.kind != "trees" and len(model.weights) != len(model.features):
        raise CorruptDataError(
            f"model {model.name} had {len(model.weights)} weights for {len(model.features)} features"
        )
    for tree in model.trees:
        if not tree:
            raise CorruptDataError(f"model {model.name} had a tree without nodes")
        for place, node in enumerate(tree):
            if node.feature is None:
                continue
            children = (node.left, node.right)
            if not 0 <= node.feature < len(model.features) or not all(
                place < child < len(tree) for child in children
            ):
                raise CorruptDataError(
                    f"model {model.name} had a node that names feature {node.feature} and nodes "
                    f"{children}; features must exist and children follow their parent"
                )
