"""How often an idea was tried before this result was found: what the deflated Sharpe ratio deflates by."""

from __future__ import annotations

import math
from dataclasses import dataclass

from quantumzero.domain.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Trials:
    """All runs ever made of one idea, this one included.

    count is how many there were; sharpes are their Sharpe ratios per session, not annualised
    (mean(r) / std(r), the metric session_sharpe). A trial whose Sharpe ratio is undefined counts,
    but has no entry, so there may be fewer ratios than count.

    How to count: one trial for each distinct result key of the same strategy name, whatever its
    version, parameters or period; the same key twice is one trial, and every combination of a sweep
    is one. The command line appends key and ratio to a file per strategy name in its home folder;
    the service keeps one item per strategy and key in its table. Both then build Trials from all of
    them and hand it to the run.
    """

    count: int
    sharpes: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.count < 1 or len(self.sharpes) > self.count:
            raise InvalidInputError(
                f"trials: {self.count} trials with {len(self.sharpes)} Sharpe ratios; the count is at "
                "least 1 and at least the number of ratios",
                field="trials",
            )
        if not all(math.isfinite(value) for value in self.sharpes):
            raise InvalidInputError(
                "trials: a Sharpe ratio is not a finite number; leave out the ratio of a trial that has none, "
                "it still counts",
                field="trials",
            )
