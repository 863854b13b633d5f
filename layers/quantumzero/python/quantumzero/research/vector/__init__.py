"""The vector evaluator of the strategy language; see evaluator.VectorEvaluator."""

from __future__ import annotations

from quantumzero.research.vector.evaluator import VectorEvaluator

__all__ = ["VectorEvaluator"]
