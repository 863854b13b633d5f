"""What an entry is to be worth and how it is protected, as the bar of the decision says it.

The figures are those of a backtest: distances as research/requests.py spreads them, volatility brought to a year by the
bars that a year of the exchange holds.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import sqrt
from typing import TYPE_CHECKING

from quantumzero.domain.decisions import Action, Decision
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.protection_plan import Offset, ProtectionPlan
from quantumzero.domain.sizing.size_request import SizeRequest
from quantumzero.domain.strategy.document import Sizing, SizingMethod
from quantumzero.domain.strategy.timeframes import bars_a_day

if TYPE_CHECKING:
    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.document import Distance, StrategyDocument
    from quantumzero.domain.strategy.evaluator import Evaluation

SESSIONS_A_YEAR = 252.0
WEEKS_A_YEAR = 52.0
_HUNDRED = Decimal(100)
# What a document's account may hold, in percent of its equity (12 CFR 220.12(a) for Regulation T).
_MOST_PERCENT = {"cash": _HUNDRED, "reg_t": 2 * _HUNDRED}
_ALL_IN = Sizing(SizingMethod.PERCENT_OF_EQUITY, _HUNDRED)


def with_entry_terms(
    decision: Decision, compiled: CompiledStrategy, evaluation: Evaluation
) -> Decision:
    """Return a decision to enter with its size and protection, every other one as it is.

    An entry whose protection the bar does not tell is held; what it was to turn is left all the same.
    """
    if not decision.entering:
        return decision
    missing = _unprotected(compiled, evaluation)
    if missing is not None:
        return _without_entry(decision, missing)
    return replace(
        decision,
        size=size_request(compiled, evaluation, decision.price),
        protection=protection_plan(compiled, evaluation),
    )


def percent_of_equity(document: StrategyDocument) -> Decimal:
    """Return the percent of equity that an entry asks for, 0 where it asks for more than that.

    The release before knows only this figure, of whole shares without protection; it refuses 0.
    """
    sizing = document.sizing
    if sizing is None or document.protect:
        return Decimal(0)
    plain = sizing == Sizing(SizingMethod.PERCENT_OF_EQUITY, sizing.amount)
    return sizing.amount if plain else Decimal(0)


def size_request(compiled: CompiledStrategy, evaluation: Evaluation, close: int) -> SizeRequest:
    """Return the size that an entry on the bar asks for; close is in units of 0.0001."""
    document = compiled.document
    sizing = document.sizing or _ALL_IN
    distance = volatility = None
    if sizing.method is SizingMethod.RISK_PERCENT:
        distance = _stop_distance(compiled, evaluation, price_decimal(close))
    if sizing.method is SizingMethod.VOLATILITY_TARGET:
        volatility = _yearly_volatility(compiled, evaluation)
    return SizeRequest(
        method=sizing.method,
        amount=sizing.amount,
        lot=sizing.lot,
        stop_distance=distance,
        volatility_percent=volatility,
        most_percent=_MOST_PERCENT[document.account],
    )


def protection_plan(compiled: CompiledStrategy, evaluation: Evaluation) -> ProtectionPlan | None:
    """Return how the position is to be protected, None when the document asks for nothing."""
    protect = compiled.document.protect
    if not protect:
        return None
    bars = protect.time_stop_bars
    return ProtectionPlan(
        stop_loss=_offset(compiled, evaluation, "stop_loss"),
        take_profit=_offset(compiled, evaluation, "take_profit"),
        trailing_stop=_offset(compiled, evaluation, "trailing_stop"),
        time_stop_bars=bars,
        timeframe=None if bars is None else compiled.document.timeframe,
    )


def _without_entry(decision: Decision, missing: str) -> Decision:
    if decision.position == 0:
        return replace(decision, action=Action.HOLD, reason=f"held: {missing}")
    leave = Action.EXIT_LONG if decision.position > 0 else Action.EXIT_SHORT
    return replace(decision, action=leave, reason=f"{decision.reason}; only exited: {missing}")


def _unprotected(compiled: CompiledStrategy, evaluation: Evaluation) -> str | None:
    """Return the words of a protective distance that the bar does not tell, None when it tells all.

    An entry without the protection that its document asks for is not made.
    """
    for name, node in compiled.distances.items():
        distance = _distance(compiled, name)
        value = _number(evaluation, node)
        if distance is not None and (value is None or value <= 0):
            words = f"{distance.multiple} x atr({distance.atr_bars})"
            return f"{name} is {words}, and that is {'unknown' if value is None else 0} on this bar"
    return None


def _offset(compiled: CompiledStrategy, evaluation: Evaluation, name: str) -> Offset | None:
    distance = _distance(compiled, name)
    if distance is None:
        return None
    if distance.percent is not None:
        return Offset(percent=distance.percent)
    away = _away(compiled, evaluation, name)
    return None if away is None else Offset(money=away)


def _stop_distance(
    compiled: CompiledStrategy, evaluation: Evaluation, close: Decimal
) -> Decimal | None:
    """Return how far below the close the stop would stand if the entry filled there."""
    distance = compiled.document.protect.stop_loss
    if distance is not None and distance.percent is not None:
        return close * distance.percent / 100
    return _away(compiled, evaluation, "stop_loss")


def _away(compiled: CompiledStrategy, evaluation: Evaluation, name: str) -> Decimal | None:
    """Return a distance of so many average true ranges, None where they are not known."""
    node, distance = compiled.distances.get(name), _distance(compiled, name)
    value = None if node is None else _number(evaluation, node)
    if value is None or distance is None or distance.multiple is None:
        return None
    return value * distance.multiple


def _yearly_volatility(compiled: CompiledStrategy, evaluation: Evaluation) -> Decimal | None:
    """Return the deviation of the bars' logarithmic returns over a year, in percent."""
    value = None if compiled.volatility is None else evaluation.value(compiled.volatility)
    if value is None:
        return None
    timeframe = compiled.document.timeframe
    periods = WEEKS_A_YEAR if timeframe == "1w" else SESSIONS_A_YEAR
    return Decimal(repr(float(value) * sqrt(periods * bars_a_day(timeframe, "XNYS")))) * 100


def _distance(compiled: CompiledStrategy, name: str) -> Distance | None:
    found: Distance | None = getattr(compiled.document.protect, name)
    return found


def _number(evaluation: Evaluation, node: int) -> Decimal | None:
    value = evaluation.value(node)
    return None if value is None else Decimal(repr(float(value)))
