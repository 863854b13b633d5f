"""Turn a person's request into an approved intent or a stored refusal, by the same controls as every other order.

Nothing is sent here: whoever serves the API has no broker's keys. functions/carry_out_requests hears of the intent and
sends it; the sweep does where that failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.errors import InvalidInputError, RefusedError
from quantumzero.domain.manual_orders import (
    ManualRequest,
    check_protection_of,
    manual_order_id,
    manual_terms,
)
from quantumzero.domain.order_capabilities import check_capability
from quantumzero.domain.order_shapes import valuation_price
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.usecases.conflicts import decide_until_committed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.bars import Bar
    from quantumzero.domain.orders import OrderRecord
    from quantumzero.usecases.decide_order import DecideOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderManually:
    """Write the order of one request."""

    decide: DecideOrder
    symbols: Sequence[str]
    timeframes: Sequence[str]

    def order(self, request: ManualRequest, *, key: str, by: str) -> tuple[OrderRecord, bool]:
        """Return the order and whether it is new; the same request with the same key is the same order.

        Raises InvalidInputError when the order makes no sense or the broker does not take it, RefusedError when the key
        was used for another request, ConflictError when other writers kept winning.
        """
        if request.symbol not in self.symbols:
            raise InvalidInputError(
                f"symbol {request.symbol} is not followed here; it may be {', '.join(self.symbols)}",
                field="body.symbol",
            )
        if (request.quantity is None) == (request.notional is None):
            raise InvalidInputError(
                "give exactly one of quantity and notional", field="body.quantity"
            )
        return decide_until_committed(lambda: self._attempt(request, key, by), self.decide.backoff)

    def _attempt(self, request: ManualRequest, key: str, by: str) -> tuple[OrderRecord, bool]:
        account = self.decide.account
        stored = self.decide.ledger.order(manual_order_id(account, key))
        if stored is not None:
            return _same(stored, request), False
        bar = self._newest(request.symbol)
        close = price_decimal(bar.close)
        unsound = check_protection_of(request, close)
        if unsound is not None:
            raise InvalidInputError(unsound[1], field=f"body.{unsound[0]}")
        terms = manual_terms(request, account=account, key=key, price=close)
        wrong = check_capability(terms, self.decide.broker)
        if wrong is not None:
            raise InvalidInputError(wrong, field="body")
        facts = self.decide.facts
        reading = facts.read(
            terms.strategy, terms.symbol, timeframe=bar.timeframe, until=bar.closes_at
        )
        proposal = facts.propose(
            terms,
            reading,
            price=valuation_price(terms, close),
            priced_at=bar.closes_at,
            timeframe=bar.timeframe,
            inference=NO_MODEL,
        )
        return self.decide.write(proposal, reading, reason=f"ordered by {by}"), True

    def _newest(self, symbol: str) -> Bar:
        """Return the newest bar of any timeframe: what the order is valued at."""
        found = self.decide.facts.newest_bar(symbol, self.timeframes)
        if found is None:
            raise RefusedError(
                f"no bar of {symbol} is stored yet, so an order cannot be valued; order when "
                "GET /v1/bars shows one"
            )
        return found


def _same(stored: OrderRecord, request: ManualRequest) -> OrderRecord:
    if stored.terms.decision_id == request.identity:
        return stored
    terms = stored.terms
    raise RefusedError(
        f"this Idempotency-Key was used for another request: {terms.side} {terms.quantity:f} {terms.symbol} "
        f"({terms.client_order_id}); use a new key for a new order"
    )
