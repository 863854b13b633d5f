"""List lots with their profit, from the events of the ledger alone."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from quantumzero.contracts.formats import utc_text
from quantumzero.contracts.lots import LotList, LotState, LotView, Replacement, WashSaleView
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.lots.account_lots import build_lots
from quantumzero.domain.lots.matching import Method
from quantumzero.usecases.sum_lots import (
    account_profit,
    differences,
    exact_text,
    strategy_profits,
    symbol_profits,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from quantumzero.domain.lots.account_lots import AccountLots
    from quantumzero.domain.lots.matching import Closing, Lot, WashSale
    from quantumzero.ports.lots import LotJournal
    from quantumzero.usecases.value_holdings import ValuedHolding


def list_lots(
    *,
    journal: LotJournal,
    holdings: Sequence[ValuedHolding],
    method: Method,
    symbol: str | None,
    state: LotState | None,
    strategy: str | None,
    limit: int,
    cursor: str | None,
) -> LotList:
    """Return one page of lots and the sums of all; with a strategy the lots are those of its own books.

    holdings are the ledger's at their newest closes.
    """
    named = journal.named_lots() if method is Method.SPECIFIC else {}
    lots = build_lots(journal.account_events(), method, named)
    prices = {
        valued.holding.symbol: valued.price for valued in holdings if valued.priced_at is not None
    }
    views = [
        *([] if state == "open" else map(_closed, _closings(lots, strategy))),
        *([] if state == "closed" else (_open(lot, prices) for lot in _lots(lots, strategy))),
    ]
    chosen = [each for each in views if symbol in (None, each.symbol)]
    page, following = _page(chosen, limit, cursor)
    return LotList(
        method=method.value,
        lots=page,
        next_cursor=following,
        account=account_profit(lots, prices),
        symbols=symbol_profits(lots, prices),
        strategies=strategy_profits(lots, prices),
        differences=differences(lots, {each.holding.symbol: each.holding for each in holdings}),
    )


def _closings(lots: AccountLots, strategy: str | None) -> Iterable[Closing]:
    if strategy is None:
        return [each for closings in lots.closings.values() for each in closings]
    return [
        each for (name, _), book in lots.parts.items() if name == strategy for each in book.closings
    ]


def _lots(lots: AccountLots, strategy: str | None) -> Iterable[Lot]:
    if strategy is None:
        return [each for book in lots.books.values() for each in book.lots]
    return [
        each for (name, _), book in lots.parts.items() if name == strategy for each in book.lots
    ]


def _closed(closing: Closing) -> LotView:
    lot, short = closing.lot, closing.lot.quantity < 0
    return LotView(
        id=closing.id,
        state="closed",
        symbol=lot.symbol,
        side="short" if short else "long",
        strategy=lot.strategy,
        quantity=exact_text(abs(closing.quantity)),
        opened_at=utc_text(lot.opened_at),
        closed_at=utc_text(closing.closed_at),
        cost=exact_text(-closing.cash if short else closing.basis),
        proceeds=exact_text(-closing.basis if short else closing.cash),
        profit=exact_text(closing.profit),
        price=None,
        long_term=closing.long_term,
        wash_sale=None if closing.wash_sale is None else _flag(closing.wash_sale),
        opened_by=lot.order,
        closed_by=closing.order,
    )


def _flag(wash_sale: WashSale) -> WashSaleView:
    return WashSaleView(
        disallowed=exact_text(wash_sale.disallowed),
        replacements=[
            Replacement(lot=name, quantity=exact_text(each))
            for name, each in wash_sale.replacements
        ],
    )


def _open(lot: Lot, prices: Mapping[str, Decimal]) -> LotView:
    short, price = lot.quantity < 0, prices.get(lot.symbol)
    return LotView(
        id=lot.id,
        state="open",
        symbol=lot.symbol,
        side="short" if short else "long",
        strategy=lot.strategy,
        quantity=exact_text(abs(lot.quantity)),
        opened_at=utc_text(lot.opened_at),
        closed_at=None,
        cost=None if short else exact_text(lot.basis),
        proceeds=exact_text(-lot.basis) if short else None,
        profit=None if price is None else exact_text(lot.quantity * price - lot.basis),
        price=None if price is None else exact_text(price),
        long_term=None,
        wash_sale=None,
        opened_by=lot.order,
        closed_by=None,
    )


def _page(views: list[LotView], limit: int, cursor: str | None) -> tuple[list[LotView], str | None]:
    """Return the views after the cursor, newest first: a cursor is the place of the last one shown."""
    views.sort(key=_place, reverse=True)
    if cursor is not None:
        last = _read_cursor(cursor)
        views = [each for each in views if _place(each) < last]
    following = _write_cursor(views[limit - 1]) if len(views) > limit else None
    return views[:limit], following


def _place(view: LotView) -> tuple[str, str]:
    return view.closed_at or view.opened_at, view.id


def _write_cursor(view: LotView) -> str:
    return base64.urlsafe_b64encode("|".join(_place(view)).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[str, str]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        time, name = text.split("|", 1)
    except (binascii.Error, ValueError) as error:
        raise InvalidInputError(
            "cursor was not one that this listing gave; start again without it, or hand back "
            "next_cursor with the same filters",
            field="query.cursor",
        ) from error
    return time, name
