"""DataFrames at the border: any usual shape -> MarketHistory.

pandas is imported only here, and only when it is needed: the package runs where it is not installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.columns import OPTIONAL_PRICES, PRICES, BarColumns, bars_from_columns
from quantumzero.research.history import MarketHistory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandas import DataFrame

    from quantumzero.research.history import Action

_SMALL = 10_000
TIME_COLUMNS = ("timestamp", "date", "datetime", "time")


def history_from(
    bars: MarketHistory | DataFrame | Mapping[str, DataFrame],
    *,
    symbol: str | None = None,
    calendar: str = "XNYS",
    timeframe: str | None = None,
    actions: Sequence[Action] = (),
    source: str = "",
) -> MarketHistory:
    """Return the market history of a frame, of one frame a symbol, or the history itself.

    A frame has the columns open, high, low, close, volume in any case, its times as column
    timestamp or date or as DatetimeIndex, and, for several instruments, a column symbol; vwap, bid
    and ask are taken when they are there. symbol names a frame that has no such column.

    Raises InvalidInputError as bars_from_columns does, and for a missing column.
    """
    if isinstance(bars, MarketHistory):
        return bars
    if isinstance(bars, Mapping):
        columns = [
            each for name, frame in bars.items() for each in columns_of(frame, str(name), only=True)
        ]
    else:
        columns = columns_of(bars, symbol)
    return bars_from_columns(
        columns, calendar=calendar, timeframe=timeframe, actions=actions, source=source
    )


def columns_of(frame: DataFrame, symbol: str | None, *, only: bool = False) -> list[BarColumns]:
    """Return the columns of each symbol in the frame; only: every row belongs to `symbol`."""
    names = _names_of(frame)
    times, zoned = _times(frame, names, symbol)
    arrays = _arrays(frame, names)
    if "symbol" not in names or only:
        if not symbol:
            raise InvalidInputError(
                "the data had no column symbol and no symbol was named; name it: symbol=..."
            )
        return [BarColumns(symbol, times, zoned, **arrays)]
    column = frame[names["symbol"]].to_numpy()
    labels = [str(label) for label in dict.fromkeys(column.tolist())]
    column = column.astype(str)
    return [
        BarColumns(
            label, times[rows], zoned, **{name: values[rows] for name, values in arrays.items()}
        )
        for label in labels
        for rows in [np.flatnonzero(column == label)]
    ]


def _arrays(frame: DataFrame, names: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    wanted = [name for name in (*PRICES, "volume", *OPTIONAL_PRICES) if name in names]
    if len(frame) <= _SMALL:
        # One conversion of the whole frame costs less than one for each column of a universe.
        try:
            values = frame.to_numpy(dtype=np.float64)
        except (TypeError, ValueError):
            pass
        else:
            places = {column: place for place, column in enumerate(frame.columns.tolist())}
            return {name: values[:, places[names[name]]] for name in wanted}
    return {name: frame[names[name]].to_numpy() for name in wanted}


def _names_of(frame: DataFrame) -> Mapping[str, Any]:
    if not hasattr(frame, "columns") or not hasattr(frame, "index"):
        raise InvalidInputError(
            f"bars were of type {type(frame).__name__}; give a DataFrame, a mapping of symbols to "
            "DataFrames, or a MarketHistory"
        )
    return _names_among(tuple(frame.columns.tolist()))


@lru_cache(maxsize=64)  # the frames of a universe mostly have the same columns
def _names_among(columns: tuple[Any, ...]) -> Mapping[str, Any]:
    names: dict[str, Any] = {}
    for column in columns:
        names.setdefault(str(column).strip().lower(), column)
    missing = [name for name in (*PRICES, "volume") if name not in names]
    if missing:
        was = ", ".join(str(column) for column in columns) or "none"
        raise InvalidInputError(
            f"column {missing[0]} was missing; the columns were {was}: name the times timestamp or "
            "date, and the rest open, high, low, close and volume, in any case"
        )
    return names


def _times(
    frame: DataFrame, names: Mapping[str, Any], symbol: str | None
) -> tuple[NDArray[np.int64], bool]:
    """Return microseconds since 1970 and whether the times carry a zone."""
    import pandas as pd

    where = next((names[name] for name in TIME_COLUMNS if name in names), None)
    values: Any = frame.index if where is None else frame[where]
    if where is None and not isinstance(values, pd.DatetimeIndex):
        raise InvalidInputError(
            "the data had no column timestamp or date and its index was of type "
            f"{type(frame.index).__name__}; give the times as a column or as DatetimeIndex"
        )
    if not isinstance(values, pd.DatetimeIndex):
        if not pd.api.types.is_datetime64_any_dtype(values):
            values = _parsed(values, symbol)
        values = pd.DatetimeIndex(values)
    if values.hasnans:
        row = int(values.isna().argmax()) + 1
        raise InvalidInputError(f"{symbol or 'data'}, row {row}: there was no timestamp; give one")
    # as_unit makes a new index even of one that has the unit
    microseconds = values if values.unit == "us" else values.as_unit("us")
    return microseconds.asi8, values.tz is not None


def _parsed(values: Any, symbol: str | None) -> Any:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values):
        raise InvalidInputError(
            f"{symbol or 'data'}: the timestamps were numbers; write dates as 2024-01-02 and "
            "instants with their zone, as 2024-01-02T14:30:00Z"
        )
    try:
        return pd.to_datetime(values, format="ISO8601")
    except (TypeError, ValueError):
        pass
    try:  # offsets that differ, such as those of summer and winter
        return pd.to_datetime(values, utc=True, format="ISO8601")
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"{symbol or 'data'}: a timestamp could not be read ({error}); write dates as "
            "2024-01-02 and instants with their zone, as 2024-01-02T14:30:00Z"
        ) from None
