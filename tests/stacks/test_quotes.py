"""Quotes are asked for only where the deployment says so, by those who may read the vendor's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
import pytest

from stacks.stage import read_stage
from tests.stacks.assembly import synthesise

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stacks.assembly import Assembly

DECIDING = ("check_risk", "sweep_orders", "prepare_session")


@pytest.fixture(scope="module")
def quoted(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    folder: Path = tmp_path_factory.mktemp("quotes")
    return synthesise("paper", folder / "stage", quotes="alpaca")


@pytest.mark.parametrize("function", DECIDING)
def test_whoever_decides_on_entries_is_told_where_quotes_are(
    quoted: Assembly, function: str
) -> None:
    variables = quoted.variables(function)
    assert variables["QUOTES"] == "alpaca"
    assert variables["MARKET_DATA_URL"] == "https://data.alpaca.markets"
    assert "SECRET_BROKER" in variables


def test_the_api_reads_no_quotes_since_it_has_no_keys(quoted: Assembly) -> None:
    assert not {"QUOTES", "SECRET_BROKER"} & set(quoted.variables("serve_api"))
    assert quoted.findings == ()


@pytest.mark.parametrize("function", DECIDING)
def test_the_usual_stage_decides_on_bars_alone(any_stage: Assembly, function: str) -> None:
    assert "QUOTES" not in any_stage.variables(function)


def test_what_is_not_offered_is_refused_with_what_is() -> None:
    app = cdk.App(context={"stage": "paper", "quotes": "polygon"})
    with pytest.raises(ValueError, match="quotes was 'polygon'; it may be off or alpaca"):
        read_stage(app.node)
