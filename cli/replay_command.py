"""`qz replay`: decide a stored day again and compare ids, sides and quantities."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli.deployed_place import chosen_place
from cli.local_commands import date_of
from cli.replay_run import say
from local.settings import HOME
from quantumzero.adapters.aws.bars import DynamoBars
from quantumzero.adapters.aws.decisions import DynamoDecisionReader
from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.adapters.aws.strategies import DynamoStrategies
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.usecases.replay_day import ReplayDay, ReplayReport
from quantumzero.usecases.size_again import SizeAgain

Home = Annotated[Path, typer.Option(help="Folder of the local cloud.")]
_SHOWN = 50


def replay(
    day: Annotated[str, typer.Option("--date", parser=date_of, help="Exchange date, YYYY-MM-DD.")],
    until: Annotated[
        str | None, typer.Option("--until", parser=date_of, help="Last date; the same when absent.")
    ] = None,
    stage: Annotated[str | None, typer.Option(help="On AWS: paper or live.")] = None,
    region: Annotated[str | None, typer.Option(help="AWS region.")] = None,
    endpoint: Annotated[str | None, typer.Option(help="Another address than AWS's.")] = None,
    account: Annotated[str, typer.Option(help="Name of the trading account.")] = "main",
    home: Home = HOME,
) -> None:
    """Recompute a day's decisions from the stored bars and documents, and compare them with what was decided."""
    place = chosen_place(home, stage=stage, region=region, endpoint=endpoint)
    dynamodb = place.client("dynamodb")
    ledger = DynamoLedger(dynamodb, table=place.table(), account=account)
    bars = DynamoBars(dynamodb, place.table("BarsTableName"), JitteredBackoff())
    again = ReplayDay(
        account=account,
        decisions=DynamoDecisionReader(dynamodb, place.table("DecisionsTableName")),
        strategies=DynamoStrategies(dynamodb, place.table("StrategiesTableName")),
        bars=bars,
        ledger=ledger,
        size=SizeAgain(
            account=account,
            ledger=ledger,
            books=ledger,
            strategies=ledger,
            journal=ledger,
            reports=ledger,
            bars=bars,
        ),
    )
    first, last = date.fromisoformat(day), date.fromisoformat(until or day)
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    equal = False not in [_said(one, again.replay(one)) for one in days]
    raise typer.Exit(0 if equal else 1)


def _said(day: date, report: ReplayReport) -> bool:
    """Say what a day's comparison found; True when everything is equal."""
    compared = f"{day}: {report.decisions} decisions and {report.orders} orders recomputed"
    apart = (
        f" ({report.held} held or refused by the moment, not by an input)" if report.held else ""
    )
    if not report.differences:
        say(f"{compared}, 100 % equal{apart}")
        return True
    say(f"{compared}, {len(report.differences)} differences{apart}")
    for each in report.differences[:_SHOWN]:
        say(f"  {each.id}: {each.what} was {each.stored}, comes out as {each.recomputed}")
    return False
