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
    """The strategy's own quantity of the symbol, below 0 when it is short, and what its working
    orders may still change.
    """

    quantity: Decimal = Decimal(0)
    pending_buy: Decimal = Decimal(0)
    pending_sell: Decimal = Decimal(0)


def conclude(compiled: CompiledStrategy, evaluation: Evaluation, held: Held) -> tuple[Action, str]:
    """Return what to do about the bar and why.

    Exits are read while something is held and no exit works; entries while nothing is held and no
    entry works. When the entries of both sides are true, the long one is taken. An exit on whose bar
    the entry of the other side is true turns the position: the answer is that entry.
    """
    if not evaluation.warm:
        progress = f"{evaluation.bars_seen} of {compiled.warm_up_bars} bars"
        return Action.HOLD, f"held: warming up, {progress}"
    if held.quantity > 0 and compiled.exit_long is not None:
        return _while_long(compiled, evaluation, held)
    if held.quantity < 0 and compiled.exit_short is not None:
        return _while_short(compiled, evaluation, held)
    return _while_flat(compiled, evaluation, held)


def _words(compiled: CompiledStrategy, end: str) -> str:
    return compiled.document.formulas[end].words


def _while_long(
    compiled: CompiledStrategy, evaluation: Evaluation, held: Held
) -> tuple[Action, str]:
    words = _words(compiled, "exit_long")
    long = f"long {held.quantity:f}"
    if not evaluation.exit_long:
        if evaluation.entry_long:
            return Action.HOLD, f"held: already {long}"
        return Action.HOLD, f"held: {long}, {words} is not true"
    if held.pending_sell > 0:
        return Action.HOLD, f"held: an exit of {held.pending_sell:f} is working already"
    if evaluation.entry_short:
        return Action.ENTER_SHORT, f"turned: {words} and {_words(compiled, 'entry_short')} are true"
    return Action.EXIT_LONG, f"exited: {words} is true"


def _while_short(
    compiled: CompiledStrategy, evaluation: Evaluation, held: Held
) -> tuple[Action, str]:
    words = _words(compiled, "exit_short")
    short = f"short {-held.quantity:f}"
    if not evaluation.exit_short:
        if evaluation.entry_short:
            return Action.HOLD, f"held: already {short}"
        return Action.HOLD, f"held: {short}, {words} is not true"
    if held.pending_buy > 0:
        return Action.HOLD, f"held: an exit of {held.pending_buy:f} is working already"
    if evaluation.entry_long:
        return Action.ENTER_LONG, f"turned: {words} and {_words(compiled, 'entry_long')} are true"
    return Action.EXIT_SHORT, f"exited: {words} is true"


def _while_flat(
    compiled: CompiledStrategy, evaluation: Evaluation, held: Held
) -> tuple[Action, str]:
    if evaluation.entry_long:
        if held.pending_buy > 0:
            return Action.HOLD, f"held: an entry of {held.pending_buy:f} is working already"
        return Action.ENTER_LONG, f"entered: {_words(compiled, 'entry_long')} is true"
    if evaluation.entry_short:
        if held.pending_sell > 0:
            return Action.HOLD, f"held: an entry of {held.pending_sell:f} is working already"
        return Action.ENTER_SHORT, f"entered: {_words(compiled, 'entry_short')} is true"
    entries = [end for end in ("entry_long", "entry_short") if end in compiled.document.formulas]
    said = " and ".join(f"{_words(compiled, end)} is not true" for end in entries)
    return Action.HOLD, f"held: flat, {said}"
