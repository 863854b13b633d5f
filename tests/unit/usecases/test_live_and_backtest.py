"""A document trades live the very quantities that its backtest trades, whatever its size says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.orders import Leg, OrderClass, OrderState
from quantumzero.domain.protection_plan import Offset, ProtectionPlan
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.research.vector import VectorEvaluator
from tests.fakes.both_ways import (
    BothWays,
    backtested_actions,
    backtested_orders,
    backtested_refusals,
)

HEAD = "strategy: both-ways\nversion: 1\nuniverse: [AAPL, GOOG, IBM, MSFT]\ntimeframe: 1d\n"
LONG = (
    'entry: {long: "cross_above(close, sma(close, 4))"}\n'
    'exit: {long: "cross_below(close, sma(close, 4))"}\n'
)
TURNING = """\
entry: {long: "cross_above(close, sma(close, 6))", short: "cross_below(close, sma(close, 6))"}
exit: {long: "cross_below(close, sma(close, 6))", short: "cross_above(close, sma(close, 6))"}
account: {type: reg_t}
"""


def assert_equal(world: BothWays, **options) -> None:
    result = world.backtest(**options)
    assert world.actions() == backtested_actions(result)
    assert world.orders() == backtested_orders(result)
    assert world.refusals() == backtested_refusals(result)


@pytest.mark.parametrize(
    "text",
    [
        "sizing: {percent_of_equity: 22.5}\n",
        "sizing: {percent_of_equity: 22.5, lot: 25}\n",
        "sizing: {fixed_quantity: 130}\n",
        "sizing: {fixed_quantity: 70.125, lot: fractional}\n",
        "sizing: {fixed_notional: 12345.67}\n",
        "sizing: {equal_weight: 7}\n",
        "sizing: {kelly: {win_rate: 0.55, payoff: 1.5}}\n",
        "sizing: {volatility_target: {percent: 2, bars: 9}}\n",
        "sizing: {risk_percent: 5}\nprotect: {stop_loss: {percent: 40}}\n",
        "sizing: {risk_percent: 5, lot: 10}\nprotect: {stop_loss: {atr: 5, multiple: 25}}\n",
        "sizing: {risk_percent: 3, lot: fractional}\nprotect: {stop_loss: {atr: 5, multiple: 25}}\n",
    ],
)  # fmt: skip
def test_every_size_is_the_same_live_and_in_a_backtest(text: str) -> None:
    world = BothWays(HEAD + LONG + text).trade()
    assert len(world.orders()) > 70
    assert_equal(world)


def test_short_entries_and_turns_are_the_same_live_and_in_a_backtest() -> None:
    text = HEAD + TURNING + "sizing: {percent_of_equity: 11}\n"
    world = BothWays(text, short_selling=True).trade()
    assert {"enter_long", "enter_short"} <= set(world.actions().values())
    turned = [each for each in world.decided if each.reason.startswith("turned: ")]
    assert len(turned) > 60
    assert_equal(world)


def test_a_turn_whose_second_half_is_refused_leaves_all_the_same_in_both() -> None:
    # Short selling is not allowed: the long side trades, and every turn only closes.
    text = (
        HEAD + TURNING.replace("account: {type: reg_t}\n", "") + "sizing: {percent_of_equity: 11}\n"
    )
    world = BothWays(text).trade()
    assert {code for *_, code in world.refusals()} == {"NOT_SHORTABLE"}
    sales = [each for each in world.orders() if each[2] == "sell"]
    assert len(sales) > 40
    assert_equal(world)


PROTECTED = """\
sizing: {percent_of_equity: 15}
protect:
  stop_loss: {atr: 5, multiple: 2.5}
  take_profit: {percent: 8}
  trailing_stop: {atr: 9, multiple: 3}
  time_stop: {bars: 20}
"""


def test_protection_has_the_distances_of_the_backtest() -> None:
    world = BothWays(HEAD + LONG + PROTECTED, sessions=60)
    compiled = compile_strategy(parse_document(world.document))
    evaluator = VectorEvaluator(world.history(), "XNYS")
    entries = [each for each in world.trade().decided if each.entering]
    assert len(entries) > 20
    for name, multiple in (("stop_loss", "2.5"), ("trailing_stop", "3")):
        ranges = evaluator.numbers(compiled, compiled.distances[name])
        for decision in entries:
            assert decision.protection is not None
            offset = getattr(decision.protection, name)
            wanted = ranges[decision.symbol][world.row_of(decision)] * float(multiple)
            assert float(offset.money) == pytest.approx(wanted, rel=1e-14)
    assert {each.protection.take_profit for each in entries} == {Offset(percent=Decimal(8))}
    assert {each.protection.time_stop_bars for each in entries} == {20}
    assert {each.protection.timeframe for each in entries} == {"1d"}


@pytest.mark.parametrize(
    ("protect", "kind", "plan"),
    [
        ("stop_loss: {percent: 2}", OrderClass.OTO, ProtectionPlan(Offset(percent=Decimal(2)))),
        ("time_stop: {bars: 4}", OrderClass.OTO,
         ProtectionPlan(time_stop_bars=4, timeframe="1d")),
        ("trailing_stop: {percent: 3}, take_profit: {percent: 9}", OrderClass.BRACKET,
         ProtectionPlan(take_profit=Offset(percent=Decimal(9)),
                        trailing_stop=Offset(percent=Decimal(3)))),
    ],
)  # fmt: skip
def test_an_entry_carries_its_protection_into_its_order(
    protect: str, kind: OrderClass, plan: ProtectionPlan
) -> None:
    text = HEAD + LONG + f"sizing: {{percent_of_equity: 10}}\nprotect: {{{protect}}}\n"
    world = BothWays(text, sessions=20).trade()
    records = world.desk.ledger.records.values()
    entries = [each for each in records if each.terms.leg is Leg.ENTRY]
    exits = [each for each in records if each.terms.leg is Leg.EXIT]
    assert len(entries) > 4
    assert len(exits) > 2
    assert {(each.terms.order_class, each.terms.protection) for each in entries} == {(kind, plan)}
    assert {(each.terms.order_class, each.terms.protection) for each in exits} == {
        (OrderClass.SIMPLE, None)
    }
    assert {each.state for each in entries} <= {OrderState.FILLED, OrderState.ACCEPTED}


def test_a_turn_whose_limits_do_not_hold_both_sides_only_leaves() -> None:
    world = BothWays(HEAD + TURNING + "sizing: {percent_of_equity: 22}\n", short_selling=True)
    world.trade()
    assert {code for *_, code in world.refusals()} >= {"EXPOSURE_SYMBOL"}
    refused = {(day, symbol) for day, symbol, code in world.refusals() if code == "EXPOSURE_SYMBOL"}
    left = {(day, symbol) for day, symbol, _, _ in world.orders()}
    turned = {
        (each.closes_at.date().isoformat(), each.symbol)
        for each in world.decided
        if each.reason.startswith("turned: ")
    }
    # Every turn closed what it turned, whether its second half was allowed or not.
    assert turned <= left
    assert refused <= turned
