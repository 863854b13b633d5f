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


@pytest.mark.parametrize("name", ["sma-cross", "ema-cross", "rsi-reversion", "channel-breakout"])
def test_the_first_shipped_strategies_trade_live(name):
    document = parse_document((ROOT / "strategies" / f"{name}.yaml").read_text())
    assert unsupported_live(document) == ()
    assert refusal(document) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (LIVE + "costs: {commission: {bps: 3}, borrow_percent: 2}\nbenchmark: SPY\n", []),
        (LIVE + "model: {name: gate, at_least: 0.5}\n", []),
        (LIVE + "execution: {order: market, fill: next_open, time_in_force: day}\n", []),
        (LIVE.replace("{long:", '{short: "close < open", long:'),
         ["short selling (entry.short)"]),
        (LIVE + "protect: {time_stop: {bars: 3}}\n", ["protective orders (protect)"]),
        (LIVE.replace(SIZE, "sizing: {fixed_notional: 1000, lot: fractional}"),
         ["the size fixed_notional (sizing)", "fractional shares (sizing.lot)"]),
        (LIVE.replace(SIZE, "sizing: {percent_of_equity: 10, lot: 100}"),
         ["lots of 100 shares (sizing.lot)"]),
        (LIVE + "execution: {order: limit, limit: close, fill: close, time_in_force: gtc, "
                "participation_percent: 5}\n",
         ["order limit (execution.order)", "fill close (execution.fill)",
          "time_in_force gtc (execution.time_in_force)",
          "a cap on each fill (execution.participation_percent)"]),
        (LIVE + "account: {type: reg_t}\n", ["the account reg_t (account.type)"]),
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
        "strategy page cannot trade live yet: it uses the account reg_t (account.type), no calendar "
        "(calendar); live trading knows long entries and exits by market day orders of "
        "percent_of_equity in whole shares, so backtest it, or change these parts"
    )
