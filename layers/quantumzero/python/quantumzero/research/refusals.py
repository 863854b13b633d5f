"""Orders that a control did not let pass, in the codes and words of the live controls."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, overload

import numpy as np

from quantumzero.domain.calendars import from_us
from quantumzero.domain.risk.trading_session import refusal_text
from quantumzero.research.result import SIDES, Refusal
from quantumzero.research.simulation.codes import Code, live_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quantumzero.domain.risk.limits import RiskLimits
    from quantumzero.research.grid import Grid
    from quantumzero.research.simulation.request import Refusals as RefusalColumns
    from quantumzero.research.simulation.request import SimulationSettings

MODEL_SCORE = "MODEL_SCORE"
_MONEY = Decimal("0.0001")
_DAY = (
    "the day's loss is {value} % and may be {limit} %; entries resume with another limit or equity"
)
_DRAWDOWN = _DAY.replace("the day's loss", "the drawdown")
_THROTTLE = (
    "{strategy} ordered as often as it may in a day ({limit}); look at what it does and resume it by "
    "name"
)
_HALTED = "trading is HALTED ({reason}); resume it before any order"
_REDUCING = "trading is REDUCING{scope} ({reason}); only exits are sent until it is resumed"
_MAX_OPEN = "with this order there would be {value} {things}; at most {limit} may be"
_EXPOSURE = "with this order {what} would be {value} of exposure; at most {limit} may be"
_ACCOUNT_EXPOSED = "with this order the account would be exposed to {value}; at most {limit} may be"
_ACCOUNT_NET = (
    "with this order the account would be {value} net on one side; at most {limit} may be"
)
_TEXTS: Mapping[Code, str] = {
    Code.ZERO_SIZE: "{percent} % of equity does not buy {lot} at {price}",
    Code.MAX_VALUE: "the order is worth {value}; one order may be worth {limit}",
    Code.EXPOSURE_GROSS: _ACCOUNT_EXPOSED,
    Code.EXPOSURE_NET: _ACCOUNT_NET,
    Code.EXPOSURE_SYMBOL: _EXPOSURE.replace("{what}", "{symbol}"),
    Code.EXPOSURE_SECTOR: _EXPOSURE.replace("{what}", "{sector}"),
    Code.EXPOSURE_STRATEGY: _EXPOSURE.replace("{what}", "{strategy}"),
    Code.BUYING_POWER: "the order costs about {value} and {limit} of cash is not promised to other "
    "orders{haircut}",
    Code.NOT_SHORTABLE: "a short sale of {symbol} was asked; this account allows none",
    Code.MODEL_GATE: "the model's score was {value}; the strategy acts from {limit} on",
    Code.MAX_QTY: "the order is for {quantity} shares; one order may be for {limit}",
    Code.MAX_OPEN: _MAX_OPEN.replace("{things}", "positions"),
    Code.OPEN_ORDERS: _MAX_OPEN.replace("{things}", "open orders"),
    Code.TRADING_HALTED: _HALTED.replace("{reason}", _DAY),
    Code.HALTED_BY_DRAWDOWN: _HALTED.replace("{reason}", _DRAWDOWN),
    Code.TRADING_REDUCING: _REDUCING.replace("{scope}", "").replace("{reason}", _DAY),
    Code.REDUCING_BY_DRAWDOWN: _REDUCING.replace("{scope}", "").replace("{reason}", _DRAWDOWN),
    Code.REDUCING_BY_THROTTLE: _REDUCING.replace("{scope}", " for {strategy} or {symbol}").replace(
        "{reason}", "EXEC_THROTTLE: " + _THROTTLE
    ),
    Code.RESTRICTED: "{symbol} is on the account's restricted list; only exits of it are sent",
    Code.LOSS_LIMIT: _DAY,
    Code.LOSS_DRAWDOWN: _DRAWDOWN,
    Code.PRICE_COLLAR: "the order's price {value} is {away:.2f} % from the newest price {price}; at "
    "most {limit} % may be",
    Code.PRICE_DRIFT: "{symbol} went from {value} to {price} in the newest bars, {away:.2f} %; entries "
    "pass up to {limit} %",
    Code.EXEC_THROTTLE: _THROTTLE,
}
_STOPPED = frozenset(code for code in Code if live_code(code).startswith("TRADING_"))
_STOPPING = (*_STOPPED, Code.LOSS_LIMIT, Code.LOSS_DRAWDOWN, Code.EXEC_THROTTLE)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose orders they are: the strategy's, under the account's limits."""

    strategy: str
    limits: RiskLimits | None


class Refusals(Sequence[Refusal]):
    """The refusals of a run in order of time, put into words when they are read.

    A universe of hundreds of symbols on a small account is refused thousands of orders.
    """

    def __init__(
        self,
        columns: RefusalColumns,
        grid: Grid,
        settings: SimulationSettings,
        account: Account,
        others: Sequence[Refusal] = (),
    ) -> None:
        self._columns = columns
        self._grid = grid
        self._settings = settings
        self._account = account
        self._others = others
        self._written: tuple[Refusal, ...] | None = None

    def __len__(self) -> int:
        return len(self._columns.row) + len(self._others)

    @overload
    def __getitem__(self, place: int) -> Refusal: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Refusal, ...]: ...
    def __getitem__(self, place: int | slice) -> Refusal | tuple[Refusal, ...]:
        if self._written is None:
            written = refusals_of(self._columns, self._grid, self._settings, self._account)
            both = [*written, *self._others]
            self._written = tuple(sorted(both, key=lambda each: each.time))
        return self._written[place]


def refusals_of(
    columns: RefusalColumns, grid: Grid, settings: SimulationSettings, account: Account
) -> tuple[Refusal, ...]:
    """Return the simulation's refusals with their texts, in its order."""
    rows = zip(
        columns.row.tolist(), columns.symbol.tolist(), columns.side.tolist(),
        columns.quantity.tolist(), columns.code.tolist(), columns.value.tolist(),
        columns.limit.tolist(), strict=True,
    )  # fmt: skip
    written = []
    for row, symbol, side, quantity, number, value, limit in rows:
        code, name, close = Code(number), grid.symbols[symbol], float(grid.close[symbol, row])
        amounts = (quantity, value, limit)
        text = (
            refusal_text(account.limits.session, from_us(int(grid.time[row])))
            if code is Code.SESSION and account.limits is not None
            else text_of(code, name, amounts, close, settings, account)
        )
        compared = _compared(code, value, limit, close)
        sent = (int(grid.time[row]), name, SIDES[side], quantity)
        written.append(Refusal(*sent, live_code(code), text, *compared))
    return tuple(written)


def stop_note(columns: RefusalColumns, grid: Grid, settings: SimulationSettings) -> list[str]:
    """Return a sentence for who wonders why a run trades no more, none when nothing was stopped."""
    stopped = np.flatnonzero(np.isin(columns.code, _STOPPING))
    if not len(stopped):
        return []
    first = int(stopped[0])
    day = from_us(int(grid.time[int(columns.row[first])])).date()
    goes_on = (
        "trading resumes with the next session"
        if settings.resume_next_session
        else "nobody resumes a backtest: limits with resume: next_session would"
    )
    code = live_code(Code(int(columns.code[first])))
    return [
        f"{len(stopped)} orders were refused because trading was stopped, from {day} on ({code}); {goes_on}"
    ]


def _compared(
    code: Code, value: float, limit: float, close: float
) -> tuple[float | None, float | None]:
    """Return limit and value as the live refusal carries them."""
    if code in _STOPPED or math.isnan(limit):
        return None, None
    if code in (Code.PRICE_COLLAR, Code.PRICE_DRIFT):
        return limit, round(_away(code, value, close), 4)
    return limit, round(value, 2) if code is Code.EXEC_THROTTLE else value


def _away(code: Code, price: float, close: float) -> float:
    """Return by how many percent an order's price, or the newest close, is off."""
    start = price if code is Code.PRICE_DRIFT else close
    return abs(price - close) * 100.0 / start if start > 0.0 else float("inf")


def text_of(
    code: Code,
    symbol: str,
    amounts: tuple[float, float, float],
    price: float,
    settings: SimulationSettings,
    account: Account,
) -> str:
    """Return why, as domain/risk says it; amounts are quantity, what it came to, what may be."""
    quantity, value, limit = (money(each) for each in amounts)
    lot = "one share" if settings.lot <= 1 else f"a lot of {settings.lot:g}"
    haircut = f" after a haircut of {settings.haircut:g} %" if settings.haircut else ""
    sectors = account.limits.sectors if account.limits else {}
    return _TEXTS[code].format(
        quantity=quantity, value=value, limit=limit, symbol=symbol, lot=lot, price=money(price),
        percent=f"{settings.amount * 100:g}", strategy=account.strategy,
        sector=sectors.get(symbol, symbol), away=_away(code, amounts[1], price), haircut=haircut,
    )  # fmt: skip


def money(value: float) -> str:
    """Return an amount to the ten-thousandth without trailing zeros."""
    if not math.isfinite(value):
        return str(value)
    rounded = Decimal(repr(value)).quantize(_MONEY)
    return f"{rounded.normalize():f}" if rounded else "0"
