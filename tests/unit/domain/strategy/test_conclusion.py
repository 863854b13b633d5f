"""What follows from a bar and what is held, on both sides."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.decisions import Action
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.domain.strategy.conclusion import Held, conclude
from quantumzero.domain.strategy.evaluator import IncrementalEvaluator

BOTH = compile_strategy(
    parse_document("""\
strategy: both
version: 1
universe: [AAPL]
timeframe: 1d
entry:
  long: close > 10
  short: close < 5 or close == 20
exit:
  long: close < 6
  short: close > 9
sizing: {percent_of_equity: 10}
""")
)
FLAT = Held()
LONG = Held(Decimal(7))
SHORT = Held(Decimal(-7))


@pytest.mark.parametrize(
    ("close", "held", "action", "reason"),
    [
        (11, FLAT, Action.ENTER_LONG, "entered: close > 10 is true"),
        (4, FLAT, Action.ENTER_SHORT, "entered: close < 5 or close == 20 is true"),
        (8, FLAT, Action.HOLD,
         "held: flat, close > 10 is not true and close < 5 or close == 20 is not true"),
        (20, FLAT, Action.ENTER_LONG, "entered: close > 10 is true"),
        (4, Held(pending_sell=Decimal(3)), Action.HOLD, "held: an entry of 3 is working already"),
        (11, Held(pending_buy=Decimal(3)), Action.HOLD, "held: an entry of 3 is working already"),
        (5, LONG, Action.EXIT_LONG, "exited: close < 6 is true"),
        (11, LONG, Action.HOLD, "held: already long 7"),
        (8, LONG, Action.HOLD, "held: long 7, close < 6 is not true"),
        (4, LONG, Action.ENTER_SHORT,
         "turned: close < 6 and close < 5 or close == 20 are true"),
        (11, SHORT, Action.ENTER_LONG, "turned: close > 9 and close > 10 are true"),
        (20, SHORT, Action.ENTER_LONG, "turned: close > 9 and close > 10 are true"),
        (4, Held(Decimal(7), pending_sell=Decimal(7)), Action.HOLD,
         "held: an exit of 7 is working already"),
        (10, SHORT, Action.EXIT_SHORT, "exited: close > 9 is true"),
        (4, SHORT, Action.HOLD, "held: already short 7"),
        (8, SHORT, Action.HOLD, "held: short 7, close > 9 is not true"),
        (10, Held(Decimal(-7), pending_buy=Decimal(7)), Action.HOLD,
         "held: an exit of 7 is working already"),
    ],
)  # fmt: skip
def test_a_bar_and_what_is_held_give_an_action_and_its_reason(
    daily_bars, close, held, action, reason
):
    [bar] = daily_bars([close])
    evaluation = IncrementalEvaluator(BOTH).step(bar)
    assert conclude(BOTH, evaluation, held) == (action, reason)
