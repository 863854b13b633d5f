"""Without --data the research commands run on the embedded bars: the README's first command works as it stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cli.__main__ import main
from local.settings import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SHIPPED = str(ROOT / "strategies" / "sma-cross.yaml")


def test_the_replays_year_comes_to_the_replays_equity(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    year = ["--from", "2004-08-19", "--to", "2005-08-29"]
    options = ["--preset", "replay", "--json", "--home", str(tmp_path)]
    assert main(["backtest", SHIPPED, *year, *options]) == 0
    result = json.loads(capsys.readouterr().out)
    assert round(float(result["final_equity"]), 2) == 109_249.53
    assert (len(result["orders"]), len(result["fills"]), len(result["trades"])) == (53, 76, 26)


def test_a_symbol_that_is_not_embedded_is_refused_with_those_that_are(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["backtest", SHIPPED, "--symbol", "TSLA", "--home", str(tmp_path)]) == 1
    said = " ".join(capsys.readouterr().err.split())
    assert "the data holds AAPL, GOOG, IBM, MSFT, not TSLA; give other data with --data" in said


def test_an_indicator_of_an_embedded_symbol_has_one_value_for_each_bar(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["indicator", "sma(close, 3)", "--symbol", "GOOG", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert len(values) == 2148
    assert values[:2] == [None, None]
    assert round(values[2], 4) == 106.015
