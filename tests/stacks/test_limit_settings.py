"""The ceilings of the limits reach every function that changes limits or lets a change take effect, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.stacks.assembly import synthesise

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.stacks.assembly import Assembly

CHANGING = {"serve_api", "check_risk", "sweep_orders", "prepare_session"}


def told(assembly: Assembly, name: str) -> dict[str, str]:
    """Return by function what it is told of the setting."""
    found = {}
    for each in assembly.every("AWS::Lambda::Function"):
        variables = each.properties.get("Environment", {}).get("Variables", {})
        if name in variables:
            found[variables["POWERTOOLS_SERVICE_NAME"]] = variables[name]
    return found


def test_chosen_ceilings_reach_exactly_the_functions_that_change_limits(tmp_path: Path) -> None:
    ceilings = "gross_exposure=1000000,order_value=250000"
    chosen = synthesise(
        "paper", tmp_path / "stage", limit_ceilings=ceilings, limit_raise_minutes="120"
    )
    assert told(chosen, "LIMIT_CEILINGS") == dict.fromkeys(CHANGING, ceilings)
    assert told(chosen, "LIMIT_RAISE_MINUTES") == dict.fromkeys(CHANGING, "120")


def test_without_a_choice_the_functions_keep_their_own(
    assembly_of: Callable[[str], Assembly],
) -> None:
    assert told(assembly_of("paper"), "LIMIT_CEILINGS") == {}
