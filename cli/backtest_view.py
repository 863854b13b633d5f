"""A backtest in the terminal: what became of the money, the figures behind it, and what to know."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from quantumzero.domain.backtests import EXIT_REASONS
from quantumzero.research.report.metric_words import written
from quantumzero.research.report.words import price, quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import JustifyMethod as Justify
    from rich.console import RenderableType

    from quantumzero.research.metrics import Trials
    from quantumzero.research.result import BacktestResult

_LEFT = (
    "total_return", "cagr", "volatility", "sharpe", "sortino", "max_drawdown", "calmar",
    "time_in_market", "deflated_sharpe",
)  # fmt: skip
_RIGHT = (
    "trades", "win_rate", "profit_factor", "payoff", "expectancy", "average_holding_days",
    "turnover", "total_costs", "benchmark_return",
)  # fmt: skip
_LAST_TRADES = 5
_DAY_US = 86_400_000_000
_ONLY_DEFINED = frozenset({"deflated_sharpe", "benchmark_return"})


def backtest_view(result: BacktestResult, trials: Trials | None = None) -> RenderableType:
    """Return what `qz backtest` prints without --json."""
    parts: list[RenderableType] = [_headline(result), Text(), _figures(result)]
    if len(result.trades):
        parts += [Text(), _trades(result)]
    notes = _notes(result, trials)
    return Group(*parts, Text(), *notes)


def _headline(result: BacktestResult) -> Text:
    times = result.curves.time
    change = result.final_equity / result.cash - 1
    symbols = ", ".join(result.symbols[:5]) + (" ..." if len(result.symbols) > 5 else "")
    text = Text(f"{result.strategy}", style="bold")
    text.append(f" version {result.version} on {symbols}, ", style="not bold")
    text.append(f"{_day(times[0])} to {_day(times[-1])}\n", style="not bold")
    text.append(f"{result.cash:,.2f} became ", style="not bold")
    text.append(f"{result.final_equity:,.2f}", style=_tone(change))
    text.append(f" ({change:+.2%})", style=_tone(change))
    return text


def _figures(result: BacktestResult) -> Table:
    """Two columns of figures; those that the convention does not have are left out."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    sides: tuple[Justify, ...] = ("left", "right", "left", "right")
    for justify in sides:
        table.add_column(justify=justify)
    held = [[name for name in names if _is_shown(result, name)] for names in (_LEFT, _RIGHT)]
    if not any(held):
        names = [name for name, metric in result.metrics.items() if metric.value is not None]
        held = [names[::2], names[1::2]]
    for place in range(max(len(held[0]), len(held[1]))):
        cells: list[str | Text] = []
        for names in held:
            cells += _cells(result, names[place]) if place < len(names) else ["", ""]
        table.add_row(*cells)
    return table


def _is_shown(result: BacktestResult, name: str) -> bool:
    metric = result.metrics.get(name)
    return metric is not None and (metric.value is not None or name not in _ONLY_DEFINED)


def _cells(result: BacktestResult, name: str) -> list[str | Text]:
    label, figure = written(name, result.metrics[name])
    return [label, Text(figure, style="dim" if result.metrics[name].value is None else "bold")]


def _trades(result: BacktestResult) -> Table:
    trades = result.trades
    shown = range(max(0, len(trades) - _LAST_TRADES), len(trades))
    title = f"the last {len(shown)} of {len(trades)} trades" if shown.start else "trades"
    table = Table(
        title=title, title_justify="left", title_style="dim", box=None, padding=(0, 1, 0, 0)
    )
    for heading in ("symbol", "entered", "at", "left", "at", "quantity", "profit"):
        numeric = heading in {"at", "quantity", "profit"}
        justify: Justify = "right" if numeric else "left"
        table.add_column(heading, justify=justify, header_style="dim", no_wrap=True)
    table.add_column("reason", header_style="dim", no_wrap=True)
    write = _writer(result)
    for row in shown:
        profit = float(trades.profit[row])
        sign = "-" if trades.side[row] < 0 else ""
        table.add_row(
            result.symbols[int(trades.symbol[row])],
            write(int(trades.entry_time[row])),
            price(float(trades.entry_price[row])),
            write(int(trades.exit_time[row])),
            price(float(trades.exit_price[row])),
            sign + quantity(abs(float(trades.quantity[row]))),
            Text(f"{profit:+,.2f}", style=_tone(profit)),
            EXIT_REASONS[int(trades.reason[row])].replace("_", " "),
        )
    return table


def _writer(result: BacktestResult) -> Callable[[int], str]:
    """Return how instants are written: dates of daily bars, minutes of others, no year of a single year."""
    first, last = int(result.curves.time[0]), int(result.curves.time[-1])
    if last - first >= (len(result.curves.time) - 1) * _DAY_US / 2:
        return _day
    if _moment(first).year == _moment(last).year:
        return lambda time_us: f"{_moment(time_us):%m-%d %H:%M}"
    return lambda time_us: f"{_moment(time_us):%Y-%m-%d %H:%M}"


def _notes(result: BacktestResult, trials: Trials | None) -> list[Text]:
    notes = []
    if result.ambiguous_trades:
        worst, best = result.ambiguity_bounds
        notes.append(
            f"{result.ambiguous_trades} trades hang on the order of prices inside a bar: the "
            f"profit of all trades lies between {worst:,.2f} and {best:,.2f}"
        )
    if result.refusals:
        codes = Counter(refusal.code for refusal in result.refusals)
        counted = ", ".join(f"{number} {code}" for code, number in codes.most_common())
        notes.append(f"refused orders: {counted}")
    notes += result.notes
    if result.certificate:
        notes.append(result.certificate)
    if trials is not None:
        times = "once" if trials.count == 1 else f"{trials.count} times"
        notes.append(f"{result.strategy} was tried {times} so far, with distinct results")
    notes.append(f"key {result.key}")
    return [Text(f"· {note}", style="dim") for note in notes]


def _tone(value: float) -> str:
    return "bold blue" if value > 0 else "bold yellow" if value < 0 else "bold"


def _moment(time_us: int) -> datetime:
    return datetime.fromtimestamp(time_us / 1_000_000, UTC)


def _day(time_us: int) -> str:
    return f"{_moment(int(time_us) - 1):%Y-%m-%d}"
