"""A backtest's run as an item of the backtests table, and back.

`RUN#{id}`/`-`: run (JSON text of everything that was asked and concluded), status, revision, and
bucket and sort, the keys of the index by_time. `TRIAL#{strategy}`/`{key}`: sharpe (JSON text).
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from quantumzero.contracts.formats import decimal_text, utc_text, utc_time
from quantumzero.domain.backtests import BacktestRun, BacktestSettings, RunStatus
from quantumzero.ports.backtests import Trial

BUCKET = "RUNS"
_PLAIN_SETTINGS = (
    *("strategy", "version", "document", "preset", "convention", "calendar", "limits"),
    "accept_gaps",
)
_PLAIN = ("requested_by", "attempt", "progress", "stage", "key", "code", "message")


def run_key(run_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"RUN#{run_id}"}, "sk": {"S": "-"}}


def run_item(run: BacktestRun) -> dict[str, Any]:
    """Return the item; two runs asked for at one moment are listed by id."""
    return {
        **run_key(run.id),
        "bucket": {"S": BUCKET},
        "sort": {"S": f"{utc_text(run.requested_at)}#{run.id}"},
        "status": {"S": run.status.value},
        "revision": {"N": str(run.revision)},
        "run": {"S": json.dumps(_written(run), separators=(",", ":"))},
    }


def run_from(item: dict[str, Any]) -> BacktestRun:
    """Return the run of an item."""
    stored = json.loads(item["run"]["S"])
    return BacktestRun(
        id=item["pk"]["S"].removeprefix("RUN#"),
        settings=_settings(stored["settings"]),
        status=RunStatus(item["status"]["S"]),
        revision=int(item["revision"]["N"]),
        requested_at=utc_time(stored["requested_at"]),
        changed_at=utc_time(stored["changed_at"]),
        summary=stored["summary"],
        **{name: stored[name] for name in _PLAIN},
    )


def trial_key(strategy: str, key: str) -> dict[str, Any]:
    return {"pk": {"S": f"TRIAL#{strategy}"}, "sk": {"S": key}}


def trial_item(trial: Trial) -> dict[str, Any]:
    return {**trial_key(trial.strategy, trial.key), "sharpe": {"S": json.dumps(trial.sharpe)}}


def trial_from(item: dict[str, Any]) -> Trial:
    return Trial(
        strategy=item["pk"]["S"].removeprefix("TRIAL#"),
        key=item["sk"]["S"],
        sharpe=json.loads(item["sharpe"]["S"]),
    )


def _written(run: BacktestRun) -> dict[str, Any]:
    settings = run.settings
    return {
        "settings": {
            **{name: getattr(settings, name) for name in _PLAIN_SETTINGS},
            "symbols": list(settings.symbols),
            "first": settings.first.isoformat() if settings.first else None,
            "last": settings.last.isoformat() if settings.last else None,
            "parameters": dict(settings.parameters),
            "cash": decimal_text(settings.cash),
        },
        "requested_at": utc_text(run.requested_at),
        "changed_at": utc_text(run.changed_at),
        "summary": dict(run.summary),
        **{name: getattr(run, name) for name in _PLAIN},
    }


def _settings(stored: dict[str, Any]) -> BacktestSettings:
    return BacktestSettings(
        symbols=tuple(stored["symbols"]),
        first=date.fromisoformat(stored["first"]) if stored["first"] else None,
        last=date.fromisoformat(stored["last"]) if stored["last"] else None,
        parameters=stored["parameters"],
        cash=Decimal(stored["cash"]),
        **{name: stored[name] for name in _PLAIN_SETTINGS},
    )
