"""Lots behind the API: their use cases over the ledger's table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from quantumzero.adapters.clocks import SystemClock
from quantumzero.adapters.kept_lot_events import KeptLotEvents
from quantumzero.bootstrap.ledger import ledger
from quantumzero.usecases.list_lots import list_lots
from quantumzero.usecases.name_lots import NameLots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.contracts import lots as shapes
    from quantumzero.domain.lots.matching import Method
    from quantumzero.ports.lots import LotJournal
    from quantumzero.usecases.value_holdings import ValuedHolding


@dataclass(frozen=True, slots=True)
class Lots:
    """What /v1/lots answers and accepts."""

    journal: LotJournal
    naming: NameLots

    def listed(
        self,
        holdings: Sequence[ValuedHolding],
        *,
        method: Method,
        symbol: str | None,
        state: shapes.LotState | None,
        strategy: str | None,
        limit: int,
        cursor: str | None,
    ) -> shapes.LotList:
        return list_lots(
            journal=self.journal,
            holdings=holdings,
            method=method,
            symbol=symbol,
            state=state,
            strategy=strategy,
            limit=limit,
            cursor=cursor,
        )

    def name(self, request: shapes.NameLotsRequest, *, by: str) -> shapes.NamedLots:
        return self.naming.name(request, by=by)


@cache
def ready_lots() -> Lots:
    """Return the process's lots over the ledger's table."""
    journal = KeptLotEvents(ledger())
    return Lots(journal, NameLots(journal=journal, orders=ledger(), clock=SystemClock()))
