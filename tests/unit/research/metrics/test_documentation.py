"""docs/metrics.md is the definitions, all of them, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from quantumzero.research.metrics import CONVENTIONS
from quantumzero.research.metrics.definition import UNITS
from quantumzero.research.metrics.documentation import page

PAGE = Path(__file__).resolve().parents[4] / "docs" / "metrics.md"


def test_the_page_is_what_the_definitions_say() -> None:
    assert PAGE.read_text() == page(), "run `python -m cli.write_metrics`"


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_metric_has_a_formula_a_source_a_unit_and_a_name_of_its_own(convention: str) -> None:
    definitions = CONVENTIONS[convention]
    assert len({definition.name for definition in definitions}) == len(definitions)
    for definition in definitions:
        assert definition.formula.endswith((".", "...")), definition.name
        assert definition.source, definition.name
        assert definition.unit in UNITS, definition.name
        assert f"| `{definition.name}` | {definition.unit} |" in page()


def test_backtesting_py_gives_all_32_statistics() -> None:
    assert len(CONVENTIONS["backtesting_py"]) == 32
