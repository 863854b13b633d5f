"""The escape hatch: a strategy as a Python class, in the same engine, checked for look-ahead.

```python
class Turtle(Strategy):
    universe = ("GOOG",)

    def on_bar(self, bar):
        if bar.close >= max(bar.history("high", 20)):
            self.buy()
        elif bar.close <= min(bar.history("low", 10)):
            self.close()
```

on_bar sees one bar and what lies before it, never what comes after, and says what it wishes; what
is held, filled and paid is the engine's business, as with a document. A class can still look ahead,
through prepare() or data of its own: the certificate says whether it did.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.document import (
    Costs,
    Execution,
    Parameter,
    Protection,
    Sizing,
    SizingMethod,
    StrategyDocument,
)
from quantumzero.research.simulation.request import (
    ENTER_LONG,
    ENTER_SHORT,
    EXIT_LONG,
    EXIT_SHORT,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from quantumzero.research.history import BarSeries, MarketHistory

    Doubles = NDArray[np.float64]

FIELDS = ("open", "high", "low", "close", "volume")


class BarView:
    """One closed bar and everything before it: prices and volume as floats, time as microseconds.

    Nothing after the bar can be read: the arrays behind it end with it.
    """

    __slots__ = ("_columns", "index", "symbol")

    def __init__(self, symbol: str, columns: Mapping[str, NDArray[Any]], index: int) -> None:
        self.symbol = symbol
        self.index = index
        self._columns = {name: values[: index + 1] for name, values in columns.items()}

    @property
    def time(self) -> int:
        """The instant the bar closed, microseconds since 1970 UTC."""
        return int(self._columns["time"][-1])

    @property
    def open(self) -> float:
        return float(self._columns["open"][-1])

    @property
    def high(self) -> float:
        return float(self._columns["high"][-1])

    @property
    def low(self) -> float:
        return float(self._columns["low"][-1])

    @property
    def close(self) -> float:
        return float(self._columns["close"][-1])

    @property
    def volume(self) -> float:
        return float(self._columns["volume"][-1])

    def history(self, field: str, bars: int | None = None) -> Doubles:
        """Return the newest `bars` values of a field, oldest first, this bar's last (None: all)."""
        if field not in self._columns:
            raise InvalidInputError(f"the field was {field!r}; it may be {', '.join(FIELDS)}, time")
        values = self._columns[field]
        return values if bars is None else values[max(0, len(values) - bars) :]


class Strategy:
    """Derive from it, set what differs, and write on_bar.

    The class attributes mean what the keys of a strategy document mean; universe () takes every
    symbol of the data. warm_up_bars bars pass before on_bar is asked. parameters hold the defaults;
    those of the run are in self.parameters.
    """

    name: ClassVar[str] = ""
    version: ClassVar[int] = 1
    universe: ClassVar[tuple[str, ...]] = ()
    timeframe: ClassVar[str] = "1d"
    parameters: Mapping[str, Any] = {}
    sizing: ClassVar[Sizing] = Sizing(SizingMethod.PERCENT_OF_EQUITY, Decimal(100))
    protect: ClassVar[Protection] = Protection()
    execution: ClassVar[Execution] = Execution()
    costs: ClassVar[Costs] = Costs()
    account: ClassVar[str] = "cash"
    calendar: ClassVar[str] = "XNYS"
    warm_up_bars: ClassVar[int] = 0

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.parameters = parameters
        self.wish = 0

    def prepare(self, columns: Mapping[str, Mapping[str, NDArray[Any]]]) -> None:
        """Compute what on_bar needs from all columns at once: symbol -> field -> array.

        The arrays hold the whole run: the certificate finds out when on_bar reads them too early.
        """

    def on_bar(self, bar: BarView) -> None:
        """Read the bar and call buy, sell or close; nothing called means nothing wished."""
        raise InvalidInputError(
            f"strategy {type(self).__name__} had no on_bar; define on_bar(self, bar) and call buy, sell "
            "or close in it"
        )

    def buy(self) -> None:
        """Wish to be long: a short position is closed first."""
        self.wish |= ENTER_LONG | EXIT_SHORT

    def sell(self) -> None:
        """Wish to be short: a long position is closed first."""
        self.wish |= ENTER_SHORT | EXIT_LONG

    def close(self) -> None:
        """Wish to hold nothing."""
        self.wish |= EXIT_LONG | EXIT_SHORT

    @classmethod
    def document(cls, symbols: tuple[str, ...]) -> StrategyDocument:
        """Return the settings of the class as a document without expressions."""
        return StrategyDocument(
            strategy=cls.name or cls.__name__.lower(),
            version=cls.version,
            universe=cls.universe or symbols,
            timeframe=cls.timeframe,
            signals=(),
            sizing=cls.sizing,
            protect=cls.protect,
            parameters={
                name: Parameter(Fraction(str(value))) for name, value in cls.parameters.items()
            },
            execution=cls.execution,
            costs=cls.costs,
            account=cls.account,
            calendar=cls.calendar,
        )


@dataclass(frozen=True, slots=True)
class Certificate:
    """The verdict on prefix invariance: text for the result, and where decisions differed."""

    text: str
    holds: bool


def python_signals(
    kind: type[Strategy],
    history: MarketHistory,
    parameters: Mapping[str, Any],
    symbols: tuple[str, ...],
) -> dict[str, NDArray[np.uint8]]:
    """Return the wishes of every bar of each symbol, asked in order of time, then of symbols.

    Raises InvalidInputError when the strategy raises, naming the bar.
    """
    strategy = kind(parameters)
    columns = {symbol: columns_of(history, history.series[symbol]) for symbol in symbols}
    strategy.prepare(columns)
    bits = {symbol: np.zeros(len(history.series[symbol]), np.uint8) for symbol in symbols}
    times = np.concatenate([columns[symbol]["time"] for symbol in symbols])
    owners = np.repeat(np.arange(len(symbols)), [len(bits[symbol]) for symbol in symbols])
    places = np.concatenate([np.arange(len(bits[symbol])) for symbol in symbols])
    order = np.lexsort((owners, times))
    for owner, place in zip(owners[order].tolist(), places[order].tolist(), strict=True):
        if place + 1 < kind.warm_up_bars:
            continue
        symbol = symbols[owner]
        strategy.wish = 0
        try:
            strategy.on_bar(BarView(symbol, columns[symbol], place))
        except Exception as error:
            raise InvalidInputError(
                f"strategy {kind.__name__} failed on bar {place + 1} of {symbol}: "
                f"{type(error).__name__}: {error}"
            ) from error
        bits[symbol][place] = strategy.wish
    return bits


def class_parameters(kind: type[Strategy], values: Mapping[str, Fraction]) -> dict[str, Any]:
    """Return exact parameters as the kind of number that the class declares."""
    return {
        name: int(value) if isinstance(kind.parameters[name], int) else float(value)
        for name, value in values.items()
    }


def columns_of(history: MarketHistory, series: BarSeries) -> dict[str, NDArray[Any]]:
    """Return the series as read-only columns of floats, and its closes as time."""
    scale = 10.0**history.price_decimals
    columns: dict[str, NDArray[Any]] = {
        name: getattr(series, name) / (1.0 if name == "volume" else scale) for name in FIELDS
    }
    columns["time"] = series.closes_at.copy()
    for values in columns.values():
        values.setflags(write=False)
    return columns
