"""How often an idea was tried: one line for each distinct result, a file for each strategy's name.

The deflated Sharpe ratio needs the number of all trials; nobody counts them by hand, so every run does.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.metrics import Trials

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


class TrialRecord:
    """The trials of one strategy, whatever its version, parameters or period.

    A line is {"key": ..., "session_sharpe": number or null}: the key of the result and its Sharpe
    ratio per session, not annualised.
    """

    def __init__(self, home: Path, strategy: str) -> None:
        self.path = home / "research" / "trials" / f"{strategy}.jsonl"

    def known(self) -> dict[str, float | None]:
        """Return the ratio of each key. A line that a killed run left half-written is passed over."""
        if not self.path.is_file():
            return {}
        found: dict[str, float | None] = {}
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                trial = json.loads(line)
                found[str(trial["key"])] = trial["session_sharpe"]
            except (ValueError, TypeError, KeyError):
                continue
        return found

    def note(self, trials: Iterable[tuple[str, float | None]]) -> Trials:
        """Append the trials that are new and return all of them; the same key counts once."""
        known = self.known()
        fresh: dict[str, float | None] = {}
        for key, ratio in trials:
            if key not in known:
                fresh[key] = ratio if ratio is not None and math.isfinite(ratio) else None
        if fresh:
            self._append(fresh)
        return trials_of({**known, **fresh})

    def _append(self, fresh: Mapping[str, float | None]) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                file.write(self._lines(fresh, after=_ends_whole(self.path)).encode())
        except OSError as error:
            raise InvalidInputError(
                f"the trials of the strategy cannot be counted in {self.path} ({error.strerror}); "
                "name a folder that can be written to by --home"
            ) from error

    @staticmethod
    def _lines(fresh: Mapping[str, float | None], *, after: bool) -> str:
        lines = [json.dumps({"key": key, "session_sharpe": ratio}) for key, ratio in fresh.items()]
        return ("" if after else "\n") + "\n".join(lines) + "\n"


def trials_of(known: Mapping[str, float | None]) -> Trials:
    """Return the count and the ratios; one that is undefined counts without a ratio."""
    ratios = tuple(ratio for ratio in known.values() if ratio is not None)
    return Trials(len(known), ratios)


def _ends_whole(path: Path) -> bool:
    size = path.stat().st_size
    if not size:
        return True
    with path.open("rb") as file:
        file.seek(size - 1)
        return file.read(1) == b"\n"
