"""What every ledger keeps to when the table refuses, conflicts or does not answer: nothing, or all of it once."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.domain.errors import ConflictError, UnavailableError
from quantumzero.ports.ledger import LedgerAlert
from quantumzero.usecases.conflicts import ATTEMPTS, decide_until_committed
from tests.contract.ledger.faults import (
    CANCELLATIONS,
    CONFLICTS,
    LOST_REPLIES,
    UNWRITTEN,
    Fault,
    Sky,
)
from tests.contract.ledger.test_ledger import NOW, intend
from tests.contract.ledger.written_things import WRITINGS, Writing, prepared, stored, told

if TYPE_CHECKING:
    from collections.abc import Callable

ledgers = pytest.mark.parametrize("name", ["memory", "dynamodb"])
writings = pytest.mark.parametrize("writing", WRITINGS, ids=str)

READS: dict[str, Callable[[Any], object]] = {
    "order": lambda ledger: ledger.order("qz1-none"),
    "order_events": lambda ledger: ledger.order_events("qz1-a"),
    "open_orders": lambda ledger: ledger.open_orders(),
    "held_orders": lambda ledger: ledger.held_orders(),
    "risk": lambda ledger: ledger.risk(),
    "position": lambda ledger: ledger.position("IBM"),
    "picture": lambda ledger: ledger.picture(),
    "cash": lambda ledger: ledger.cash(),
    "strategy_holdings": lambda ledger: ledger.strategy_holdings("sma-cross"),
    "prepared_until": lambda ledger: ledger.prepared_until(),
    "account_events": lambda ledger: ledger.account_events(),
    "named_lots": lambda ledger: ledger.named_lots(),
    "reconciliation": lambda ledger: ledger.reconciliation("none"),
    "alerts": lambda ledger: ledger.alerts(limit=3),
}


def make(make_ledger: Callable[[str, Sky], Any], name: str, writing: Writing) -> tuple[Any, Sky]:
    """Return a ledger that is ready for the writing, and its sky, which is calm."""
    sky = Sky(name)
    ledger = make_ledger(name, sky)
    if writing.books:
        prepared(ledger)
    return ledger, sky


@ledgers
@writings
def test_after_a_conflict_or_a_refusal_nothing_is_written(
    make_ledger: Callable[[str, Sky], Any], name: str, writing: Writing
) -> None:
    ledger, sky = make(make_ledger, name, writing)
    before = stored(ledger)
    for fault in sorted(refusals(writing)):
        sky.always = fault
        error = ConflictError if fault in CONFLICTS else UnavailableError
        with pytest.raises(error) as raised:
            writing.act(ledger)
        sky.always = None
        assert type(raised.value) is error
        assert stored(ledger) == before


def refusals(writing: Writing) -> frozenset[Fault]:
    """Return what the writing can be refused with: only a transaction is cancelled."""
    return UNWRITTEN if writing.transaction else UNWRITTEN - CANCELLATIONS


@ledgers
@writings
@pytest.mark.parametrize("replies", [1, 9], ids=["one-reply", "every-reply"])
def test_after_a_lost_reply_the_change_is_there_once_and_again_changes_nothing(
    make_ledger: Callable[[str, Sky], Any], name: str, writing: Writing, replies: int
) -> None:
    twin, _ = make(make_ledger, "memory", writing)
    writing.act(twin)
    left = None
    for fault in sorted(LOST_REPLIES):
        ledger, sky = make(make_ledger, name, writing)
        sky.ordered += [fault] * replies
        write_once(ledger, writing)
        assert sky.unseen >= 1
        sky.ordered.clear()
        if not writing.whole:
            writing.act(ledger)
        if left is None:
            left = stored(ledger)
            assert told(ledger) == told(twin)
        assert stored(ledger) == left
        if writing.again is ConflictError:
            with pytest.raises(ConflictError):
                writing.act(ledger)
        else:
            assert writing.again is None or writing.act(ledger) is writing.again
            writing.act(ledger)
        assert stored(ledger) == left


def write_once(ledger: Any, writing: Writing) -> None:
    """Write; whoever repeats a request that was applied meets the change itself, or hears nothing."""
    with suppress(ConflictError, UnavailableError):
        writing.act(ledger)


@ledgers
@pytest.mark.parametrize("read", READS)
def test_a_read_without_an_answer_is_no_empty_answer(
    make_ledger: Callable[[str, Sky], Any], name: str, read: str
) -> None:
    ledger, sky = make(make_ledger, name, WRITINGS[1])
    before = READS[read](ledger)
    for fault in sorted((UNWRITTEN | LOST_REPLIES) - CONFLICTS - CANCELLATIONS):
        sky.always = fault
        if name == "memory" and fault in (Fault.REPLY_LOST, Fault.REPLY_BROKEN):
            # Memory's stand-in repeats these once, and a read may be repeated.
            assert READS[read](ledger) == before
            continue
        with pytest.raises(UnavailableError):
            READS[read](ledger)
    sky.always = None
    assert READS[read](ledger) == before


@pytest.mark.parametrize(
    ("fault", "requests"),
    [
        (Fault.TRANSACTION_CONFLICT, 5),
        (Fault.CANCELLED_BY_THROTTLING, 5),
        (Fault.CANCELLED_BY_THROUGHPUT, 5),
        (Fault.THROUGHPUT, 4),
        (Fault.SERVER_ERROR, 4),
        (Fault.REQUEST_LOST, 4),
        (Fault.REPLY_LATE, 4),
    ],
)
def test_the_table_is_asked_a_bounded_number_of_times_with_growing_pauses(
    make_ledger: Callable[[str, Sky], Any], waits: list[float], fault: Fault, requests: int
) -> None:
    ledger, sky = make(make_ledger, "dynamodb", WRITINGS[1])
    waits.clear()
    sky.always, sky.requests = fault, 0
    with pytest.raises((ConflictError, UnavailableError)):
        ledger.raise_alert(LedgerAlert("a", NOW, "warning", "look"))
    assert sky.requests == requests
    assert len(waits) == requests - 1
    assert all(0 <= wait <= 2**place for place, wait in enumerate(waits))


@ledgers
def test_a_decision_that_meets_only_conflicts_gives_up_and_reserves_nothing(
    make_ledger: Callable[[str, Sky], Any], name: str
) -> None:
    ledger, sky = make(make_ledger, name, WRITINGS[1])
    before, attempts = told(ledger), []

    class Noted:
        def wait(self, attempt: int) -> None:
            attempts.append(attempt)

    sky.always = Fault.TRANSACTION_CONFLICT
    with pytest.raises(ConflictError):
        decide_until_committed(lambda: intend(ledger, "qz1-b"), Noted())
    sky.always = None
    assert attempts == list(range(1, ATTEMPTS))
    assert told(ledger) == before
