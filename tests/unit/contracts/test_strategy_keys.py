"""Every key of the language: what it is read into, and its faults with their places."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.contracts.strategy_document import DocumentError, parse_document
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.domain.strategy.document import (
    Costs,
    Distance,
    Protection,
    Rebalance,
    Sizing,
    SizingMethod,
)

EXAMPLES = Path(__file__).parents[2] / "examples"
HEAD = "strategy: page\nversion: 1\nuniverse: [AAPL, MSFT]\ntimeframe: 1d\n"
ENDS = 'entry: {long: "close > open"}\nexit: {long: "close < open"}\n'
SIZE = "sizing: {percent_of_equity: 10}\n"
WHOLE = HEAD + ENDS + SIZE


def faults(text: str) -> list[tuple[str, int, int, str]]:
    with pytest.raises(DocumentError) as error:
        parse_document(text)
    return [(each.path, each.line, each.column, each.message) for each in error.value.problems]


def test_the_example_of_everything_is_read_into_values():
    document = parse_document((EXAMPLES / "everything.yaml").read_text())
    assert document.sizing == Sizing(SizingMethod.RISK_PERCENT, Decimal(1))
    assert document.protect == Protection(
        stop_loss=Distance(atr_bars=14, multiple=Decimal(2)),
        take_profit=Distance(percent=Decimal(8)),
        trailing_stop=Distance(percent=Decimal(5)),
        time_stop_bars=20,
    )
    assert document.costs == Costs(
        commission_per_share=Decimal("0.005"), commission_minimum=Decimal(1),
        commission_maximum_percent=Decimal(1), slippage_bps=Decimal(2), borrow_percent=Decimal(3),
        margin_interest_percent=Decimal(6),
    )  # fmt: skip
    assert (document.execution.order, document.execution.time_in_force) == ("limit", "day")
    assert document.execution.limit is not None
    assert document.execution.limit.words == "close * 0.995"
    assert document.execution.participation_percent == 5
    assert (document.account, document.calendar, document.benchmark) == ("reg_t", "XNYS", "SPY")
    assert set(document.formulas) == {
        "entry_long", "exit_long", "entry_short", "exit_short", "limit",
    }  # fmt: skip


def test_the_example_of_weights_is_read_into_values():
    document = parse_document((EXAMPLES / "momentum.yaml").read_text())
    assert document.weights is not None
    assert (document.weights.scheme, document.weights.bars) == ("inverse_volatility", 60)
    assert document.rebalance == Rebalance("month", Decimal(2), Decimal(1), Decimal(100))
    assert document.groups == {"technology": ("AAPL", "IBM", "MSFT", "GOOG"), "energy": ("XOM",)}
    assert document.sizing is None
    assert set(document.formulas) == {"weight_long", "weight_short"}


@pytest.mark.parametrize(
    ("text", "sizing"),
    [
        ("fixed_quantity: 2.5, lot: fractional",
         Sizing(SizingMethod.FIXED_QUANTITY, Decimal("2.5"), None)),
        ("fixed_notional: 5000, lot: 100", Sizing(SizingMethod.FIXED_NOTIONAL, Decimal(5000), 100)),
        ("volatility_target: {percent: 15, bars: 40}",
         Sizing(SizingMethod.VOLATILITY_TARGET, Decimal(15), 1, 40)),
        ("volatility_target: {percent: 15}",
         Sizing(SizingMethod.VOLATILITY_TARGET, Decimal(15), 1, 20)),
        ("equal_weight: 4", Sizing(SizingMethod.PERCENT_OF_EQUITY, Decimal(25))),
        # An edge of 0.55 - 0.45 / 1.5 = 0.25; half of it is 12.5 %, and a fifth of it 5 %.
        ("kelly: {win_rate: 0.55, payoff: 1.5}",
         Sizing(SizingMethod.PERCENT_OF_EQUITY, Decimal("12.5"))),
        ("kelly: {win_rate: 0.55, payoff: 1.5, fraction: 0.2}, lot: 10",
         Sizing(SizingMethod.PERCENT_OF_EQUITY, Decimal(5), 10)),
        ("kelly: {win_rate: 0.9, payoff: 1.5, fraction: 1, most_percent: 8}",
         Sizing(SizingMethod.PERCENT_OF_EQUITY, Decimal(8))),
    ],
)  # fmt: skip
def test_sizes(text, sizing):
    assert parse_document(f"{HEAD}{ENDS}sizing: {{{text}}}\n").sizing == sizing


def test_a_rebalance_that_is_not_written_is_monthly():
    document = parse_document(HEAD + "weights: close / open - 1 -> proportional\n")
    assert document.rebalance == Rebalance()


@pytest.mark.parametrize(
    ("text", "path", "line", "column", "says"),
    [
        (HEAD + ENDS + "sizing: {}\n", "sizing", 7, 9, "volatility_target was missing; add one"),
        (HEAD + ENDS + "sizing: {fixed_quantity: 1, percent_of_equity: 2}\n",
         "sizing.fixed_quantity", 7, 26, "fixed_quantity stood beside percent_of_equity"),
        (HEAD + ENDS + "sizing: {fixed_quantity: 0}\n", "sizing.fixed_quantity", 7, 26,
         "a number from 0.000001 to 1000000000"),
        (HEAD + ENDS + "sizing: {fixed_quantity: 1, lot: 0.5}\n", "sizing.lot", 7, 34,
         "fractional, or a whole number of shares"),
        (HEAD + ENDS + "sizing: {volatility_target: {percent: 5, bars: 1}}\n",
         "sizing.volatility_target.bars", 7, 48, "a whole number from 2 to 4999"),
        (HEAD + ENDS + "sizing: {risk_percent: 1}\n", "sizing.risk_percent", 7, 9,
         "add protect.stop_loss"),
        (HEAD + ENDS + "sizing: {kelly: {win_rate: 0.4, payoff: 1}}\n", "sizing.kelly", 7, 17,
         "winning 0.4 of the time at 1 to 1 has no edge"),
        (HEAD + ENDS + "sizing: {kelly: {win_rate: 40, payoff: 1}}\n", "sizing.kelly.win_rate", 7, 28,
         "a number from 0 to 1"),
        (HEAD + ENDS + "sizing: {kelly: {payoff: 1}}\n", "sizing.kelly.win_rate", 7, 17,
         "the key win_rate was missing"),
        (HEAD + ENDS + "sizing: {equal_weight: 0}\n", "sizing.equal_weight", 7, 24,
         "a whole number from 1 to 10000"),
        (HEAD + ENDS + "sizing: {atr: {percent: 1}}\n", "sizing.atr", 7, 15,
         "write risk_percent and protect.stop_loss"),
        (HEAD + ENDS + "sizing: {risk_parity: 1}\n", "sizing.risk_parity", 7, 23,
         "write weights with the scheme inverse_volatility"),
        (WHOLE + "protect: {stop: {percent: 1}}\n", "protect.stop", 8, 11, "did you mean"),
        (WHOLE + "protect: {stop_loss: {percent: 101}}\n", "protect.stop_loss.percent", 8, 32,
         "a number from 0.01 to 100"),
        (WHOLE + "protect: {stop_loss: {percent: 1, multiple: 2}}\n",
         "protect.stop_loss.multiple", 8, 45, "multiple goes with atr"),
        (WHOLE + "protect: {stop_loss: 5}\n", "protect.stop_loss", 8, 22, "it must be a mapping"),
        (WHOLE + "protect: {time_stop: {bars: 0}}\n", "protect.time_stop.bars", 8, 29,
         "a whole number from 1 to 1000000"),
        (WHOLE + "execution: {order: stop_limit, limit: close}\n", "execution.stop", 8, 12,
         "an order stop_limit needs the key stop"),
        (WHOLE + "execution: {limit: close}\n", "execution.limit", 8, 20,
         "an order market does not read limit; take it out, or write order: limit or stop_limit"),
        (WHOLE + "execution: {order: limit, limit: volume}\n", "execution.limit", 8, 34,
         "expression was a count; it must be a price"),
        (WHOLE + "execution: {order: stop, stop: close > 1}\n", "execution.stop", 8, 32,
         "expression was a series of truths; it must be a price"),
        (WHOLE + "execution: {fill: next_opn}\n", "execution.fill", 8, 19,
         "it may be next_open or close or next_close or quote"),
        (WHOLE + "execution: {time_in_force: forever}\n", "execution.time_in_force", 8, 28, "gtc"),
        (WHOLE + "costs: {commission: {minimum: 1}}\n", "costs.commission", 8, 21,
         "the key bps, per_share, per_trade or plan was missing"),
        (WHOLE + "costs: {commission: {plan: alpaca, bps: 1}}\n", "costs.commission.plan", 8, 28,
         "a plan is a broker's whole tariff"),
        (WHOLE + "costs: {commission: {plan: alpca}}\n", "costs.commission.plan", 8, 28,
         "it may be alpaca or interactive_brokers_tiered"),
        (WHOLE + "costs: {slippage: {}}\n", "costs.slippage", 8, 19, "square_root was missing"),
        (WHOLE + "costs: {borrow_percent: -1}\n", "costs.borrow_percent", 8, 25, "from 0 to 1000"),
        (WHOLE + "account: {type: margin}\n", "account.type", 8, 17, "it may be cash or reg_t"),
        (WHOLE + "calendar: LSE\n", "calendar", 8, 11, "it may be XNYS or none"),
        (WHOLE + "benchmark: spy\n", "benchmark", 8, 12, "a symbol in capitals"),
        (WHOLE + "rebalance: {every: day}\n", "rebalance", 8, 12, "goes with weights"),
        (WHOLE + "groups: {a: [AAPL]}\n", "groups", 8, 9, "goes with weights"),
        (WHOLE + "weights: close -> equal\n", "entry", 5, 8, "a strategy of weights has no entry"),
        (HEAD + "entry: {}\nexit: {}\n" + SIZE, "entry", 5, 8, "the key long or short was missing"),
        (HEAD + "entry: {long: close > 1}\nexit: {short: close < 1}\n" + SIZE, "exit.long", 6, 7,
         "entry.long stood alone; add exit.long"),
        (HEAD + "entry: {long: close > 1}\nexit: {short: close < 1}\n" + SIZE, "entry.short", 5, 8,
         "exit.short stood alone; add entry.short"),
        (HEAD + "weights: close\n", "weights", 5, 14, "the scheme was missing"),
        (HEAD + "weights: close -> inverse_volatility(1)\n", "weights", 5, 19,
         "the bars were 1; they may be 2 to 4999"),
        (HEAD + "weights: close -> equal(3)\n", "weights", 5, 19, "the scheme was 'equal(3)'"),
        (HEAD + "weights: clos -> equal\n", "weights", 5, 10, "did you mean close?"),
        (HEAD + "weights: 5 -> equal\n", "weights", 5, 10, "one fixed number"),
        (HEAD + "weights: top(close, 0) -> equal\n", "weights", 5, 21, "whole number from 1"),
        (HEAD + "weights: {long: top(close, 1) -> equal}\n", "weights.long", 5, 17, "in quotes"),
        (HEAD + "weights: neutralise(close, groups) -> equal\n", "weights", 5, 28,
         "the document has no groups"),
        (HEAD + "groups: {a: [AAPL]}\nweights: neutralise(close, sector) -> equal\n", "weights", 6,
         28, "it may be the word groups"),
        (HEAD + "weights: {}\n", "weights", 5, 10, "the key long or short was missing"),
        (HEAD + "weights:\n  long: close > 1 -> equal\n  short: close -> proportional\n",
         "weights.short", 7, 10, "both sides take the same scheme"),
        (HEAD + "weights: close -> equal\ngroups: {a: [AAPL], b: [AAPL]}\n", "groups.b", 6, 24,
         "AAPL is in the group a already"),
        (HEAD + "weights: close -> equal\ngroups: {a: [IBM]}\n", "groups.a", 6, 13,
         "IBM is not in the universe"),
        (HEAD + "weights: close -> equal\nrebalance: {every: year}\n", "rebalance.every", 6, 20,
         "it may be bar or day or week or month or quarter"),
        (HEAD + "weights: close -> equal\nprotect: {}\n", "protect", 6, 10, "has no protect"),
    ],
)  # fmt: skip
def test_a_fault_points_at_its_line_and_column(text, path, line, column, says):
    found = faults(text)
    assert (path, line, column) in [fault[:3] for fault in found]
    message = next(fault[3] for fault in found if fault[0] == path)
    assert says in message


def test_a_fault_in_a_weight_points_at_its_character_across_a_folded_line():
    text = HEAD + "weights: >\n  top(close, 1)\n  and clos > 1 -> equal\n"
    [fault] = faults(text)
    assert fault[:3] == ("weights", 7, 7)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["everything", "momentum"]), st.data())
def test_a_damaged_document_is_read_or_refused_with_places_inside_it(name, data):
    whole = (EXAMPLES / f"{name}.yaml").read_text()
    place = data.draw(st.integers(0, len(whole) - 1))
    damage = data.draw(
        st.sampled_from(["", "x", "(", "]", "{", ":", "'", "-", ">", "@", ".", "\n"])
    )
    text = whole[:place] + damage + whole[place + 1 :]
    try:
        compile_strategy(parse_document(text))
    except DocumentError as error:
        lines = text.split("\n")
        for problem in error.problems:
            assert 1 <= problem.line <= len(lines)
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1


def test_a_signal_may_be_named_like_a_function_because_only_a_call_has_parentheses():
    text = HEAD + "signals: {momentum: close - open, sma: close + open}\n" + SIZE
    text += "entry:\n  long: momentum > 0 and momentum(close, 3) > 0 and sma(sma, 2) > 1\n"
    compiled = compile_strategy(parse_document(text + "exit: {long: close < sma}\n"))
    labels = dict(compiled.labels)
    assert labels["momentum"] == labels["close - open"]
    assert compiled.nodes[labels["sma(sma, 2)"]].inputs == (labels["close + open"],)


def test_settings_imply_formulas_of_their_own():
    document = parse_document(
        HEAD + ENDS + "sizing: {volatility_target: {percent: 15, bars: 40}}\n"
        "protect: {stop_loss: {atr: 20, multiple: 2}, take_profit: {percent: 5}}\n"
        "costs: {slippage: {square_root: 0.1}}\n"
    )
    compiled = compile_strategy(document)
    assert compiled.distances.keys() == {"stop_loss"}
    assert compiled.nodes[compiled.distances["stop_loss"]].operation == "rma"
    assert compiled.volatility is not None
    assert compiled.nodes[compiled.volatility].operation == "stdev"
    assert compiled.daily_volatility is not None
    assert compiled.warm_up_bars == 41
    assert "atr(20)" not in dict(compiled.labels)


def test_a_days_volatility_is_scaled_from_bars_within_it():
    costs = "costs: {slippage: {square_root: 0.1}}\n"
    for timeframe, factor in (("1m", 390**0.5), ("1h", 7**0.5), ("1w", 0.2**0.5)):
        text = WHOLE.replace("timeframe: 1d", f"timeframe: {timeframe}") + costs
        compiled = compile_strategy(parse_document(text))
        node = compiled.nodes[compiled.daily_volatility]
        assert node.operation == "*"
        assert compiled.nodes[node.inputs[1]].constants[0] == pytest.approx(factor, rel=1e-9)


def test_prices_may_count_finer_units_than_live_trading_does():
    document = parse_document(WHOLE)
    assert compile_strategy(document).nodes[0].denominator == 10_000
    finer = compile_strategy(document, price_decimals=5)
    assert (finer.nodes[0].denominator, finer.price_decimals) == (100_000, 5)
    assert finer.fingerprint != compile_strategy(document).fingerprint
