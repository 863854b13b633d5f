"""The stage that trades on paper: every function that speaks to a broker is told, and no other stage may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
import pytest

from stacks.stage import read_stage
from tests.stacks.assembly import synthesise

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stacks.assembly import Assembly

SPEAKING = (
    "place_order",
    "relay_trade_updates",
    "sweep_orders",
    "reconcile_account",
    "halt_trading",
    "carry_out_requests",
    "prepare_session",
    "check_risk",
    "serve_api",
)


@pytest.fixture(scope="module")
def on_paper(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    folder: Path = tmp_path_factory.mktemp("paper")
    return synthesise("paper", folder / "stage", broker="paper", timeframes="1d, 5m")


@pytest.mark.parametrize("function", SPEAKING)
def test_whoever_speaks_to_the_broker_knows_that_it_is_paper(
    on_paper: Assembly, function: str
) -> None:
    variables = on_paper.variables(function)
    assert (variables["BROKER"], variables["PAPER_CASH"]) == ("paper", "100000")
    assert variables["PAPER_TIMEFRAME"] == "5m"


def test_it_is_checked_like_every_stage(on_paper: Assembly) -> None:
    assert on_paper.findings == ()


def test_the_usual_stage_says_nothing_of_paper(deployed: Assembly) -> None:
    assert "BROKER" not in deployed.variables("place_order")


@pytest.mark.parametrize(
    ("stage", "broker"), [("live", "paper"), ("local", "paper"), ("paper", "robinhood")]
)
def test_what_is_not_offered_is_refused_with_what_is(stage: str, broker: str) -> None:
    app = cdk.App(context={"stage": stage, "broker": broker})
    with pytest.raises(ValueError, match="it may be alpaca"):
        read_stage(app.node)
