"""Orders that a control did not let pass, in the codes and words of the live controls."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, overload

from quantumzero.research.result import SIDES, Refusal
from quantumzero.research.simulation.request import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quantumzero.research.grid import Grid
    from quantumzero.research.simulation.request import Refusals as RefusalColumns
    from quantumzero.research.simulation.request import SimulationSettings

MODEL_SCORE = "MODEL_SCORE"
_MONEY = Decimal("0.0001")
_TEXTS: Mapping[Code, str] = {
    Code.ZERO_SIZE: "{percent} % of equity does not buy {lot} at {price}",
    Code.MAX_VALUE: "the order is worth {value}; one order may be worth {limit}",
    Code.EXPOSURE_GROSS: "with this order the account would be exposed to {value}; at most {limit} "
    "may be",
    Code.EXPOSURE_SYMBOL: "with this order {symbol} would be {value} of exposure; at most {limit} "
    "may be",
    Code.BUYING_POWER: "the order costs about {value} and {limit} of cash is not promised to other "
    "orders",
    Code.NOT_SHORTABLE: "a sale of {quantity} {symbol} was asked and {limit} may be sold; short "
    "selling is not enabled",
    Code.MODEL_GATE: "the model's score was {value}; the strategy acts from {limit} on",
    Code.MAX_QTY: "the order is for {quantity} shares; one order may be for {limit}",
    Code.MAX_OPEN: "with this order {value} positions would be open; at most {limit} may be",
}


class Refusals(Sequence[Refusal]):
    """The refusals of a run in order of time, put into words when they are read.

    A universe of hundreds of symbols on a small account is refused thousands of orders.
    """

    def __init__(
        self,
        columns: RefusalColumns,
        grid: Grid,
        settings: SimulationSettings,
        others: Sequence[Refusal] = (),
    ) -> None:
        self._columns = columns
        self._grid = grid
        self._settings = settings
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
            written = refusals_of(self._columns, self._grid, self._settings)
            both = [*written, *self._others]
            self._written = tuple(sorted(both, key=lambda each: each.time))
        return self._written[place]


def refusals_of(
    columns: RefusalColumns, grid: Grid, settings: SimulationSettings
) -> tuple[Refusal, ...]:
    """Return the simulation's refusals with their texts, in its order."""
    rows = zip(
        columns.row.tolist(), columns.symbol.tolist(), columns.side.tolist(),
        columns.quantity.tolist(), columns.code.tolist(), columns.value.tolist(),
        columns.limit.tolist(), strict=True,
    )  # fmt: skip
    return tuple(
        Refusal(
            time=int(grid.time[row]),
            symbol=grid.symbols[symbol],
            side=SIDES[side],
            quantity=quantity,
            code=Code(code).name,
            text=text_of(
                Code(code), grid.symbols[symbol], (quantity, value, limit),
                float(grid.close[symbol, row]), settings,
            ),
        )
        for row, symbol, side, quantity, code, value, limit in rows
    )  # fmt: skip


def text_of(
    code: Code,
    symbol: str,
    amounts: tuple[float, float, float],
    price: float,
    settings: SimulationSettings,
) -> str:
    """Return why, as domain/risk says it; amounts are quantity, what it came to, what may be."""
    quantity, value, limit = (money(each) for each in amounts)
    lot = "one share" if settings.lot <= 1 else f"a lot of {settings.lot:g}"
    return _TEXTS[code].format(
        quantity=quantity, value=value, limit=limit, symbol=symbol, lot=lot, price=money(price),
        percent=f"{settings.amount * 100:g}",
    )  # fmt: skip


def money(value: float) -> str:
    """Return an amount to the ten-thousandth without trailing zeros."""
    if value in (float("inf"), float("-inf")) or value != value:  # noqa: PLR0124 - NaN
        return str(value)
    rounded = Decimal(repr(value)).quantize(_MONEY)
    return f"{rounded.normalize():f}" if rounded else "0"
