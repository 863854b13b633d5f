"""From what a bar says and what is held to an action with its reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.decisions import Action

if TYPE_CHECKING:
    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.evaluator import Evaluation


@dataclass(frozen=True, slots=True)
class Held:
    """The strategy's own quantity of the symbol, and what its working orders may still change."""

    quantity: Decimal = Decimal(0)
    pending_buy: Decimal = Decimal(0)
    pending_sell: Decimal = Decimal(0)


def conclude(compiled: CompiledStrategy, evaluation: Evaluation, held: Held) -> tuple[Action, str]:
    """Return what to do about the bar and why.

    Exits are read while something is held and no exit works; entries while nothing is held and no
    entry works.
    """
    if not evaluation.warm:
        progress = f"{evaluation.bars_seen} of {compiled.warm_up_bars} bars"
        return Action.HOLD, f"held: warming up, {progress}"
    if held.quantity > 0:
        return _while_long(compiled, evaluation, held)
    return _while_flat(compiled, evaluation, held)


def _while_long(
    compiled: CompiledStrategy, evaluation: Evaluation, held: Held
) -> tuple[Action, str]:
    words = compiled.document.exit_long.words
    long = f"long {held.quantity:f}"
    if not evaluation.exit_long:
        if evaluation.entry_long:
            return Action.HOLD, f"held: already {long}"
        return Action.HOLD, f"held: {long}, {words} is not true"
    if held.pending_sell > 0:
        return Action.HOLD, f"held: an exit of {held.pending_sell:f} is working already"
    return Action.EXIT_LONG, f"exited: {words} is true"


def _while_flat(
    compiled: CompiledStrategy, evaluation: Evaluation, held: Held
) -> tuple[Action, str]:
    words = compiled.document.entry_long.words
    if not evaluation.entry_long:
        return Action.HOLD, f"held: flat, {words} is not true"
    if held.pending_buy > 0:
        return Action.HOLD, f"held: an entry of {held.pending_buy:f} is working already"
    return Action.ENTER_LONG, f"entered: {words} is true"
