"""What happens rarely in the simulated worlds: prices jump, others trade, shares are split, a ledger is restored."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from quantumzero.domain.bars import Split
from quantumzero.domain.orders import TimeInForce
from quantumzero.domain.risk.account_risk import TradingState
from tests.simulation.people import People
from tests.simulation.wishes import SYMBOLS, cents


class RareEvents(People):
    """People, and what neither they nor the strategies do."""

    def __init__(self, seed: int, *, punctual: bool | None, cash: Decimal) -> None:
        super().__init__(seed, punctual=punctual, cash=cash)
        dice = self.dice
        self.outsiders = dice.random() < 0.12
        self.splits = dice.random() < 0.1
        self.restores = dice.random() < 0.12
        # A copy of the ledger brings old limits back: whoever restores looks after them by hand.
        self.limits_change = self.limits_change and not self.restores
        if self.outsiders or self.splits or self.restores:
            # Others move the account, or the ledger forgets: then the limit is kept by what is known, not exactly.
            self.watch.strict = False
        self.disturbed = False
        self.busted: set[str] = set()
        self.kept: dict[str, Any] | None = None

    def decide_again(self) -> None:
        """Decide once more what has no order any more; the world knows what was decided."""
        raise NotImplementedError

    def reconcile(self) -> None:
        """Compare with the broker."""
        raise NotImplementedError

    def trouble(self) -> None:
        """Something rare: a clock is set, a price jumps, an operator resumes, others trade, a table is restored."""
        choices = [self.resume, self.resume]
        if self.weather.happens("clock_step"):
            choices.append(self.step_clock)
        # The market moves between tasks: it does not run while no machine time passes.
        if self.depth == 1 and self.weather.happens("jump"):
            choices.append(self.jump)
        if self.outsiders:
            choices += [self.outside, self.outside]
        if self.restores and self.depth == 1:
            choices += [self.keep_or_restore, self.keep_or_restore]
        self.dice.choice(choices)()

    def jump(self) -> None:
        """A bar closes far from the last one; decisions of before are old."""
        self.desk.market.advance(self.dice.choice((5, 60, 200)))
        symbol = self.dice.choice(SYMBOLS)
        self.desk.price(symbol, str(self._close(symbol, 3500, 4500)))

    def _close(self, symbol: str, least: int, most: int) -> Decimal:
        """Return where a bar closes: often where a stop or a target of the symbol is met."""
        legs = [each.terms for each in self.ledger.held_orders() if each.terms.symbol == symbol]
        if legs and self.dice.random() < 0.5:
            leg = self.dice.choice(legs)
            return leg.stop_loss_price or leg.take_profit_price or Decimal(40)
        return cents(self.dice, least, most)

    def resume(self) -> None:
        if self.ledger.risk().state is not TradingState.ACTIVE:
            self.desk.halt.resume(by="operator")

    def outside(self) -> None:
        """Somebody else moves the account at the broker."""
        self.weather.note("F13")
        self.disturbed = True
        kind = self.dice.choice(("manual", "liquidation", "bust", "fee"))
        self.busted |= self.broker.moved_by_others(kind, self.dice.choice(SYMBOLS), self.dice)

    def keep_or_restore(self) -> None:
        """Copy the ledger; later bring the copy back as the runbook says: halted, and compared before it is resumed."""
        if self.kept is None:
            self.kept = self.ledger.copied()
            return
        if self.dice.random() < 0.5:
            return
        self.weather.note("F31")
        self.disturbed = self.broker.restored = True
        self.ledger.restore(self.kept)
        self.kept = None
        self.restores = False
        self.broker.arrive(float("inf"))
        self.halt()
        for _ in range(self.dice.choice((0, 0, 1, 3))):
            # What is decided now is refused, under the id of an order that the broker may have.
            self.run(self.decide_again)
        self.calm = self.broker.calm = True
        self.desk.reconcile.reconcile()
        self.calm = self.broker.calm = False

    def next_session(self) -> None:
        """A new bar closes on every symbol; what was on its way has arrived, if the world is punctual."""
        if self.punctual:
            self.broker.arrive(float("inf"))
        self.desk.market.advance(86400)
        if self.limits_change:
            # Long enough for what was asked for to take effect.
            self.pass_time(4000)
        for order in self.broker.working():
            terms = self.broker.terms.get(order.client_order_id)
            lasts = terms is None or terms.time_in_force is TimeInForce.GOOD_TIL_CANCELED
            if not lasts and self.dice.random() < 0.3:
                self.broker.close(order.client_order_id, "expired")
        prices = {symbol: self._close(symbol, 3800, 4200) for symbol in SYMBOLS}
        if self.splits and self.dice.random() < 0.5:
            self._split(self.dice.choice(SYMBOLS))
        if self.dice.random() < 0.6:
            self.run(self.reconcile)
            self.run(self.resume)
        for symbol, close in prices.items():
            self.desk.price(symbol, str(close))

    def _split(self, symbol: str) -> None:
        """A split: the broker restates, and the books are multiplied after what filled before was heard.

        Words of before may still come.
        """
        self.weather.note("F13")
        self.broker.arrive(float("inf"))
        day = self.desk.market.now().date().isoformat()
        new, old = self.dice.choice(((2, 1), (1, 2)))
        split = Split(symbol, day, new, old)
        self.desk.bars.put_splits([split])
        self.calm = self.broker.calm = True
        for sweep in ("first", "second"):
            self.desk.sweep.sweep(request=f"split-{symbol}-{sweep}", settled=True)
        self.desk.reconcile.reconcile()
        self.broker.split(split)
        self.ledger.apply_split(split, at=self.desk.market.now())
        self.ledger.mark_prepared(self.desk.market.now().date())
        # The session is prepared before it opens: a sweep comes before the first fill in new shares.
        self.desk.sweep.sweep(request=f"after-split-{symbol}")
        self.calm = self.broker.calm = False
