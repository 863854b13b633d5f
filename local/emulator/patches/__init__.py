"""Every difference from AWS that the launcher mends, one module each."""

from __future__ import annotations

from importlib import import_module

from local.emulator.sources import REPLACEMENTS

PATCHES = (
    "error_names",
    "surviving_workers",
    "isolated_workers",
    "log_drain",
    "environment_cap",
    "counted_background_work",
    "stream_mappings",
    "step_functions_start",
    "idempotent_start",
    "running_executions",
    "table_stream_persistence",
    "cors_from_templates",
    "metrics_from_logs",
    "service_metrics",
    "alarm_evaluation",
    "sagemaker_training",
    "bounded_history",
)


def apply_all() -> dict[str, list[str]]:
    """Apply every patch; return the texts each of them replaced, with their places.

    Raises SourceChangedError at the first text that is not in ministack as expected.
    """
    replaced: dict[str, list[str]] = {}
    for name in PATCHES:
        before = len(REPLACEMENTS)
        import_module(f"{__name__}.{name}").apply()
        replaced[name] = [f"{done.target}: {done.text.strip()}" for done in REPLACEMENTS[before:]]
    return replaced
