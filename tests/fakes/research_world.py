"""A researcher's folder for the tests of the command line: a strategy, real bars, a home of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cli.__main__ import main
from tests.fakes.real_bars import write_daily

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

STRATEGY = """\
strategy: crossing
version: 2
universe: [GOOG]
timeframe: 1d
parameters:
  fast: {default: 10, range: [2, 45, 1]}
  slow: {default: 30, range: [10, 250, 1]}
entry: {long: "cross_above(sma(close, fast), sma(close, slow))"}
exit: {long: "cross_below(sma(close, fast), sma(close, slow))"}
sizing: {percent_of_equity: 100, lot: fractional}
costs: {commission: {bps: 10}}
"""


class ResearchWorld:
    """A folder with a strategy, real bars of GOOG and IBM, and a home of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.home = folder / "home"
        self.strategy = folder / "crossing.yaml"
        self.strategy.write_text(STRATEGY)
        self.data = write_daily(folder / "GOOG.csv", "GOOG")

    def run(self, *arguments: str) -> tuple[int, str, str]:
        code = main([str(each) for each in arguments])
        said = self._capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, " ".join(said.err.split())

    def research(self, command: str, *arguments: str) -> tuple[int, str, str]:
        home = ("--home", str(self.home))
        data = () if "--data" in arguments else ("--data", str(self.data))
        return self.run(command, str(self.strategy), *data, *home, *arguments)

    def backtest(self, *arguments: str) -> dict[str, Any]:
        code, out, said = self.research("backtest", "--json", *arguments)
        assert code == 0, said
        assert said == ""
        found: dict[str, Any] = json.loads(out)
        return found

    def refusal(self, *arguments: str) -> str:
        code, out, said = self.research("backtest", *arguments)
        assert code == 1
        assert out == ""
        assert said.startswith("qz: ")
        return said
