"""What the platform does not trade live yet is named, and what it trades is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.strategy.live_support import refusal, unsupported_live

ROOT = Path(__file__).parents[4]
HEAD = "strategy: page\nversion: 1\nuniverse: [AAPL]\ntimeframe: 1d\n"
LIVE = (
    HEAD + 'entry: {long: "close > open"}\nexit: {long: "close < open"}\n'
    "sizing: {percent_of_equity: 10}\n"
)
SIZE = "sizing: {percent_of_equity: 10}"


def test_every_shipped_strategy_trades_live_but_portfolios_and_pairs():
    documents = [
        parse_document(path.read_text()) for path in sorted((ROOT / "strategies").glob("*.yaml"))
    ]
    refused = {each.strategy: unsupported_live(each) for each in documents if refusal(each)}
    assert len(documents) == 15
    assert refused == {
        "cross-sectional-momentum": ("portfolio weights (weights)",),
        "pairs-spread": ("fields of another instrument (such as AAPL.close)",),
        "time-series-momentum": ("portfolio weights (weights)",),
    }


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (LIVE + "costs: {commission: {bps: 3}, borrow_percent: 2}\nbenchmark: SPY\n", []),
        (LIVE + "model: {name: gate, at_least: 0.5}\n", []),
        (LIVE + "execution: {order: market, fill: next_open, time_in_force: day}\n", []),
        (LIVE.replace("{long:", '{short: "close < open", long:'), []),
        (LIVE.replace("{long:", '{short: "close < open", long:') + "account: {type: reg_t}\n", []),
        (LIVE + "protect: {stop_loss: {atr: 5, multiple: 2}, trailing_stop: {percent: 3}, "
                "take_profit: {percent: 9}, time_stop: {bars: 3}}\n", []),
        (LIVE.replace(SIZE, "sizing: {fixed_notional: 1000, lot: fractional}"), []),
        (LIVE.replace(SIZE, "sizing: {fixed_quantity: 300, lot: 100}"), []),
        (LIVE.replace(SIZE, "sizing: {volatility_target: {percent: 10}}"), []),
        (LIVE.replace(SIZE, "sizing: {risk_percent: 1}") + "protect: {stop_loss: {percent: 2}}\n", []),
        (LIVE.replace("{long:", '{short: "close < open", long:').replace("10}", "10, lot: fractional}"),
         ["fractional shares beside short selling (sizing.lot)"]),
        (LIVE + "execution: {order: limit, limit: close, fill: close, time_in_force: gtc, "
                "participation_percent: 5}\n",
         ["order limit (execution.order)", "fill close (execution.fill)",
          "time_in_force gtc (execution.time_in_force)",
          "a cap on each fill (execution.participation_percent)"]),
        (LIVE + "account: {type: reg_t}\n", ["borrowing (account.type reg_t without entry.short)"]),
        (LIVE + "calendar: none\n", ["no calendar (calendar)"]),
        (LIVE + "signals: {a: close@1w, b: SPY.close, c: vwap}\n",
         ["fields of a higher timeframe (such as close@1w)",
          "fields of another instrument (such as AAPL.close)", "the field vwap"]),
        (HEAD + "weights: top(close, 1) -> equal\n", ["portfolio weights (weights)"]),
    ],
)  # fmt: skip
def test_every_other_feature_is_named(text, named):
    assert list(unsupported_live(parse_document(text))) == named


def test_the_refusal_names_the_strategy_and_says_what_to_do():
    document = parse_document(LIVE + "calendar: none\naccount: {type: reg_t}\n")
    assert refusal(document) == (
        "strategy page cannot trade live yet: it uses borrowing (account.type reg_t without "
        "entry.short), no calendar (calendar); live trading knows entries and exits by market day "
        "orders, sized and protected as the document says, so backtest it, or change these parts"
    )
