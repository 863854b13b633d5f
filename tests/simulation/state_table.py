"""Every way one order can go, walked to the end: python -m tests.simulation.state_table.

Breadth first over the world of state_table_model.py, so that the trace shown for a violation is a shortest one. What
is checked in every state and what is assumed is printed in words.
"""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from quantumzero.domain.order_lifecycle import ALLOWED
from quantumzero.domain.orders import OrderState
from tests.simulation.state_table_model import (
    CLAIMED,
    PRICE,
    TERMS,
    WAITING,
    Rules,
    World,
    first_world,
    successors,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ASSUMPTIONS = (
    "A1 (quiet period): 60 seconds after a send, longer than any request lives, nothing of it can arrive any more.",
    "A2 (lease): a submitter whose lease of 10 seconds has passed does not send any more; it begins its send within "
    "2 seconds of the claim and ends it after at most 7.",
)
CONCURRENT = "two concurrent sends of one order"
UNRESERVED = "a live order without its reservation"
UNPROVEN = "REJECTED without the broker's word"
OVERFILLED = "more filled here than at the broker"
STUCK = "an order that can never be settled"


@dataclass
class Report:
    """What a walk met: violations by kind with a shortest trace, and every edge of the table that was used."""

    states: int = 0
    transitions: int = 0
    violations: dict[str, tuple[int, Sequence[str]]] = field(default_factory=dict)
    edges: set[tuple[OrderState, OrderState]] = field(default_factory=set)

    def note(self, kind: str, trace: Sequence[str]) -> None:
        """Count a violation; the first one met keeps its trace."""
        count, first = self.violations.get(kind, (0, trace))
        self.violations[kind] = (count + 1, first)


def walk(rules: Rules) -> Report:
    """Return what is met on every way from the intent."""
    report, start = Report(), first_world(rules)
    came: dict[World, tuple[str, World] | None] = {start: None}
    before: dict[World, list[World]] = {start: []}
    queue = deque([start])
    while queue:
        world = queue.popleft()
        for kind in wrongs(world):
            report.note(kind, trace_to(world, came))
        for name, following in successors(world, rules):
            report.transitions += 1
            if following.order != world.order:
                report.edges.add((world.record.state, following.record.state))
            if following not in came:
                came[following] = (name, world)
                before[following] = []
                queue.append(following)
            before[following].append(world)
    report.states = len(came)
    for world in _stuck(before):
        report.note(STUCK, trace_to(world, came))
    return report


def wrongs(world: World) -> Sequence[str]:
    """Return what must never be and is."""
    found = []
    record = world.record
    if sum(phase in (CLAIMED, WAITING) for phase, _ in world.submitters) > 1:
        found.append(CONCURRENT)
    filled = world.words[-1][1] if world.words else 0
    # What filled and is not known here yet was reserved here: it counts until it is booked.
    if world.alive and record.reserved_value < (TERMS.quantity - record.filled_quantity) * PRICE:
        found.append(UNRESERVED)
    if record.state is OrderState.REJECTED and not world.refused:
        found.append(UNPROVEN)
    if record.filled_quantity > filled:
        found.append(OVERFILLED)
    return found


def settled(world: World) -> bool:
    """Tell whether order and broker agree for good."""
    filled = world.words[-1][1] if world.words else 0
    return world.record.terminal and not world.alive and world.record.filled_quantity == filled


def trace_to(world: World, came: Mapping[World, tuple[str, World] | None]) -> Sequence[str]:
    """Return the names of the steps from the intent."""
    names, step = [], came[world]
    while step is not None:
        names.append(step[0])
        step = came[step[1]]
    return names[::-1]


def _stuck(before: Mapping[World, list[World]]) -> Sequence[World]:
    """Return the states, in the order they were met, from which no way leads to a settled one."""
    saved = {world for world in before if settled(world)}
    queue = deque(saved)
    while queue:
        for earlier in before[queue.popleft()]:
            if earlier not in saved:
                saved.add(earlier)
                queue.append(earlier)
    return [world for world in before if world not in saved]


CASES: Mapping[str, Rules] = {
    "the table under A1 and A2": Rules(),
    "without A2 (up to 2 sends): a frozen submitter sends after its lease": Rules(
        lease=False, sends=2
    ),
    "without A1: a request arrives after the quiet period": Rules(quiet=False),
    "without A1, and late acceptances are ignored (planted)": Rules(quiet=False, resurrects=False),
    "restored from before the order, which is refused here": Rules(restored=True),
    "restored, and what was refused here stays refused (planted)": Rules(
        restored=True, resurrects=False
    ),
    "a timeout counts as a rejection (planted)": Rules(timeout_is_unknown=False),
}


def describe(name: str, report: Report) -> str:
    """Return one case in words."""
    edges = sum(len(found) for found in ALLOWED.values())
    lines = [
        f"{name}: {report.states:,} states, {report.transitions:,} transitions, "
        f"{len(report.edges)} of {edges} edges walked, "
        f"{sum(count for count, _ in report.violations.values()):,} violations"
    ]
    for kind, (count, trace) in report.violations.items():
        lines.append(f"  {kind}: {count:,} states; shortest: {' -> '.join(trace) or 'at once'}")
    return "\n".join(lines)


def main() -> int:
    """Print every case; 1 when the table itself is violated under its assumptions."""
    print(
        f"1 order of {TERMS.quantity}, 2 submitters, up to 3 sends, sweep, halt, cancel, "
        "lost and late requests and news"
    )
    for assumption in ASSUMPTIONS:
        print(assumption)
    print(
        "Without A2 two sends carry one id, which the broker takes once; but a submitter that wakes after the quiet "
        "period is also a request that A1 rules out."
    )
    failed = False
    for name, rules in CASES.items():
        report = walk(rules)
        print(describe(name, report), flush=True)
        failed |= rules == Rules() and bool(report.violations)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
