"""The table of bench/broker_faults.py, held: one order an intent and none lost, whatever the broker does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.alpaca_py_peer import run_alpaca_py
from bench.broker_fault_cases import CASES, Case
from bench.broker_fault_ours import run_ours
from bench.broker_faults import at_start, simulated_exchange, table
from quantumzero.adapters.brokers import alpaca_http

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.exchange.control import Exchange

BY_NAME = {case.name: case for case in CASES}


@pytest.fixture(scope="module")
def running() -> Iterator[Exchange]:
    with simulated_exchange() as exchange:
        yield exchange


@pytest.fixture
def exchange(running: Exchange) -> Exchange:
    return at_start(running)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_order_an_intent_and_none_lost(
    exchange: Exchange, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alpaca_http, "READ_SECONDS", 0.5)
    found = run_ours(exchange, case)
    assert (found["orders"], found["lost"], found["state"]) == (1, 0, "FILLED")
    assert found["books_equal"]
    # Nothing is quicker to settle than the sweep after the quiet period, and a storm outlasts that.
    assert found["sweeps"] <= 3


def test_the_fills_of_the_streamed_cases_come_in_parts(exchange: Exchange) -> None:
    assert run_ours(exchange, BY_NAME["fills in parts, each told twice"])["parts"] > 2


def test_the_vendors_own_client_orders_twice_after_an_accepted_504(exchange: Exchange) -> None:
    found = run_alpaca_py(exchange, BY_NAME["accepted, then 504"], with_id=False)
    assert (found["orders"], found["ended"]) == (2, "answered")


def test_the_table_says_what_was_found(exchange: Exchange) -> None:
    case = BY_NAME["duplicate id"]
    row = {"ours": run_ours(exchange, case)}
    for name, with_id in (("alpaca_py", False), ("alpaca_py_with_id", True)):
        row[name] = run_alpaca_py(at_start(exchange), case, with_id=with_id)
    line = table({case.name: row}).splitlines()[2]
    assert line.startswith("| duplicate id | 1, 0 | equal | 0 | 2, 0 | answered")
