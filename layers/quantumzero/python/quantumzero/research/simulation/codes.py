"""Why the simulation refuses an order."""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """Why an order was refused; the names are the codes of the live controls (domain/risk). Those
    from LOSS_DRAWDOWN on tell causes of one live code apart: live_code() names it.
    """

    ZERO_SIZE = 0
    MAX_VALUE = 1
    EXPOSURE_GROSS = 2
    EXPOSURE_SYMBOL = 3
    BUYING_POWER = 4
    NOT_SHORTABLE = 5
    MODEL_GATE = 6
    MAX_OPEN = 7
    MAX_QTY = 8
    TRADING_HALTED = 9
    TRADING_REDUCING = 10
    RESTRICTED = 11
    SESSION = 12
    LOSS_LIMIT = 13
    PRICE_COLLAR = 14
    EXPOSURE_NET = 15
    EXPOSURE_SECTOR = 16
    EXPOSURE_STRATEGY = 17
    EXEC_THROTTLE = 18
    LOSS_DRAWDOWN = 19
    HALTED_BY_DRAWDOWN = 20
    REDUCING_BY_DRAWDOWN = 21
    REDUCING_BY_THROTTLE = 22
    PRICE_DRIFT = 23
    OPEN_ORDERS = 24


_LIVE = {
    Code.LOSS_DRAWDOWN: Code.LOSS_LIMIT,
    Code.HALTED_BY_DRAWDOWN: Code.TRADING_HALTED,
    Code.REDUCING_BY_DRAWDOWN: Code.TRADING_REDUCING,
    Code.REDUCING_BY_THROTTLE: Code.TRADING_REDUCING,
    Code.PRICE_DRIFT: Code.PRICE_COLLAR,
    Code.OPEN_ORDERS: Code.MAX_OPEN,
}


def live_code(code: Code) -> str:
    """Return the code that a live order with this refusal carries."""
    return _LIVE.get(code, code).name
