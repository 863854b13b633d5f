"""The options that the research commands share."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.local_commands import cash_of, date_of
from cli.research_inputs import calendar_of

StrategyFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="The strategy: a document (YAML, JSON).")
]
Data = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        help="CSV or Parquet: a file, or a folder of files named by their symbol. When absent: the "
        "embedded daily bars of AAPL, GOOG, IBM and MSFT, 2000 to 2013.",
    ),
]
Symbol = Annotated[str | None, typer.Option(help="Run on this instrument alone.")]
First = Annotated[
    str | None, typer.Option("--from", parser=date_of, help="First day that trades, YYYY-MM-DD.")
]
Last = Annotated[
    str | None, typer.Option("--to", parser=date_of, help="Last day that trades, YYYY-MM-DD.")
]
Parameters = Annotated[
    list[str] | None, typer.Option("--param", help="Set a parameter: fast=10. May be repeated.")
]
Cash = Annotated[Decimal, typer.Option(parser=cash_of, help="Cash at the beginning.")]
Preset = Annotated[str, typer.Option(help="Whose fills to follow: see docs/backtesting.md.")]
Convention = Annotated[str, typer.Option(help="Whose metrics to compute: see docs/metrics.md.")]
Calendar = Annotated[
    str | None,
    typer.Option(
        parser=calendar_of, help="XNYS, or none: no session is expected. As the document."
    ),
]


def limits_from(text: str) -> Any:
    """Read --limits: a word, or pairs of name=value with semicolons between."""
    if "=" not in text:
        return text
    pairs = [part.partition("=")[::2] for part in text.split(";") if part.strip()]
    return {name.strip(): value.strip() for name, value in pairs}


Limits = Annotated[
    Any,
    typer.Option(
        parser=limits_from,
        help="none; account: those of a new live account; or what differs from these: "
        "'daily_loss_percent=5;restricted=GOOG,IBM;resume=next_session'. As the preset.",
    ),
]
AcceptGaps = Annotated[
    bool, typer.Option("--accept-gaps", help="Run although sessions are missing in the data.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
Home = Annotated[Path, typer.Option(help="Folder in which the trials of a strategy are counted.")]
