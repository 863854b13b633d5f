"""`qz strategy`: check a document, explain what it needs, print the schema, list the templates."""

from __future__ import annotations

# ruff: noqa: TC001, TC003 - typer reads the annotations of commands while it runs
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.research_inputs import document_of, parameters_of, read_document, read_text
from cli.research_options import AsJson, Parameters, StrategyFile
from local.settings import ROOT
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.domain.strategy.explain import Explanation, explain
from quantumzero.domain.strategy.live_support import unsupported_live

strategy_app = typer.Typer(no_args_is_help=True, help="Check, explain and list strategy documents.")
_SHIPPED = ROOT / "strategies"
_MOST_SYMBOLS = 6


@strategy_app.command()
def check(strategy: StrategyFile) -> None:
    """Check a document: exit 0 and one line, or 1 and every fault with its line and column."""
    document = read_document(strategy)
    compiled = compile_strategy(document)
    console = Console(highlight=False)
    console.print(
        f"· {strategy} is a valid strategy: {document.strategy} version {document.version}, "
        f"{len(compiled.nodes)} nodes, {compiled.warm_up_bars} bars of warm-up",
        markup=False,
        soft_wrap=True,
    )
    untraded = unsupported_live(document)
    if untraded:
        console.print(
            f"· it runs in backtests; live trading does not support: {', '.join(untraded)}",
            markup=False,
            soft_wrap=True,
        )


@strategy_app.command("explain")
def explain_document(
    strategy: StrategyFile, parameters: Parameters = None, as_json: AsJson = False
) -> None:
    """Say what a document computes: its graph, its warm-up, the data it needs."""
    document = read_document(strategy)
    found = explain(compile_strategy(document, parameters_of(parameters or [])))
    if as_json:
        sys.stdout.write(json.dumps(asdict(found), ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False)
    for sentence in sentences(found):
        console.print(f"· {sentence}", markup=False, soft_wrap=True)
    console.print(graph_table(found))


def sentences(found: Explanation) -> list[str]:
    """Return what a strategy needs and reads, a sentence for each fact."""
    data = found.data
    needs = f"{', '.join(data.fields)} of the {data.timeframe} bars of {', '.join(data.symbols)}"
    if data.others:
        needs += f", and bars of {', '.join(data.others)}"
    if data.higher_timeframes:
        needs += f"; builds {', '.join(data.higher_timeframes)} bars from them"
    words = [f"{found.strategy} version {found.version} reads {needs}"]
    if found.parameters:
        values = ", ".join(f"{name} = {value:g}" for name, value in found.parameters)
        words.append(f"with the parameters {values}")
    words.append(f"its first decision needs {found.warm_up_bars} bars; calendar {data.calendar}")
    if found.cross_sectional:
        words.append("it compares the members of the universe at each instant")
    if found.not_live:
        words.append(f"in backtests only, not live yet: {', '.join(found.not_live)}")
    return words


def graph_table(found: Explanation) -> Table:
    """Return the graph: each computation once, whatever uses it."""
    ends: dict[int, list[str]] = {}
    for name, index in found.ends:
        ends.setdefault(index, []).append(name)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("node", "what", "inputs", "kind", "unit", "warm-up", "read as"):
        right = heading in {"node", "warm-up"}
        table.add_column(heading, header_style="dim", justify="right" if right else "left")
    for node in found.nodes:
        table.add_row(
            f"#{node.index}",
            Text(node.text),
            " ".join(f"#{index}" for index in node.inputs),
            node.kind.removeprefix("a series of ") + (", exact" if node.exact else ""),
            node.unit,
            str(node.warm_up),
            ", ".join(ends.get(node.index, [])),
        )
    return table


@strategy_app.command()
def schema() -> None:
    """Print the JSON Schema of strategy documents."""
    from quantumzero.contracts.strategy_schema import strategy_schema

    sys.stdout.write(json.dumps(strategy_schema(), indent=2, ensure_ascii=False) + "\n")


@strategy_app.command("list")
def list_templates(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="A folder of documents.")
    ] = _SHIPPED,
    as_json: AsJson = False,
) -> None:
    """List the strategies of a folder, by default the templates that come with the product."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise InvalidInputError(f"{folder} holds no .yaml file; name a folder of strategies")
    rows = [_listed(path) for path in paths]
    if as_json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False)
    for row in rows:
        symbols: list[str] = row["universe"]
        universe = ", ".join(symbols[:_MOST_SYMBOLS]) + (" ..." if len(symbols) > 6 else "")
        line = Text(row["strategy"], style="bold")
        line.append(f"  {row['timeframe']}, {universe}\n  ", style="dim not bold")
        line.append(row["about"], style="not bold")
        console.print(line, soft_wrap=True)


def _listed(path: Path) -> dict[str, Any]:
    text = read_text(path)
    document = document_of(text, path)
    comments = [line.lstrip("# ").strip() for line in text.splitlines() if line.startswith("#")]
    return {
        "file": str(path),
        "strategy": document.strategy,
        "version": document.version,
        "timeframe": document.timeframe,
        "universe": list(document.universe),
        "about": comments[0] if comments else "",
    }
