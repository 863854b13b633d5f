"""Advance every trading strategy by the bars that closed, and write down what each concludes and
why.

A strategy's state for a symbol is a pure function of the symbol's stored bars, so it may be rebuilt
at any time: at the first bar, after a split, when the stored one cannot be read. State and decision
move in one transaction; a bar that comes again finds its decision, and only an execution that may
be missing is started again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.decisions import Action, Decision, decision_id
from quantumzero.domain.errors import ConflictError, CorruptDataError, InvalidInputError
from quantumzero.domain.strategy.compiler import CompiledStrategy, compile_strategy
from quantumzero.domain.strategy.conclusion import Held, conclude
from quantumzero.domain.strategy.entry_terms import percent_of_equity, with_entry_terms
from quantumzero.domain.strategy.evaluator import Evaluation, IncrementalEvaluator
from quantumzero.domain.strategy.live_support import refusal
from quantumzero.domain.strategy.split_adjustment import adjusted, exchange_date, splits_by
from quantumzero.ports.decisions import StrategyState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from quantumzero.domain.bars import Bar, Split
    from quantumzero.ports.decisions import (
        DecisionStore,
        EnabledStrategies,
        EnabledStrategy,
        TradeCycles,
    )
    from quantumzero.ports.ledger import StrategyHoldings
    from quantumzero.ports.market_data import BarStore

HISTORY_BARS = 20_000  # four times the longest lookback: a recursive average has forgotten the rest
_ATTEMPTS = 3
HELD_WHILE_ORDERING = "held: the decision on the bar before is still becoming an order"
HELD_AS_LATE = "held: the bar came after a later one had been decided, and a late bar never trades"


@dataclass(frozen=True, slots=True)
class BrokenStrategy:
    """A strategy that trades but whose document cannot be used; message says why."""

    name: str
    version: int
    message: str


@dataclass(slots=True)
class EvaluationOutcome:
    """The decisions on the bars, new or found, and the strategies that had to be left out."""

    decisions: list[Decision] = field(default_factory=list)
    broken: list[BrokenStrategy] = field(default_factory=list)


class EvaluateStrategies:
    """Call it with closed bars, in any order and as often as they are delivered."""

    def __init__(
        self,
        *,
        strategies: EnabledStrategies,
        decisions: DecisionStore,
        bars: BarStore,
        holdings: StrategyHoldings,
        cycles: TradeCycles,
    ) -> None:
        self._strategies = strategies
        self._decisions = decisions
        self._bars = bars
        self._holdings = holdings
        self._cycles = cycles
        self._compiled: dict[tuple[str, int], CompiledStrategy] = {}

    def __call__(self, bars: Iterable[Bar]) -> EvaluationOutcome:
        """Decide every bar for every strategy that follows it, and start the executions.

        Raises UnavailableError or ConflictError when a store did not let it finish; repeat the
        whole call then.
        """
        closed = sorted(bars, key=lambda bar: (bar.closes_at, bar.symbol))
        outcome = EvaluationOutcome()
        splits = _Splits(self._bars)
        for strategy in self._strategies.enabled() if closed else ():
            try:
                compiled = self._compile(strategy)
            except InvalidInputError as error:
                broken = BrokenStrategy(strategy.name, strategy.version, str(error))
                outcome.broken.append(broken)
                continue
            document = compiled.document
            followed = [
                bar
                for bar in closed
                if bar.timeframe == document.timeframe and bar.symbol in document.universe
            ]
            if followed:
                outcome.decisions += self._evaluate(strategy, compiled, followed, splits)
        return outcome

    def _compile(self, strategy: EnabledStrategy) -> CompiledStrategy:
        key = (strategy.name, strategy.version)
        if key not in self._compiled:
            document = parse_document(strategy.document)
            if (message := refusal(document)) is not None:
                raise InvalidInputError(message)
            self._compiled[key] = compile_strategy(document)
        return self._compiled[key]

    def _evaluate(
        self,
        strategy: EnabledStrategy,
        compiled: CompiledStrategy,
        bars: Sequence[Bar],
        splits: _Splits,
    ) -> list[Decision]:
        symbols = {bar.symbol for bar in bars}
        states = dict(self._decisions.states(strategy.name, strategy.version, symbols))
        ledger = self._holdings
        run = _Run(strategy, compiled, self._bars, self._decisions, splits, states, ledger)
        run.read_holdings()
        decisions = []
        for bar in bars:
            decision = run.decide(bar)
            if decision.actionable:
                self._cycles.start(decision)
                run.acting.add(bar.symbol)
            decisions.append(decision)
        return decisions


class _Splits:
    """The splits known of each symbol, read once a call."""

    def __init__(self, bars: BarStore) -> None:
        self._bars = bars
        self._known: dict[str, Sequence[Split]] = {}

    def by(self, symbol: str, date: str) -> list[Split]:
        if symbol not in self._known:
            self._known[symbol] = self._bars.splits(symbol)
        return splits_by(self._known[symbol], date)


@dataclass(slots=True)
class _Run:
    """One strategy over the bars of one call; acting holds the symbols that it has just acted on."""

    strategy: EnabledStrategy
    compiled: CompiledStrategy
    bars: BarStore
    store: DecisionStore
    splits: _Splits
    states: dict[str, StrategyState]
    ledger: StrategyHoldings
    holdings: dict[str, Held] = field(default_factory=dict)
    acting: set[str] = field(default_factory=set)

    def read_holdings(self) -> None:
        """Read what the strategy holds, and what its orders may still change, as it is now."""
        self.holdings = {
            held.symbol: Held(held.quantity, held.pending_buy, held.pending_sell)
            for held in self.ledger.strategy_holdings(self.strategy.name)
        }

    def decide(self, bar: Bar) -> Decision:
        """Return the decision on the bar, stored now or before."""
        for _ in range(_ATTEMPTS):
            state = self.states.get(bar.symbol)
            late = self._has_seen(state, bar)
            if late and (stored := self._stored(bar)):
                return stored
            evaluator, splits_applied = self._evaluator(state, bar)
            decision = self._missed(bar) if late else self._concluded(evaluator.step(bar), bar)
            new_state = StrategyState(
                strategy=self.strategy.name,
                version=self.strategy.version,
                symbol=bar.symbol,
                last_closes_at=evaluator.last_closes_at,
                splits_applied=splits_applied,
                evaluator=evaluator.dump(),
            )
            previous = state.last_closes_at if state else None
            if self.store.commit(new_state, decision, previous=previous):
                self.states[bar.symbol] = new_state
                return decision
            if stored := self._stored(bar):
                return stored
            self.states |= self.store.states(
                self.strategy.name, self.strategy.version, {bar.symbol}
            )
        raise ConflictError(
            f"state of strategy {self.strategy.name} for {bar.symbol} kept changing while the bar of "
            f"{bar.closes_at.isoformat()} was decided; deliver the bar again"
        )

    @staticmethod
    def _has_seen(state: StrategyState | None, bar: Bar) -> bool:
        last = state.last_closes_at if state else None
        return last is not None and bar.closes_at <= last

    def _stored(self, bar: Bar) -> Decision | None:
        # Another version's decision on the bar stands: one strategy decides a bar once.
        return self.store.decision(self.strategy.name, bar.symbol, bar.closes_at)

    def _evaluator(self, state: StrategyState | None, bar: Bar) -> tuple[IncrementalEvaluator, int]:
        """Return the evaluator before the bar, rebuilt when its state is missing or out of date.

        A bar that comes late was not stepped when its turn was: only a rebuilt state contains it.
        """
        last = state.last_closes_at if state else None
        until = max(bar.closes_at, last or bar.closes_at)
        splits = self.splits.by(bar.symbol, exchange_date(until))
        in_order = last is not None and last < bar.closes_at
        if state and in_order and state.splits_applied >= len(splits):
            try:
                return IncrementalEvaluator.load(self.compiled, state.evaluator), len(splits)
            except CorruptDataError:
                pass  # written for another graph; the stored bars say the same as it did
        return self._rebuilt(bar.symbol, until, splits), len(splits)

    def _rebuilt(
        self, symbol: str, until: datetime, splits: Sequence[Split]
    ) -> IncrementalEvaluator:
        evaluator = IncrementalEvaluator(self.compiled)
        timeframe = self.compiled.document.timeframe
        stored = self.bars.bars(symbol, timeframe, until=until, limit=HISTORY_BARS)
        for bar in adjusted(stored, splits):
            evaluator.step(bar)
        return evaluator

    def _concluded(self, evaluation: Evaluation, bar: Bar) -> Decision:
        action, reason = self._conclude(evaluation, bar.symbol)
        if action is not Action.HOLD:
            if bar.symbol in self.acting or self._becoming_an_order(bar.symbol):
                action, reason = Action.HOLD, HELD_WHILE_ORDERING
            else:
                # The order of an earlier decision may have been written after the holdings were read.
                self.read_holdings()
                action, reason = self._conclude(evaluation, bar.symbol)
        decision = replace(
            self._missed(bar), action=action, reason=reason, values=dict(evaluation.values)
        )
        return with_entry_terms(decision, self.compiled, evaluation)

    def _conclude(self, evaluation: Evaluation, symbol: str) -> tuple[Action, str]:
        return conclude(self.compiled, evaluation, self.holdings.get(symbol, Held()))

    def _becoming_an_order(self, symbol: str) -> bool:
        """Tell whether an earlier decision to act has no order yet: until then no holding shows it."""
        return any(
            each.decision.strategy == self.strategy.name
            and each.decision.symbol == symbol
            and not self.ledger.has_order_of(each.decision)
            for each in self.store.unordered()
        )

    def _missed(self, bar: Bar) -> Decision:
        document = self.compiled.document
        name, version = self.strategy.name, self.strategy.version
        return Decision(
            id=decision_id(name, version, bar.symbol, bar.closes_at),
            strategy=name,
            version=version,
            symbol=bar.symbol,
            timeframe=bar.timeframe,
            closes_at=bar.closes_at,
            action=Action.HOLD,
            reason=HELD_AS_LATE,
            price=bar.close,
            position=self.holdings.get(bar.symbol, Held()).quantity,
            bar_revision=bar.revision,
            percent_of_equity=percent_of_equity(document),
            model=document.model.name if document.model else None,
            model_threshold=document.model.at_least if document.model else None,
        )
