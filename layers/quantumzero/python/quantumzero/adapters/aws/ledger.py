"""The order ledger in DynamoDB: one table, one account, every protocol of ports/ledger.py and ports/lots.py."""

from __future__ import annotations

from quantumzero.adapters.aws.ledger_lots import LedgerLots
from quantumzero.adapters.aws.ledger_orders import LedgerOrders
from quantumzero.adapters.aws.ledger_queries import LedgerQueries
from quantumzero.adapters.aws.ledger_reconciliations import LedgerReconciliations


class DynamoLedger(LedgerOrders, LedgerQueries, LedgerLots, LedgerReconciliations):
    """The ledger of one account.

    Items under pk A#{account}: RISK, CASH, O#{order}, E#{order}#{version}, P#{symbol}, SP#{strategy}#{symbol},
    EQ#{time}, CA#{symbol}#{ex-date}, AL#{time}#{id} and its note ALID#{id}, RECONCILE#{time}; for lots also OPENING,
    AC#{income} and LI#{order}; under A#{account}#fills the notes F#{order}#{version} and pages J#{first}.
    Indexes: open_orders (sparse: open_bucket, born_at) and orders_by_time (order_bucket, born_at).
    """
