"""The whole replay once more, in plain Python, sharing no code with the product.

It reads the same daily bars and follows the published rules only: docs/exchange_simulator.md (how a bar becomes
prints and how prints fill orders), strategies/sma-cross.yaml (the rule and the size) and docs/risk_controls.md
(the limits of a new account). Averages are recomputed from full lists of fractions at every bar.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from bokeh_sampledata import stocks

SYMBOLS = ("AAPL", "GOOG", "IBM", "MSFT")
SPLITS = {("AAPL", "2000-06-21"): 2, ("AAPL", "2005-02-28"): 2, ("MSFT", "2003-02-18"): 2}


@dataclass(frozen=True)
class Rules:
    """What the replayed strategy document, the account and the exchange were set to."""

    fast: int = 5
    slow: int = 20
    percent_of_equity: int = 20
    cash: Decimal = Decimal(100_000)
    participation: Decimal = Decimal("0.0005")
    gross_limit: Decimal = Decimal("1.00")
    symbol_limit: Decimal = Decimal("0.40")
    order_limit: Decimal = Decimal("0.30")


@dataclass
class Book:
    """Everything the recomputation concludes; keys are exchange dates and symbols."""

    cash: Decimal
    decisions: dict[tuple[str, str], str] = field(default_factory=dict)
    orders: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    denied: dict[tuple[str, str], str] = field(default_factory=dict)
    fills: list[tuple[str, str, str, int, Decimal]] = field(default_factory=list)
    held: dict[str, int] = field(default_factory=dict)
    reserved: dict[str, Decimal] = field(default_factory=dict)
    equity: Decimal = Decimal(0)
    round_trips: int = 0


@dataclass
class Resting:
    """An order that waits for the next session's prints."""

    decided: str
    symbol: str
    side: str
    left: int


def daily_bars(
    first: str, sessions: int | None
) -> list[tuple[str, dict[str, tuple[Decimal, Decimal, Decimal, Decimal, int]]]]:
    """Return (date, {symbol: (open, high, low, close, volume)}) for the sessions from first on."""
    by_date: dict[str, dict[str, tuple[Decimal, Decimal, Decimal, Decimal, int]]] = {}
    for symbol in SYMBOLS:
        table = getattr(stocks, symbol)
        rows = zip(
            table["date"], table["open"], table["high"], table["low"], table["close"],
            table["volume"], strict=True,
        )  # fmt: skip
        for date, *prices, volume in rows:
            if date >= first:
                o, h, lo, c = (Decimal(str(price)) for price in prices)
                by_date.setdefault(date, {})[symbol] = (o, h, lo, c, int(volume))
    return sorted(by_date.items())[:sessions]


def prints(bar: tuple[Decimal, Decimal, Decimal, Decimal, int]) -> list[tuple[Decimal, int]]:
    """Return the (price, size) prints by which one daily bar is replayed, in time order."""
    opened, high, low, closed, volume = bar
    opening, swing = volume * 5 // 100, volume * 20 // 100
    inside = [low, high] if closed >= opened else [high, low]
    rest = volume - 3 * opening - 2 * swing
    return [
        *[(opened, opening)] * 3,
        (inside[0], swing),
        (inside[1], swing),
        (closed, rest),
    ]


def crossing(closes: list[Fraction], rules: Rules) -> tuple[bool, bool]:
    """Return (crossed above, crossed below) of the fast and slow averages on the newest close."""
    if len(closes) < rules.slow + 1:
        return False, False

    def gap(until: int) -> Fraction:
        newest = closes[:until]
        fast = sum(newest[-rules.fast :], Fraction(0)) / rules.fast
        return fast - sum(newest[-rules.slow :], Fraction(0)) / rules.slow

    now, before = gap(len(closes)), gap(len(closes) - 1)
    return (now > 0 and before <= 0), (now < 0 and before >= 0)


def recompute(rules: Rules, first: str = "2004-08-19", sessions: int | None = 260) -> Book:
    """Trade the rule over the sessions and return the book it ends with."""
    book = Book(cash=rules.cash)
    closes: dict[str, list[Fraction]] = {symbol: [] for symbol in SYMBOLS}
    resting: list[Resting] = []
    last: dict[str, Decimal] = {}
    for date, bars in daily_bars(first, sessions):
        _split(date, book, closes, resting)
        resting = _fill(date, bars, book, resting, rules)
        for symbol, bar in bars.items():
            closes[symbol].append(Fraction(bar[3]))
            last[symbol] = bar[3]
        book.equity = book.cash + sum(
            (last[symbol] * shares for symbol, shares in book.held.items()), Decimal(0)
        )
        for symbol in sorted(bars):
            _decide(date, symbol, last, closes[symbol], book, resting, rules)
    return book


def _split(
    date: str, book: Book, closes: dict[str, list[Fraction]], resting: list[Resting]
) -> None:
    for (symbol, ex_date), ratio in SPLITS.items():
        if ex_date == date:
            closes[symbol][:] = [price / ratio for price in closes[symbol]]
            book.held[symbol] = book.held.get(symbol, 0) * ratio
            for order in resting:
                if order.symbol == symbol:
                    order.left *= ratio


def _fill(
    date: str,
    bars: dict[str, tuple[Decimal, Decimal, Decimal, Decimal, int]],
    book: Book,
    resting: list[Resting],
    rules: Rules,
) -> list[Resting]:
    for order in resting:
        for price, size in prints(bars[order.symbol]):
            available = max(1, int((size * rules.participation).to_integral_value(ROUND_FLOOR)))
            shares = min(order.left, available)
            if shares == 0:
                break
            order.left -= shares
            signed = shares if order.side == "buy" else -shares
            book.held[order.symbol] = book.held.get(order.symbol, 0) + signed
            book.cash -= signed * price
            book.fills.append((date, order.symbol, order.side, shares, price))
        if order.side == "sell" and book.held[order.symbol] == 0:
            book.round_trips += 1
            book.reserved.pop(order.symbol, None)
    return []


def _decide(
    date: str,
    symbol: str,
    last: dict[str, Decimal],
    closes: list[Fraction],
    book: Book,
    resting: list[Resting],
    rules: Rules,
) -> None:
    above, below = crossing(closes, rules)
    held = book.held.get(symbol, 0)
    action = "enter_long" if above and held == 0 else "exit_long" if below and held > 0 else "hold"
    book.decisions[date, symbol] = action
    if action == "hold":
        return
    shares, price = held, last[symbol]
    if action == "enter_long":
        shares = int(
            (book.equity * rules.percent_of_equity / 100 / price).to_integral_value(ROUND_FLOOR)
        )
        refusal = _refusal(symbol, shares * price, book, resting, last, rules)
        if refusal:
            book.denied[date, symbol] = refusal
            return
        book.reserved[symbol] = book.reserved.get(symbol, Decimal(0)) + shares * price
    side = "buy" if action == "enter_long" else "sell"
    book.orders[date, symbol] = (side, shares)
    resting.append(Resting(date, symbol, side, shares))


def _refusal(
    symbol: str,
    value: Decimal,
    book: Book,
    resting: list[Resting],
    last: dict[str, Decimal],
    rules: Rules,
) -> str | None:
    """Return the code of the first limit that a buying order of that value breaks."""
    marked = {name: last[name] * shares for name, shares in book.held.items()}
    working = sum((last[o.symbol] * o.left for o in resting if o.side == "buy"), Decimal(0))
    held_here = max(book.reserved.get(symbol, Decimal(0)), marked.get(symbol, Decimal(0)))
    held_all = max(
        sum(book.reserved.values(), Decimal(0)), sum(marked.values(), Decimal(0)) + working
    )
    if value > rules.order_limit * rules.cash:
        return "MAX_VALUE"
    if held_all + value > rules.gross_limit * rules.cash:
        return "EXPOSURE_GROSS"
    if held_here + value > rules.symbol_limit * rules.cash:
        return "EXPOSURE_SYMBOL"
    return None
