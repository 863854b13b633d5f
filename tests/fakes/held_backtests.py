"""Backtests in memory: runs, results, and executions that a test carries out itself."""

from __future__ import annotations

import base64
import binascii
import json
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import ConflictError, InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from quantumzero.domain.backtests import BacktestRun
    from quantumzero.ports.backtests import Trial


class HeldBacktestRuns:
    """Implements BacktestRuns."""

    def __init__(self) -> None:
        self._runs: dict[str, BacktestRun] = {}
        self._trials: dict[tuple[str, str], Trial] = {}

    def create(self, run: BacktestRun) -> BacktestRun:
        return self._runs.setdefault(run.id, run)

    def run(self, run_id: str) -> BacktestRun:
        if run_id not in self._runs:
            raise NotFoundError(f"backtest was {run_id!r}, which is not stored")
        return self._runs[run_id]

    def save(self, run: BacktestRun, *, trial: Trial | None = None) -> BacktestRun:
        if self.run(run.id).revision != run.revision:
            raise ConflictError(f"changing backtest {run.id}: another writer was first")
        if trial is not None:
            self._trials[trial.strategy, trial.key] = trial
        self._runs[run.id] = replace(run, revision=run.revision + 1)
        return self._runs[run.id]

    def runs(self, *, limit: int, cursor: str | None) -> tuple[Sequence[BacktestRun], str | None]:
        def place(run: BacktestRun) -> tuple[str, str]:
            return (run.requested_at.isoformat(), run.id)

        newest = sorted(self._runs.values(), key=place, reverse=True)
        if cursor:
            after = _read(cursor)
            newest = [run for run in newest if place(run) < after]
        shown = newest[:limit]
        return shown, _write(place(shown[-1])) if len(newest) > limit else None

    def trials(self, strategy: str) -> Sequence[Trial]:
        return [trial for key, trial in sorted(self._trials.items()) if key[0] == strategy]


class HeldBacktestResults:
    """Implements BacktestResults; everything goes through JSON, as it does in the bucket."""

    def __init__(self) -> None:
        self.whole: dict[str, Any] = {}
        self.reports: dict[str, str] = {}
        self._views: dict[str, Any] = {}

    def put(self, run_id: str, result: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        self.whole[run_id] = json.loads(json.dumps(result, allow_nan=False))
        self._views[run_id] = json.loads(json.dumps(view, allow_nan=False))

    def put_report(self, run_id: str, html: str) -> None:
        self.reports[run_id] = html

    def view(self, run_id: str) -> Mapping[str, Any]:
        if run_id not in self._views:
            raise NotFoundError(f"backtest {run_id} has no result in the bucket")
        view: dict[str, Any] = deepcopy(self._views[run_id])
        return view

    def links(self, run_id: str, *, report: bool) -> tuple[str, str | None]:
        base = f"https://bucket.test/backtests/{run_id}"
        return f"{base}.json.gz?signed=1", f"{base}.html?signed=1" if report else None


class HeldBacktestExecutions:
    """Implements BacktestExecutions; names what was started and stopped."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.stopped: list[str] = []

    def start(self, run: BacktestRun) -> None:
        if run.execution not in self.started:
            self.started.append(run.execution)

    def stop(self, run: BacktestRun) -> None:
        self.stopped.append(run.execution)


def _write(place: tuple[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _read(cursor: str) -> tuple[str, str]:
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor))
    except (binascii.Error, ValueError):
        place = None
    if not isinstance(place, list) or [type(part) for part in place] != [str, str]:
        raise InvalidInputError(
            "cursor was not one that this listing gave; start again without it",
            field="query.cursor",
        )
    return place[0], place[1]
