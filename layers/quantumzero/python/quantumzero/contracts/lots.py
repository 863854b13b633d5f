"""What /v1/lots says: lots, what closing them brought, and the sums. Amounts are exact, never rounded to the cent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from quantumzero.contracts.api import ApiModel, DecimalText, Symbol, UtcTime

LotMethod = Literal["fifo", "lifo", "hifo", "specific"]
LotState = Literal["open", "closed"]
OrderName = Annotated[str, Field(pattern=r"^[!-~]{1,128}$")]


class Replacement(ApiModel):
    """A lot that replaced shares sold at a loss, and how many of them, in shares of the day of the sale."""

    lot: str
    quantity: DecimalText


class WashSaleView(ApiModel):
    """A loss that IRS Publication 550 may not allow, as far as the same symbol was acquired within 30 days.

    A help to find such losses, not tax advice.
    """

    disallowed: DecimalText
    replacements: list[Replacement]


class LotView(ApiModel):
    """A lot that is open, or what one sale (of a short lot: one purchase) closed of a lot.

    cost is what was paid and proceeds what was received, fees included; profit is their difference, of an open lot at
    the newest close (null when none is known). strategy is that of the order that opened the lot, null for what the
    account held when its books were opened. wash_sale is null in the books of one strategy.
    """

    id: str
    state: LotState
    symbol: Symbol
    side: Literal["long", "short"]
    strategy: str | None
    quantity: DecimalText
    opened_at: UtcTime
    closed_at: UtcTime | None
    cost: DecimalText | None
    proceeds: DecimalText | None
    profit: DecimalText | None
    price: DecimalText | None
    long_term: bool | None
    wash_sale: WashSaleView | None
    opened_by: str | None
    closed_by: str | None


class ProfitTotals(ApiModel):
    """Sums over every lot, closed and open. unrealised is null while a held symbol has no price.

    basis is what the open lots cost (negative for short ones: what they brought).
    """

    basis: DecimalText
    realised: DecimalText
    unrealised: DecimalText | None


class SymbolProfit(ProfitTotals):
    symbol: Symbol
    quantity: DecimalText
    dividends: DecimalText
    disallowed: DecimalText


class StrategyProfit(ProfitTotals):
    """What one strategy's own trades brought; null is what belongs to none."""

    strategy: str | None
    quantities: dict[str, DecimalText]


class AccountProfit(ProfitTotals):
    dividends: DecimalText
    fees: DecimalText
    other: DecimalText
    disallowed: DecimalText


class LotDifference(ApiModel):
    """A symbol whose lots do not add up to the ledger's position: events of it are missing."""

    symbol: Symbol
    lots: DecimalText
    ledger: DecimalText


class LotList(ApiModel):
    """Newest first; next_cursor continues the listing and is null on the last page. The sums are of all lots, whatever
    the filters chose.
    """

    method: LotMethod
    lots: list[LotView]
    next_cursor: str | None
    account: AccountProfit
    symbols: list[SymbolProfit]
    strategies: list[StrategyProfit]
    differences: list[LotDifference]


class NamedLot(ApiModel):
    lot: OrderName
    quantity: DecimalText


class NameLotsRequest(ApiModel):
    """The lots that an order closes, for specific identification; the rest goes by FIFO. Said once, before or at the
    sale, as IRS Publication 550 asks.
    """

    order: OrderName
    lots: Annotated[list[NamedLot], Field(min_length=1, max_length=100)]


class NamedLots(ApiModel):
    order: str
    lots: list[NamedLot]
