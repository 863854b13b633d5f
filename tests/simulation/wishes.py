"""What people ask for in the simulated worlds: orders of every type, force and size, their changes, and limits."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.domain.manual_orders import ManualRequest
from quantumzero.domain.order_replacement import OrderChanges
from quantumzero.domain.orders import OrderType, Side, TimeInForce
from quantumzero.domain.protection_plan import Offset, ProtectionPlan
from quantumzero.domain.sizing.size_request import SizeRequest
from quantumzero.domain.strategy.document import SizingMethod

if TYPE_CHECKING:
    from random import Random

    from quantumzero.domain.orders import OrderRecord

SYMBOLS = ("AAPL", "IBM", "MSFT", "GOOG")
# In worlds with shorts the two sides of one symbol belong to one strategy: no position is netted between two.
SHORTED = {"MSFT": "sma-cross", "GOOG": "brackets"}
PROTECTED = "brackets"
_LASTING = (TimeInForce.DAY, TimeInForce.GOOD_TIL_CANCELED)
_LIMIT_FORCES = (*_LASTING, *tuple(TimeInForce))
_KINDS = ("market",) * 4 + ("limit",) * 4 + ("stop", "stop_limit", "trailing", "amount", "part")


def cents(dice: Random, least: int = 3900, most: int = 4100) -> Decimal:
    """Return a price in whole cents."""
    return Decimal(dice.randint(least, most)) / 100


def request(dice: Random, *, shorts: bool) -> ManualRequest:
    """Return what a person asks for."""
    symbol = dice.choice(SYMBOLS)
    strategy = "sma-cross" if dice.random() < 0.3 else "manual"
    kind = dice.choice(_KINDS)
    buys = kind == "amount" or dice.random() < 0.7
    short = shorts and symbol in SHORTED and not buys and kind != "part" and dice.random() < 0.5
    return ManualRequest(
        opens_short=short,
        symbol=symbol,
        side=Side.BUY if buys else Side.SELL,
        strategy=SHORTED.get(symbol, strategy) if shorts else strategy,
        **_particulars(dice, kind),
    )


def _particulars(dice: Random, kind: str) -> dict[str, Any]:
    quantity = Decimal(dice.randint(1, 300))
    simple = {
        "amount": {"notional": Decimal(dice.randint(100, 900000)) / 100},
        "part": {"quantity": Decimal(dice.randint(1, 10**11)) / 10**9},
        "market": {"quantity": quantity},
    }
    if kind in simple:
        return simple[kind]
    if kind == "limit":
        forces = dice.choice(_LIMIT_FORCES)
        limit: dict[str, Any] = {"limit_price": cents(dice), "time_in_force": forces}
        return {"quantity": quantity, "order_type": OrderType.LIMIT, **limit}
    lasting: dict[str, Any] = {"quantity": quantity, "time_in_force": dice.choice(_LASTING)}
    if kind == "trailing":
        trail = "trail_price" if dice.random() < 0.5 else "trail_percent"
        lasting[trail] = Decimal(dice.randint(1, 3))
        return {**lasting, "order_type": OrderType.TRAILING_STOP}
    lasting["stop_price"] = cents(dice)
    if kind == "stop":
        return {**lasting, "order_type": OrderType.STOP}
    return {**lasting, "order_type": OrderType.STOP_LIMIT, "limit_price": cents(dice)}


def changes(dice: Random, old: OrderRecord) -> OrderChanges:
    """Return what is to be different about a working order: what its type has."""
    kind = old.terms.order_type
    limited = kind in (OrderType.LIMIT, OrderType.STOP_LIMIT)
    stopped = kind in (OrderType.STOP, OrderType.STOP_LIMIT)
    trails = kind is OrderType.TRAILING_STOP
    return OrderChanges(
        quantity=Decimal(dice.randint(1, 400)),
        limit_price=cents(dice) if limited else None,
        stop_price=cents(dice) if stopped else None,
        trail=Decimal(dice.randint(1, 3)) if trails else None,
    )


def protected_request(dice: Random, *, shorts: bool) -> ManualRequest:
    """Return an entry with a stop, a target or both, near enough to be met by the next bars."""
    symbol = dice.choice(("AAPL", "IBM", "GOOG") if shorts else SYMBOLS)
    short = shorts and symbol == "GOOG" and dice.random() < 0.5
    low, high = cents(dice, 3700, 3950), cents(dice, 4050, 4300)
    stop, target = (high, low) if short else (low, high)
    both, only_stop = dice.random() < 0.6, dice.random() < 0.6
    trails = dice.random() < 0.15
    quantity = Decimal(dice.randint(1, 700))
    if not short and dice.random() < 0.15:
        quantity += Decimal("0.5")
    limited = quantity % 1 == 0 and dice.random() < 0.4
    stops = both or only_stop
    return ManualRequest(
        symbol=symbol,
        side=Side.SELL if short else Side.BUY,
        quantity=quantity,
        order_type=OrderType.LIMIT if limited else OrderType.MARKET,
        limit_price=cents(dice) if limited else None,
        time_in_force=dice.choice(_LASTING) if limited else TimeInForce.DAY,
        strategy=PROTECTED,
        stop_loss_price=stop if stops and not trails else None,
        stop_loss_trail_percent=Decimal(dice.randint(2, 6)) if stops and trails else None,
        take_profit_price=target if both or not only_stop else None,
        opens_short=short,
    )


def plan(dice: Random) -> ProtectionPlan:
    """Return how a strategy's document protects its entries: by distance from what they cost, and by time."""
    stops, targets, trails, waits = (dice.random() < each for each in (0.6, 0.5, 0.3, 0.2))
    trailing = _offset(dice) if trails else None
    return ProtectionPlan(
        stop_loss=_offset(dice) if stops or not (targets or trails) else None,
        take_profit=_offset(dice) if targets else None,
        trailing_stop=trailing,
        trailing_step=Decimal("0.5") if trails and dice.random() < 0.3 else None,
        time_stop_bars=dice.randint(1, 2) if waits else None,
        timeframe="1d" if waits else None,
    )


def _offset(dice: Random) -> Offset:
    if dice.random() < 0.5:
        return Offset(money=Decimal(dice.randint(50, 300)) / 100)
    return Offset(percent=Decimal(dice.randint(2, 8)))


def size(dice: Random) -> SizeRequest:
    """Return how large a strategy's entry is to be: mostly whole shares, at times an amount of money."""
    percent = Decimal(dice.choice((15, 25, 29)))
    lot = None if dice.random() < 0.2 else 1
    return SizeRequest(SizingMethod.PERCENT_OF_EQUITY, percent, lot=lot)


def limits(dice: Random) -> dict[str, str]:
    """Return limits to be changed, tighter or looser."""
    values = {
        "gross_exposure": dice.randint(60, 140) * 1000,
        "symbol_exposure": dice.randint(20, 60) * 1000,
        "order_value": dice.randint(15, 40) * 1000,
    }
    chosen = dice.sample(sorted(values), dice.randint(1, 2))
    return {name: str(values[name]) for name in sorted(chosen)}
