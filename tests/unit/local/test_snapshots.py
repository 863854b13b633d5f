"""Snapshots are whole, named, numbered, and belong to their data and rules."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from local.exchange.orders import OrderStatus
from local.exchange.snapshots import KEPT, SnapshotStore
from quantumzero.domain.errors import CorruptDataError, InvalidInputError, NotFoundError
from tests.unit.local.markets import MONDAY, TUESDAY, Market, order_for, ticks_of

if TYPE_CHECKING:
    from pathlib import Path

    from local.exchange.state import State


@pytest.fixture
def state() -> State:
    return Market({MONDAY: {"A": ticks_of(MONDAY, ("10", 10))}}).exchange.state


def test_a_new_process_finds_the_newest_snapshot(tmp_path: Path, state: State) -> None:
    store = SnapshotStore(tmp_path, "rules")
    for name in ("b", "a", "b"):
        store.save(name, state)

    found = SnapshotStore(tmp_path, "rules")

    assert (found.names(), found.newest) == (["a", "b"], "b")
    assert found.load("b").state == state


def test_going_back_forgets_what_came_after(tmp_path: Path, state: State) -> None:
    store = SnapshotStore(tmp_path, "rules")
    for name in ("one", "two", "three"):
        store.save(name, state)

    store.forget_after("one")

    assert store.names() == SnapshotStore(tmp_path, "rules").names() == ["one"]


def test_the_newest_twenty_and_the_first_are_kept(tmp_path: Path, state: State) -> None:
    store = SnapshotStore(tmp_path, "rules")
    for number in range(KEPT + 5):
        store.save(f"s{number}", state)

    assert SnapshotStore(tmp_path, "rules").names() == [
        "s0",
        *(f"s{number}" for number in range(5, KEPT + 5)),
    ]


def test_a_write_that_was_cut_off_leaves_the_older_snapshots(tmp_path: Path, state: State) -> None:
    SnapshotStore(tmp_path, "rules").save("whole", state)
    (tmp_path / "snapshots" / "00000002-half.unfinished").write_bytes(b'{"name":')

    assert SnapshotStore(tmp_path, "rules").names() == ["whole"]


def test_unknown_damaged_foreign_and_unnameable_snapshots_are_refused(
    tmp_path: Path, state: State
) -> None:
    store = SnapshotStore(tmp_path, "rules")
    store.save("one", state)

    with pytest.raises(NotFoundError, match="no snapshot 'two'"):
        store.load("two")
    with pytest.raises(CorruptDataError, match="other data or rules"):
        SnapshotStore(tmp_path, "others").load("one")
    with pytest.raises(InvalidInputError, match="use letters"):
        store.save("../up", state)
    (tmp_path / "snapshots" / "00000001-one.json").write_text("{")
    with pytest.raises(CorruptDataError, match="is not a snapshot"):
        store.load("one")


def test_a_session_goes_on_from_the_tick_at_which_it_was_snapshot(tmp_path: Path) -> None:
    ticks = ticks_of(TUESDAY, ("10", 3_000), ("11", 3_000), ("12", 9_000))
    market = Market(
        {MONDAY: {"A": ticks_of(MONDAY, ("10", 10))}, TUESDAY: {"A": ticks}},
        participation=Decimal("0.01"),
    )
    market.advance()
    order = market.exchange.submit(order_for("100"))
    market.replay.open_next()
    pending = market.replay.pending_ticks()
    next(pending)
    next(pending)
    store = SnapshotStore(tmp_path, "rules")
    store.save("middle", market.exchange.state)
    assert order.filled_quantity == 30

    market.exchange.restore(store.load("middle").state)
    market.run()

    restored = market.exchange.order(order.identifier)
    assert (restored.status, restored.filled_quantity) == (OrderStatus.FILLED, 100)
    assert [fill.price for fill in market.exchange.state.fills] == [10, 11, 12]
