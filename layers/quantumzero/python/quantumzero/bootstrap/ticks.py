"""The tick path: settings and ready use cases of process_ticks, poll_market and the projection of
bars.
"""

from __future__ import annotations

from functools import cache, partial

import msgspec

from quantumzero.adapters.aws.bars import DynamoBars
from quantumzero.adapters.aws.checkpoint import DynamoCheckpoints
from quantumzero.adapters.aws.quarantine import BucketQuarantine
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.adapters.clocks import SystemClock
from quantumzero.bootstrap.aws import client
from quantumzero.bootstrap.settings import read_settings
from quantumzero.domain.tick_folding import FoldRules
from quantumzero.usecases.process_ticks import ProcessTicks
from quantumzero.usecases.project_bars import ProjectBars


class ProcessTicksSettings(msgspec.Struct, frozen=True):
    """Environment of process_ticks; symbols and timeframes are comma lists."""

    table_bars: str
    bucket_lake: str
    symbols: str
    timeframes: str = "1d"


class BarsSettings(msgspec.Struct, frozen=True):
    """Environment of whoever reads or writes bars."""

    table_bars: str


@cache
def process_ticks() -> ProcessTicks:
    """Return the process's fold of the tick stream."""
    settings = read_settings(ProcessTicksSettings)
    rules = FoldRules(frozenset(names(settings.symbols)), tuple(names(settings.timeframes)))
    return ProcessTicks(
        checkpoints=DynamoCheckpoints(client("dynamodb"), settings.table_bars, SystemClock()),
        quarantine=BucketQuarantine(partial(client, "s3"), settings.bucket_lake),
        rules=rules,
    )


@cache
def bar_store() -> DynamoBars:
    """Return the process's view of the bars table."""
    settings = read_settings(BarsSettings)
    return DynamoBars(client("dynamodb"), settings.table_bars, JitteredBackoff())


@cache
def project_bars() -> ProjectBars:
    """Return the writer of closed bars into the bars table."""
    return ProjectBars(bar_store())


def names(listed: str) -> list[str]:
    """Return the names of a comma list, without blanks, in order."""
    return [name for part in listed.split(",") if (name := part.strip())]
