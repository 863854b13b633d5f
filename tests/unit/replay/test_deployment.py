"""What makes a deployment another one: sources, context, and where layers are bundled what goes into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local import deployment
from local.deployment import Outputs, source_hash
from quantumzero.domain.errors import UnavailableError

if TYPE_CHECKING:
    from pathlib import Path

BUNDLED = {"stage": "local", "layers": "bundled"}
FOLDERS = {"stage": "local", "packages": "/somewhere"}


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("stacks", "statemachines", "functions", "layers", "requirements"):
        (tmp_path / folder).mkdir()
    for file in ("app.py", "cdk.json", "package-lock.json", "layers/product.py"):
        (tmp_path / file).write_text("1")
    (tmp_path / "requirements" / "runtime.txt").write_text("msgspec==1")
    monkeypatch.setattr(deployment, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("changed", ["layers/product.py", "requirements/runtime.txt"])
def test_what_goes_into_bundled_layers_is_part_of_the_deployment(
    sources: Path, changed: str
) -> None:
    bundled, folders = source_hash(BUNDLED), source_hash(FOLDERS)
    (sources / changed).write_text("2")
    assert source_hash(BUNDLED) != bundled
    assert source_hash(FOLDERS) == folders


def test_a_changed_function_or_context_is_another_deployment(sources: Path) -> None:
    before = source_hash(FOLDERS)
    assert source_hash({**FOLDERS, "symbols": "ABC"}) != before
    (sources / "functions" / "handler.py").write_text("x")
    assert source_hash(FOLDERS) != before


def test_what_is_compiled_on_the_way_is_not(sources: Path) -> None:
    before = source_hash(FOLDERS)
    (sources / "functions" / "__pycache__").mkdir()
    (sources / "functions" / "__pycache__" / "handler.pyc").write_text("x")
    assert source_hash(FOLDERS) == before


def test_an_output_that_is_not_announced_names_those_that_are() -> None:
    with pytest.raises(UnavailableError, match=r"announce no ApiUrl; they announce \['ApiId'\]"):
        Outputs({"ApiId": "1"})["ApiUrl"]
