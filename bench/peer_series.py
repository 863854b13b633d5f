"""Three real price series, and a strategy's trades on each, as the metrics and their peers take them.

Needs the packages of .venv-bench: backtesting (GOOG daily 2004-2013, EURUSD hourly 2017-2018) and
bokeh_sampledata (AAPL, MSFT, IBM daily 2000-2013).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from quantumzero.research.result import Charges, Curves, Trades

DAY = 86_400_000_000
CASH = 1_000_000.0
FAST, SLOW = 10, 30
COMMISSION = 0.001


@dataclass(frozen=True)
class Series:
    """One series: bars (its DataFrame with Open ... Volume), close and market its daily closes (pandas), the
    rates to judge it by.
    """

    name: str
    bars: Any
    close: Any
    market: Any
    risk_free: float
    minimum: float

    @property
    def returns(self) -> Any:
        """Daily simple returns of the close."""
        return self.close.pct_change().dropna()

    @property
    def market_returns(self) -> Any:
        """Daily simple returns of the benchmark on the same days."""
        return self.market.pct_change().dropna()


def load() -> list[Series]:
    """Return GOOG against MSFT, AAPL against IBM, EURUSD against half of it held above its 20-day mean."""
    test = import_module("backtesting.test")
    stocks = import_module("bokeh.sampledata.stocks")
    google, euro = test.GOOG, test.EURUSD
    apple, microsoft, machines = (_frame(getattr(stocks, name)) for name in ("AAPL", "MSFT", "IBM"))
    euro_daily = euro.Close.resample("D").last().dropna()
    above = (euro_daily > euro_daily.rolling(20).mean()).shift(1, fill_value=False)
    held = (1.0 + 0.5 * euro_daily.pct_change().fillna(0.0) * above).cumprod()
    days = google.index.intersection(microsoft.index)
    google = google.loc[days]
    return [
        Series("GOOG daily", google, google.Close, microsoft.Close.loc[days], 0.02, 0.05),
        Series("EURUSD hourly", euro, euro_daily, held, 0.0, 0.0),
        Series("AAPL daily", apple, apple.Close, machines.Close.loc[apple.index], 0.01, 0.0),
    ]


def _frame(table: Any) -> Any:
    """Return a bokeh table as a DataFrame of adjusted prices with backtesting.py's column names."""
    pandas = import_module("pandas")
    frame = pandas.DataFrame(table)
    frame.index = pandas.DatetimeIndex(pandas.to_datetime(frame.pop("date")))
    factor = frame.pop("adj_close") / frame["close"]
    for column in ("open", "high", "low", "close"):
        frame[column] = (frame[column] * factor).round(4)
    return frame.rename(columns=str.capitalize)


def held_curves(series: Series) -> tuple[Curves, Any]:
    """Return the curves of holding the series from its first close with CASH, and its benchmark's equity."""
    close, market = series.close.to_numpy(), series.market.to_numpy()
    time = microseconds(series.close.index)[1:] + DAY * 21 // 24
    equity = close[1:] / close[0] * CASH
    marks = np.ones(len(equity), np.bool_)
    curves = Curves(time, equity, equity * 0.0, equity, equity, marks)
    return curves, market[1:] / market[0] * CASH


def microseconds(index: Any) -> Any:
    """Return a DatetimeIndex as microseconds since 1970."""
    return index.to_numpy().astype("datetime64[us]").astype(np.int64)


def run_backtesting(series: Series) -> Any:
    """Run sma 10/30 by backtesting.py on the series: whole units, 10 bps, filled at the next open."""
    package, library = import_module("backtesting"), import_module("backtesting.lib")
    mean = import_module("backtesting.test").SMA

    class Cross(package.Strategy):  # type: ignore[misc, name-defined]
        def init(self) -> None:
            self.fast = self.I(mean, self.data.Close, FAST)
            self.slow = self.I(mean, self.data.Close, SLOW)

        def next(self) -> None:
            if library.crossover(self.fast, self.slow):
                self.buy()
            elif library.crossover(self.slow, self.fast):
                self.position.close()

    stats = package.Backtest(series.bars, Cross, cash=CASH, commission=COMMISSION).run()
    rated = library.compute_stats(stats=stats, data=series.bars, risk_free_rate=series.risk_free)
    rated["Commissions [$]"] = stats["Commissions [$]"]  # it shows them only in a run's own result
    return rated


def peer_curves(series: Series, stats: Any) -> tuple[Curves, Any]:
    """Return backtesting.py's own equity as curves (instants are the bars' closes), and the close."""
    labels = microseconds(series.bars.index)
    daily = bool(np.all(labels % DAY == 0))
    time = labels + (DAY * 21 // 24 if daily else int(np.median(np.diff(labels[-100:]))))
    equity = stats["_equity_curve"]["Equity"].to_numpy()
    days = (time - 1) // DAY
    marks = np.ones(len(time), np.bool_) if daily else np.append(days[1:] != days[:-1], True)
    zero = equity * 0.0
    return Curves(time, equity, equity, zero, zero, marks), series.bars.Close.to_numpy()


def peer_trades(series: Series, stats: Any) -> Trades:
    """Return backtesting.py's trade list as ours, with excursions from the bars while held."""
    table = stats["_trades"]
    entry, leave = table["EntryBar"].to_numpy(), table["ExitBar"].to_numpy()
    price, size = table["EntryPrice"].to_numpy(), table["Size"].to_numpy().astype(float)
    low, high = series.bars.Low.to_numpy(), series.bars.High.to_numpy()
    span = [slice(first, last + 1) for first, last in zip(entry, leave, strict=True)]
    worst = np.array([low[rows].min() for rows in span])
    best = np.array([high[rows].max() for rows in span])
    codes = np.zeros(len(table), np.int32)
    profit = table["PnL"].to_numpy()
    return Trades(
        symbol=codes,
        side=codes + 1,
        entry_time=microseconds(table["EntryTime"]),
        entry_price=price,
        exit_time=microseconds(table["ExitTime"]),
        exit_price=table["ExitPrice"].to_numpy(),
        quantity=size,
        profit=profit,
        fees=table["Commission"].to_numpy(),
        mae=np.minimum((worst - price) * size, 0.0),
        mfe=np.maximum((best - price) * size, 0.0),
        best_profit=profit,
        worst_profit=profit,
        reason=codes,
        ambiguous=codes,
        entry_bar=entry.astype(np.int32),
        exit_bar=leave.astype(np.int32),
    )


def no_charges() -> Charges:
    """Return charges of nothing: the conventions of other libraries do not read them."""
    return Charges()
