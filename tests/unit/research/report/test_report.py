"""The report is one page that needs nothing but itself and says all that the result holds."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import numpy as np
import pytest

from quantumzero.research.report import SECTIONS, render_report
from tests.fakes.crossing_backtest import CASH, crossing_backtest
from tests.fakes.own_backtest import own_backtest
from tests.fakes.real_bars import closing_times_and_closes

if TYPE_CHECKING:
    from quantumzero.research.result import BacktestResult

MEGABYTE = 1_000_000
_VOID = {"meta", "link", "input", "br", "path"}


class Page(HTMLParser):
    """Collects identifiers, and insists that every element is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value or "")
            if name in {"href", "src"}:
                self.addresses.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"script", "style"}:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).replace("\N{NARROW NO-BREAK SPACE}", " ").split())


@pytest.fixture(scope="module")
def result() -> BacktestResult:
    return crossing_backtest(*closing_times_and_closes("GOOG"))


def test_every_section_is_there_once_and_in_order(result: BacktestResult) -> None:
    page = Page(render_report(result))
    names = [name for name, _, _ in SECTIONS]
    assert [identifier for identifier in page.ids if identifier in names] == names
    assert len(set(page.ids)) == len(page.ids)


def test_the_page_asks_the_network_for_nothing(result: BacktestResult) -> None:
    text = render_report(result)
    assert all(address.startswith("#") or address == "data:," for address in Page(text).addresses)
    assert "http://" not in text
    assert "https://" not in text
    assert "@import" not in text
    assert "url(" not in text
    assert "default-src 'none'" in text


def test_equal_results_give_equal_pages(result: BacktestResult) -> None:
    assert render_report(result) == render_report(result)


def test_a_hundred_thousand_bars_stay_below_a_megabyte() -> None:
    count = 98_280
    times = 1_700_000_000_000_000 + np.arange(count) * 60_000_000
    walk = np.cumsum(np.random.default_rng(7).normal(0, 5e-4, count))
    long_run = crossing_backtest(times, np.round(100 * np.exp(walk), 2))
    text = render_report(long_run)
    assert len(text.encode()) < MEGABYTE
    assert f"The first 500 of {len(long_run.trades):,} are listed" in text


def test_many_instruments_with_many_trades_stay_below_a_megabyte_too() -> None:
    count, symbols = 20_000, tuple(f"S{number}" for number in range(20))
    times = 1_700_000_000_000_000 + np.arange(count) * 60_000_000
    walk = np.cumsum(np.random.default_rng(7).normal(0, 5e-4, count))
    one = crossing_backtest(times, np.round(100 * np.exp(walk), 2), fast=2, slow=5)
    trades = replace(one.trades, symbol=(np.arange(len(one.trades)) % 20).astype(np.int32))
    bars = dict.fromkeys(symbols, one.bars["GOOG"])
    text = render_report(replace(one, symbols=symbols, trades=trades, bars=bars))
    assert len(text.encode()) < MEGABYTE
    assert text.count("<details") == 12
    assert "The 12 instruments with the most trades of 20 are drawn." in text


def test_the_headline_says_what_became_of_the_money(result: BacktestResult) -> None:
    text = Page(render_report(result)).text
    assert f"100,000.00 became {result.final_equity:,.2f}" in text
    change = (result.final_equity / CASH - 1) * 100
    assert f"+{change:,.2f} %" in text
    assert "2004-08-19" in text
    assert "2013-03-01" in text
    assert "GOOG: 3 bars outside the sessions of XNYS were left out" in text


def test_everything_that_decides_the_result_is_listed(result: BacktestResult) -> None:
    text = Page(render_report(result)).text
    assert result.key in text
    assert "Parameter fast 10" in text
    assert "Fill next_open" in text
    assert "Costs: commission bps 10" in text


def test_an_undefined_metric_says_why_and_is_never_zero(result: BacktestResult) -> None:
    assert "Skew undefined Undefined: fewer than 3 returns" in Page(render_report(result)).text


def test_what_a_control_said_cannot_become_markup(result: BacktestResult) -> None:
    text = render_report(replace(result, strategy="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in text
    assert "12 &lt; 13 &amp; &lt;b&gt;" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_ambiguous_trades_are_counted_and_bounded(result: BacktestResult) -> None:
    text = Page(render_report(result)).text
    low, high = result.ambiguity_bounds
    assert f"2 of {len(result.trades)} trades" in text
    assert f"Least possible +{low:,.2f}" in text
    assert f"Greatest possible +{high:,.2f}" in text


def test_all_trades_are_in_the_table_with_their_result(result: BacktestResult) -> None:
    text = render_report(result)
    rows = re.findall(r'<tr><th scope="row" class="number">(\d+)</th>', text)
    assert rows == [str(place + 1) for place in range(len(result.trades))]


def test_a_run_without_trades_benchmark_or_refusals_is_a_page_too(result: BacktestResult) -> None:
    none = crossing_backtest(*closing_times_and_closes("GOOG"), slow=100_000 // 31)
    quiet = replace(none, benchmark=None, refusals=(), notes=(), ambiguous_trades=0, bars={})
    text = Page(render_report(quiet)).text
    assert len(quiet.trades) == 0
    assert "No position was closed." in text
    assert "There were no trades." in text
    assert "No order was refused." in text


def test_a_short_result_of_two_instruments_is_a_page_too() -> None:
    text = Page(render_report(own_backtest())).text
    assert "short" in text
    assert "Six months are 126 sessions" in text


@pytest.mark.parametrize("points", [1, 2, 3])
def test_a_run_of_a_few_bars_is_a_page_too(points: int) -> None:
    assert "Six months are 126 sessions" in Page(render_report(own_backtest(points=points))).text


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "equity", [np.zeros(300), np.linspace(1e5, -5e4, 300), np.linspace(1e-9, 1e12, 300)]
)
def test_a_ruin_or_a_fortune_is_a_page_too(equity: np.ndarray) -> None:
    result = own_backtest(points=300)
    curves = replace(result.curves, equity=equity, gross=np.abs(equity), net=-equity)
    text = Page(render_report(replace(result, curves=curves))).text
    assert f"became {equity[-1]:,.2f}".replace("-", "\N{MINUS SIGN}") in text
