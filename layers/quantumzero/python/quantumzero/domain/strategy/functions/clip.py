"""clip: the value."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, series

DEFINITION = composite(
    "clip",
    (
        series(),
        series("least"),
        series("greatest"),
    ),
    "min(max(series, least), greatest)",
    summary="The value, held between two others.",
    source="the definition itself",
)
