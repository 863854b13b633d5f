"""Metrics of a run, by name, under one of several published conventions.

compute_metrics gives all of them; quick_metrics the two that a sweep shows for each combination.
"""

from __future__ import annotations

from quantumzero.research.metrics.compute import CONVENTIONS, compute_metrics, quick_metrics
from quantumzero.research.metrics.trials import Trials

__all__ = ["CONVENTIONS", "Trials", "compute_metrics", "quick_metrics"]
