"""The account, its positions and the instruments as the vendor writes them."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

from local.exchange.admission import held_quantity
from local.exchange.formats import moment, number
from local.exchange.order_events import identifier
from local.exchange.order_views import asset_id
from quantumzero.domain.orders import Side

if TYPE_CHECKING:
    from datetime import datetime

    from local.exchange.engine import Exchange

_CENT = Decimal("0.01")
_ACCOUNT = identifier("account", "simulated")


def account_view(exchange: Exchange, opened_at: datetime) -> dict[str, Any]:
    """Return the account; money to the cent."""
    books, settings = exchange.state.books, exchange.settings
    equity, power = books.equity, exchange.buying_power
    exposure = books.long_value - books.short_value
    return {
        "id": _ACCOUNT,
        "account_number": "SIM000000001",
        "status": "ACTIVE",
        "crypto_status": "INACTIVE",
        "currency": "USD",
        "cash": _money(books.cash),
        "buying_power": _money(power),
        "regt_buying_power": _money(power),
        "non_marginable_buying_power": _money(min(power, max(books.cash, Decimal(0)))),
        "options_buying_power": "0",
        "equity": _money(equity),
        "portfolio_value": _money(equity),
        "last_equity": _money(books.previous_equity),
        "long_market_value": _money(books.long_value),
        "short_market_value": _money(books.short_value),
        "initial_margin": _money(exposure / settings.multiplier),
        "maintenance_margin": _money(exposure * Decimal("0.25")),
        "last_maintenance_margin": "0",
        "sma": "0",
        "accrued_fees": "0",
        "multiplier": number(settings.multiplier),
        "shorting_enabled": settings.allow_short,
        "trading_blocked": False,
        "transfers_blocked": False,
        "account_blocked": False,
        "trade_suspended_by_user": False,
        "created_at": moment(opened_at),
        "balance_asof": opened_at.date().isoformat(),
    }


def position_view(exchange: Exchange, symbol: str) -> dict[str, Any]:
    """Return one position.

    The intraday figures are measured from the close of the session before.
    """
    books = exchange.state.books
    holding = books.holdings[symbol]
    last = books.last_prices[symbol]
    previous = books.previous_closes.get(symbol, last)
    value = holding.quantity * last
    profit = value - holding.cost
    day_profit = holding.quantity * (last - previous)
    side = Side.SELL if holding.quantity > 0 else Side.BUY
    busy = held_quantity(exchange.open_orders, symbol, side, last)
    free = max(abs(holding.quantity) - busy, Decimal(0))
    return {
        "asset_id": asset_id(symbol),
        "symbol": symbol,
        "exchange": "NASDAQ",
        "asset_class": "us_equity",
        "asset_marginable": True,
        "avg_entry_price": number(holding.average_price),
        "qty": number(holding.quantity),
        "qty_available": number(free.copy_sign(holding.quantity)),
        "side": "long" if holding.quantity > 0 else "short",
        "market_value": number(value),
        "cost_basis": number(holding.cost),
        "unrealized_pl": number(profit),
        "unrealized_plpc": number(_ratio(profit, abs(holding.cost))),
        "unrealized_intraday_pl": number(day_profit),
        "unrealized_intraday_plpc": number(_ratio(day_profit, abs(holding.quantity * previous))),
        "current_price": number(last),
        "lastday_price": number(previous),
        "change_today": number(_ratio(last - previous, previous)),
    }


def asset_view(exchange: Exchange, symbol: str) -> dict[str, Any]:
    """Return one instrument; it is tradable once it has a price."""
    known = symbol in exchange.state.books.last_prices
    return {
        "id": asset_id(symbol),
        "class": "us_equity",
        "exchange": "NASDAQ",
        "symbol": symbol,
        "name": f"{symbol} common stock",
        "status": "active" if known else "inactive",
        "tradable": known,
        "marginable": True,
        "shortable": exchange.settings.allow_short,
        "easy_to_borrow": exchange.settings.allow_short,
        "fractionable": True,
        "attributes": [],
    }


def _ratio(part: Decimal, whole: Decimal) -> Decimal:
    return part / whole if whole else Decimal(0)


def _money(amount: Decimal) -> str:
    """Return an amount to the cent, rounded half to even."""
    return f"{amount.quantize(_CENT, ROUND_HALF_EVEN):f}"
