"""How a position is to be protected, measured from what its entry cost: the prices are known when it has filled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

_CENT, _TICK = Decimal("0.01"), Decimal("0.0001")
_PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Offset:
    """A distance from a price: money per share or percent of the price. Exactly one of the two is set."""

    money: Decimal | None = None
    percent: Decimal | None = None

    def from_price(self, price: Decimal) -> Decimal:
        """Return the distance in money."""
        if self.money is not None:
            return self.money
        return price * (self.percent or Decimal(0)) / _PERCENT

    def after_split(self, new: int, old: int) -> Offset:
        """Return the distance in the shares of after a split; percents stay what they are."""
        return self if self.money is None else Offset(money=to_tick(self.money * old / new))


@dataclass(frozen=True, slots=True)
class ProtectionPlan:
    """What protects a position.

    stop_loss and take_profit are measured from the average entry price, trailing_stop from the best price since.
    trailing_step is money: the trailing stop moves in whole steps of it only. time_stop_bars closed bars of timeframe
    after the bar of the entry's fill, the position is left at the market.
    """

    stop_loss: Offset | None = None
    take_profit: Offset | None = None
    trailing_stop: Offset | None = None
    trailing_step: Decimal | None = None
    time_stop_bars: int | None = None
    timeframe: str | None = None

    def after_split(self, new: int, old: int) -> ProtectionPlan:
        """Return the plan in the shares of after a split."""
        step = self.trailing_step
        return replace(
            self,
            stop_loss=self.stop_loss and self.stop_loss.after_split(new, old),
            take_profit=self.take_profit and self.take_profit.after_split(new, old),
            trailing_stop=self.trailing_stop and self.trailing_stop.after_split(new, old),
            trailing_step=None if step is None else to_tick(step * old / new),
        )


def to_tick(price: Decimal) -> Decimal:
    """Round a computed price to what brokers take: cents from 1 on, hundredths of a cent below; half to even."""
    return price.quantize(_CENT if price >= 1 else _TICK)


def stop_price(plan: ProtectionPlan, average: Decimal, *, long: bool) -> Decimal | None:
    """Return the stop that is hit first at the entry's average price, fixed or trailing; None without one."""
    sign = 1 if long else -1
    offsets = [each for each in (plan.stop_loss, plan.trailing_stop) if each is not None]
    levels = [to_tick(average - sign * each.from_price(average)) for each in offsets]
    return max(levels, key=lambda level: sign * level) if levels else None


def target_price(plan: ProtectionPlan, average: Decimal, *, long: bool) -> Decimal | None:
    """Return the target at the entry's average price; None without one."""
    if plan.take_profit is None:
        return None
    sign = 1 if long else -1
    return to_tick(average + sign * plan.take_profit.from_price(average))


def trailed(plan: ProtectionPlan, level: Decimal, best: Decimal, *, long: bool) -> Decimal:
    """Return where the trailing stop stands after that best price: never further away than the level it had."""
    if plan.trailing_stop is None:
        return level
    sign = 1 if long else -1
    gained = sign * (best - sign * plan.trailing_stop.from_price(best) - level)
    if gained <= 0:
        return level
    if plan.trailing_step is None:
        return max(level, to_tick(level + sign * gained), key=lambda each: sign * each)
    return level + sign * (gained // plan.trailing_step) * plan.trailing_step
