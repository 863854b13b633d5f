"""Orders that a control did not let pass, in the codes and words of the live controls."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.research.result import SIDES, Refusal
from quantumzero.research.simulation.request import Code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from quantumzero.research.simulation.request import Refusals, SimulationSettings

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


def refusals_of(
    columns: Refusals,
    symbols: Sequence[str],
    time: NDArray[np.int64],
    close: NDArray[np.float64],
    settings: SimulationSettings,
) -> tuple[Refusal, ...]:
    """Return the simulation's refusals with their texts, in its order."""
    rows = zip(
        columns.row.tolist(), columns.symbol.tolist(), columns.side.tolist(),
        columns.quantity.tolist(), columns.code.tolist(), columns.value.tolist(),
        columns.limit.tolist(), strict=True,
    )  # fmt: skip
    return tuple(
        Refusal(
            time=int(time[row]),
            symbol=symbols[symbol],
            side=SIDES[side],
            quantity=quantity,
            code=Code(code).name,
            text=text_of(
                Code(code), symbols[symbol], (quantity, value, limit), float(close[symbol, row]),
                settings,
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
