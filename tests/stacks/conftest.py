"""Each stage is synthesised once for the whole run: starting jsii costs seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.stacks.assembly import Assembly, synthesise

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def assembly_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Assembly]:
    made: dict[str, Assembly] = {}

    def assembly(stage: str) -> Assembly:
        if stage not in made:
            made[stage] = synthesise(stage, tmp_path_factory.mktemp("stages") / stage)
        return made[stage]

    return assembly


@pytest.fixture(params=["local", "paper", "live"])
def any_stage(request: pytest.FixtureRequest, assembly_of: Callable[[str], Assembly]) -> Assembly:
    return assembly_of(request.param)


@pytest.fixture(params=["paper", "live"])
def deployed(request: pytest.FixtureRequest, assembly_of: Callable[[str], Assembly]) -> Assembly:
    """A stage that goes to an AWS account."""
    return assembly_of(request.param)


@pytest.fixture
def local(assembly_of: Callable[[str], Assembly]) -> Assembly:
    return assembly_of("local")
