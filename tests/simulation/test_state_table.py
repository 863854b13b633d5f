"""The whole table of order states, walked and refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from quantumzero.domain.errors import RefusedError
from quantumzero.domain.order_lifecycle import ALLOWED, move
from quantumzero.domain.order_snapshots import STANDINGS, apply_snapshot
from quantumzero.domain.orders import OrderState
from tests.fakes.order_records import record, snapshot
from tests.simulation.state_table import (
    CASES,
    CONCURRENT,
    STUCK,
    UNPROVEN,
    UNRESERVED,
    Report,
    describe,
    main,
    walk,
)

S = OrderState
# Steps of orders that belong to others: a reservation moves while they wait or are being sent.
HAND_OVERS = {(S.INTENT, S.INTENT), (S.SUBMITTING, S.SUBMITTING)}


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    return {name: walk(rules) for name, rules in CASES.items()}


def test_under_its_assumptions_nothing_is_violated(reports: dict[str, Report]) -> None:
    report = next(iter(reports.values()))
    assert not report.violations
    assert report.states > 4_000
    assert report.transitions > 20_000


@pytest.mark.parametrize(
    ("case", "kinds", "shortest"),
    [
        ("without A2 (", {CONCURRENT, UNRESERVED}, 4),
        ("without A1:", {UNRESERVED}, 6),
        ("without A1, and", {UNRESERVED, STUCK}, 6),
        ("restored from", {UNRESERVED}, 0),
        ("restored, and", {UNRESERVED, STUCK}, 0),
        ("a timeout", {UNPROVEN, UNRESERVED}, 3),
    ],
)
def test_without_an_assumption_or_a_rule_it_is_found_by_the_shortest_way(
    reports: dict[str, Report], case: str, kinds: set[str], shortest: int
) -> None:
    name, report = next((n, r) for n, r in reports.items() if n.startswith(case))
    assert set(report.violations) == kinds
    assert min(len(trace) for _, trace in report.violations.values()) == shortest
    assert f"{report.states:,} states" in describe(name, report)


def test_a_late_request_after_it_was_given_up_is_the_way_over_the_limit(
    reports: dict[str, Report],
) -> None:
    report = next(r for n, r in reports.items() if n.startswith("without A1:"))
    _, trace = report.violations[UNRESERVED]
    assert trace[-2:] == ["the sweep abandons", "a request arrives"]


def test_what_a_restored_table_refused_again_is_the_brokers_order_after_its_first_word() -> None:
    refused = replace(record(S.DENIED), reserved_value=Decimal(0))
    taken = apply_snapshot(refused, snapshot("new", 0))
    assert taken is not None
    assert taken.resurrects
    assert not taken.takes_another_quantity
    assert taken.after.state is S.ACCEPTED
    assert taken.after.reserved_value == taken.after.terms.quantity * taken.after.reference_price


def test_every_edge_of_the_table_is_walked(reports: dict[str, Report]) -> None:
    walked = {edge for report in reports.values() for edge in report.edges} | HAND_OVERS
    # What the broker may say of an order that was restored from before its send, or that it restates.
    for before, status, filled in product(S, STANDINGS, (0, 4, 6, 10)):
        if before is S.FILLED or (status == "filled") != (filled == 10):
            continue
        known = record(before, 4 if before in (S.PARTIAL, S.CANCELED) else 0)
        step = apply_snapshot(known, snapshot(status, filled))
        if step is not None:
            walked.add((before, step.after.state))
    edges = {(before, after) for before, found in ALLOWED.items() for after in found}
    assert walked == edges


@pytest.mark.parametrize(("before", "after"), list(product(S, S)))
def test_what_is_no_edge_is_refused(before: OrderState, after: OrderState) -> None:
    order = replace(record(S.INTENT), state=before)
    if after in ALLOWED[before]:
        assert move(order, after, "asked").after.state is after
        return
    with pytest.raises(RefusedError, match=f"was {before} and was asked to become {after}"):
        move(order, after, "asked")


def test_the_command_prints_states_transitions_and_assumptions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main() == 0
    printed = capsys.readouterr().out
    for words in ("A1 (quiet period)", "A2 (lease)", "states", "transitions", "0 violations"):
        assert words in printed
