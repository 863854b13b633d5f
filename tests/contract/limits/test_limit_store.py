"""What every store of limits keeps to, asked through the use case that changes them: conditions, delays, rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from moto import mock_aws

from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.adapters.aws.risk_limits import DynamoLimits
from quantumzero.domain.errors import (
    ConflictError,
    InvalidInputError,
    RefusedError,
    SignInAgainError,
    StoppedError,
)
from quantumzero.domain.risk.account_risk import default_limits
from quantumzero.domain.risk.limit_changes import ChangeState, Request, ask, read_ceilings
from quantumzero.domain.risk.limits import SessionRule
from quantumzero.ports.ledger import AccountPicture
from quantumzero.usecases.change_limits import ChangeLimits
from tests.fakes.held_limits import HeldLimits
from tests.fakes.ledger_table import create_ledger_table
from tests.fakes.manual_clock import ManualClock, NoBackoff
from tests.fakes.memory_ledger import MemoryLedger

if TYPE_CHECKING:
    from collections.abc import Iterator

Store = HeldLimits | DynamoLimits
CASH = Decimal(1000)
PENDING, APPLIED, WITHDRAWN = ChangeState.PENDING, ChangeState.APPLIED, ChangeState.WITHDRAWN


@pytest.fixture(params=["memory", "dynamodb"])
def closed(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Any, Store]]:
    """A ledger without books and the store of its limits."""
    if request.param == "memory":
        ledger = MemoryLedger()
        yield ledger, HeldLimits(ledger)
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = botocore.session.get_session().create_client(
            "dynamodb", region_name="eu-central-1"
        )
        create_ledger_table(client, "ledger")
        yield (
            DynamoLedger(client, table="ledger", account="main"),
            DynamoLimits(client, table="ledger", account="main"),
        )


@pytest.fixture
def store(closed: tuple[Any, Store]) -> Store:
    ledger, store = closed
    ledger.initialise(AccountPicture(CASH, 1, ()), default_limits(CASH), session=date(2005, 3, 1))
    return store


@pytest.fixture
def changing(store: Store) -> ChangeLimits:
    return ChangeLimits(
        limits=store,
        machine=ManualClock(),
        backoff=NoBackoff(),
        delay=timedelta(hours=1),
        ceilings=read_ceilings("order_value=5000, open_orders=900"),
    )


def change(changing: ChangeLimits, *, signed_in: int | None = 0, **values: str) -> list[Any]:
    """Ask as somebody who signed in that many seconds ago; return name, state and version of each."""
    now = changing.machine.now()
    at = None if signed_in is None else now - timedelta(seconds=signed_in)
    done = changing.change(values, by="ada", reason="a reason", signed_in_at=at)
    return [(each.name, each.state, each.version) for each in done]


def later(changing: ChangeLimits, seconds: float) -> None:
    assert isinstance(changing.machine, ManualClock)
    changing.machine.advance(seconds)


def test_lowering_works_at_once_and_makes_a_version(store: Store, changing: ChangeLimits) -> None:
    assert change(changing, order_value="250", signed_in=None) == [("order_value", APPLIED, 2)]
    limits = store.risk().limits
    assert (limits.order_value, limits.version) == (250, 2)
    assert limits == replace(default_limits(CASH), order_value=Decimal(250), version=2)
    row = store.history(limit=5)[0]
    assert (row.old, row.new, row.author, row.reason) == ("300.00", "250", "ada", "a reason")
    assert row.asked_at == row.effective_at


def test_raising_waits_and_takes_effect_by_whoever_reads_then(
    store: Store, changing: ChangeLimits
) -> None:
    assert change(changing, order_value="400") == [("order_value", PENDING, None)]
    before = store.risk()
    assert (before.limits.order_value, before.limits.version) == (300, 1)
    assert before.limits_due == changing.machine.now() + timedelta(hours=1)
    assert changing.in_force(before)
    later(changing, 3599)
    changing.take_effect()
    assert store.risk() == before
    later(changing, 1)
    assert not changing.in_force(before)
    changing.take_effect()
    changing.take_effect()
    after = store.risk()
    assert (after.limits.order_value, after.limits.version, after.limits_due) == (400, 2, None)
    assert store.waiting() == []
    assert [each.state for each in store.history(limit=9)] == [PENDING, APPLIED]


@pytest.mark.parametrize("signed_in", [None, 301, 86400])
def test_nothing_is_raised_without_a_fresh_sign_in(
    store: Store, changing: ChangeLimits, signed_in: int | None
) -> None:
    with pytest.raises(SignInAgainError, match="sign in again"):
        change(changing, order_value="250", gross_exposure="2000", signed_in=signed_in)
    assert store.risk().limits == default_limits(CASH)
    assert store.history(limit=5) == []
    change(changing, gross_exposure="2000", signed_in=300)


def test_one_request_may_lower_and_raise(store: Store, changing: ChangeLimits) -> None:
    done = change(changing, order_value="100", symbol_exposure="900", restricted="IBM, AAPL")
    assert sorted(done) == [
        ("order_value", APPLIED, 2),
        ("restricted", APPLIED, 2),
        ("symbol_exposure", PENDING, None),
    ]
    limits = store.risk().limits
    assert (limits.restricted, limits.symbol_exposure) == ({"AAPL", "IBM"}, 400)
    later(changing, 3600)
    change(changing, order_value="90")
    limits = store.risk().limits
    assert (limits.symbol_exposure, limits.order_value, limits.version) == (900, 90, 4)


def test_a_newer_change_withdraws_the_one_that_waits(store: Store, changing: ChangeLimits) -> None:
    change(changing, order_value="400", gross_exposure="1100")
    first_due = store.risk().limits_due
    later(changing, 60)
    change(changing, order_value="500")
    assert store.risk().limits_due == first_due
    later(changing, 60)
    change(changing, order_value="200")
    assert [each.name for each in store.waiting()] == ["gross_exposure"]
    later(changing, 7200)
    changing.take_effect()
    limits = store.risk().limits
    assert (limits.order_value, limits.gross_exposure) == (200, 1100)
    steps = [
        (each.new, each.state) for each in store.history(limit=20) if each.name == "order_value"
    ]
    assert sorted(steps) == [
        ("200", APPLIED), ("400", PENDING), ("400", WITHDRAWN), ("500", PENDING), ("500", WITHDRAWN),
    ]  # fmt: skip
    assert len(store.history(limit=2)) == 2


def test_a_ceiling_is_hard_when_asked_and_when_due(store: Store, changing: ChangeLimits) -> None:
    with pytest.raises(RefusedError, match="order_value was 5001; this deployment allows 5000"):
        change(changing, order_value="5001")
    with pytest.raises(RefusedError, match="open_orders was none"):
        change(changing, open_orders="none")
    change(changing, order_value="5000")
    later(changing, 3600)
    lower = replace(changing, ceilings=read_ceilings("order_value=4000"))
    lower.take_effect()
    assert store.risk().limits == default_limits(CASH)
    assert store.waiting() == []
    assert [each.state for each in store.history(limit=5)] == [WITHDRAWN, PENDING]


def test_two_who_change_the_same_limits_do_not_both_write(
    store: Store, changing: ChangeLimits
) -> None:
    risk, now = store.risk(), changing.machine.now()
    plans = [
        ask(
            risk.limits, [], {"order_value": value}, due=None, ceilings={},
            request=Request("ada", "r", now + timedelta(seconds=n), now + timedelta(hours=1)),
        )
        for n, value in enumerate(("100", "400", "200"))
    ]  # fmt: skip
    store.store(plans[1])
    for plan in (plans[0], plans[2]):
        with pytest.raises(ConflictError):
            store.store(plan)
    assert store.risk().limits == default_limits(CASH)


def test_every_kind_of_limit_is_read_back_as_it_was_set(
    store: Store, changing: ChangeLimits
) -> None:
    values = {
        "net_exposure": "500.5",
        "duplicate_seconds": "60",
        "open_orders": "3",
        "reconcile_minutes": "10",
        "session": "regular",
        "short_selling": "no",
        "restricted": "",
        "strategies": "sma-cross",
        "sectors": "AAPL=technology,XOM=energy",
    }
    change(changing, signed_in=None, **values)
    limits = store.risk().limits
    assert limits.net_exposure == Decimal("500.5")
    assert (limits.open_orders, limits.session) == (3, SessionRule.REGULAR)
    assert (limits.short_selling, limits.restricted) == (False, frozenset())
    assert limits.sectors == {"AAPL": "technology", "XOM": "energy"}
    loosened = {
        "net_exposure": "none", "duplicate_seconds": "none", "session": "extended", "short_selling": "yes",
        "strategies": "", "sectors": "AAPL=technology",
    }  # fmt: skip
    later(changing, 1)
    assert {state for _, state, _ in change(changing, **loosened)} == {PENDING}
    later(changing, 3600)
    changing.take_effect()
    limits = store.risk().limits
    assert (limits.net_exposure, limits.duplicate_seconds) == (None, None)
    assert (limits.session, limits.short_selling) == (SessionRule.EXTENDED, True)
    assert (limits.strategies, limits.sectors) == (frozenset(), {"AAPL": "technology"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("order_value", "none"), ("order_value", "0"), ("order_value", "-1"), ("order_value", "many"),
        ("order_value", "NaN"), ("order_value", "1E99"), ("order_value", "0.000000001"),
        ("open_orders", "1.5"), ("session", "night"), ("short_selling", "perhaps"),
        ("restricted", "aapl"), ("strategies", "A B"), ("sectors", "AAPL"), ("colour", "red"),
    ],
)  # fmt: skip
def test_what_a_limit_cannot_be_is_refused_by_name(
    store: Store, changing: ChangeLimits, name: str, value: str
) -> None:
    with pytest.raises(InvalidInputError, match=name) as refused:
        change(changing, **{name: value})
    assert refused.value.field == name
    assert store.history(limit=5) == []


def test_nothing_asked_and_no_books_are_refused(
    closed: tuple[Any, Store], changing: ChangeLimits
) -> None:
    with pytest.raises(InvalidInputError, match="no limit was named"):
        change(changing)
    empty = replace(changing, limits=HeldLimits(MemoryLedger()))
    with pytest.raises(StoppedError):
        change(empty, order_value="1")


def test_a_ceiling_that_is_no_number_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="ceiling of session"):
        read_ceilings("session=any")
    assert read_ceilings("") == {}


def test_times_of_changes_are_the_machines(store: Store, changing: ChangeLimits) -> None:
    change(changing, order_value="400")
    waiting = store.waiting()[0]
    now: datetime = changing.machine.now()
    assert (waiting.asked_at, waiting.effective_at) == (now, now + timedelta(hours=1))
