"""Plant each bug in the product and run seeds until an invariant notices; a bug that lives is a failure.

Run: python -m tests.simulation.planted_bugs [NAME ...]
The canary, a world whose invariant is false by construction, must fail as well: else nothing would be noticed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.simulation.invariants import Invariants
from tests.simulation.life import fault_of
from tests.simulation.planted import following, protecting, reserving, sending
from tests.simulation.planted.bugs import BUGS, Bug, planted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulation.life import Failure

MOST_SEEDS = 10_000
KILLERS = Path(__file__).parent / "planted" / "killing_seeds.json"
# Where the bugs are; each registers itself.
SOURCES = (reserving, sending, following, protecting)


def canary() -> Bug:
    """Return the bug of the harness itself: it says that nothing may ever be written."""

    def after_commit(self: Invariants, *_: object) -> None:
        self.ensure("canary", False, "something was written")

    return Bug(
        "canary",
        "The world says that nothing may be written.",
        lambda: [(Invariants, "after_commit", after_commit)],
    )


def killed(one: Bug, *, first: int = 0, most: int = MOST_SEEDS) -> Failure | None:
    """Return the first seed that notices the bug, None when it lives."""
    with planted(one):
        for seed in range(first, first + most):
            failure = fault_of(seed)
            if failure is not None:
                return failure
    return None


def recorded() -> dict[str, tuple[int, str]]:
    """Return the seed that killed each bug when it was last looked for, and the invariant."""
    told = json.loads(KILLERS.read_text()) if KILLERS.exists() else {}
    return {name: (int(seed), str(invariant)) for name, (seed, invariant) in told.items()}


def record(name: str, failure: Failure) -> None:
    """Write down what killed a bug."""
    found = recorded() | {name: (failure.seed, failure.invariant)}
    lines = [f'  "{one}": {json.dumps(list(found[one]))}' for one in sorted(found)]
    fresh = KILLERS.with_suffix(".new")
    fresh.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    fresh.replace(KILLERS)


def main(names: Sequence[str] | None = None) -> int:
    """Look for the killing seed of each bug and write it down; return 1 when one lives."""
    wanted = [canary(), *BUGS.values()]
    if names:
        wanted = [each for each in wanted if each.name in names]
    living = 0
    for each in wanted:
        failure = killed(each)
        if failure is None:
            living += 1
            print(f"{each.name:28} LIVES after {MOST_SEEDS} seeds: {each.sentence}", flush=True)
            continue
        record(each.name, failure)
        print(f"{each.name:28} seed {failure.seed:5} {failure.text[:100]}", flush=True)
    print(f"{len(wanted)} planted, {living} alive")
    return int(living > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
