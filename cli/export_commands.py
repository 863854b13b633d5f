"""`qz export`: what an accountant or a spreadsheet asks for, written as a file that is there whole or not at all."""

from __future__ import annotations

# ruff: noqa: TC003 - typer reads the annotations of commands while it runs
import csv
import io
import json
import os
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import typer

from cli.local_commands import Home, date_of
from cli.replay_run import say
from cli.run_file import RunFile
from cli.written_files import require_writable, write_whole
from local.cloud import LocalCloud
from local.ports import HOST
from local.settings import HOME, LocalSettings
from quantumzero.domain.calendars import EXCHANGE_ZONE
from quantumzero.domain.errors import InvalidInputError, RefusedError, UnavailableError
from quantumzero.domain.lots.matching import Method

Get = Callable[[Mapping[str, str]], dict[str, Any]]

export_app = typer.Typer(no_args_is_help=True, help="Write tables for others.")

COLUMNS = (
    "symbol", "side", "strategy", "state", "quantity", "opened", "closed", "cost", "proceeds", "profit", "term",
    "wash_sale_disallowed", "wash_sale_replacements", "price", "opened_at", "closed_at", "lot",
    "opened_by", "closed_by",
)  # fmt: skip
TOKEN = "QZ_TOKEN"  # noqa: S105 - the name of a variable, no secret
_SETTLED = ("basis", "realised", "dividends", "fees", "other", "disallowed")
_PAGE = "500"
_ATTEMPTS = 3
_SECONDS = 30


@export_app.callback()
def export() -> None:
    """Write tables for others."""


@export_app.command("lots")
def export_lots(
    csv_file: Annotated[Path, typer.Option("--csv", help="File to write.")],
    method: Annotated[Method, typer.Option(help="Which lots a sale closes.")] = Method.FIFO,
    first: Annotated[
        str | None, typer.Option("--from", help="Only what was closed since that date.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="Only what was closed until that date.")
    ] = None,
    api: Annotated[
        str | None, typer.Option(help=f"Address of an API on AWS; its access token in {TOKEN}.")
    ] = None,
    home: Home = HOME,
) -> None:
    """Write every lot with its profit: what was closed, and without dates also what is open.

    Dates are the exchange's. The columns are explained in docs/lots.md. Wash sales are flagged as a help, not as tax
    advice.
    """
    since, until = (date_of(each) if each else None for each in (first, last))
    if since and until and since > until:
        raise InvalidInputError(
            f"--from was {since} and --to {until}; --from may not be after --to"
        )
    require_writable(csv_file)
    get = _remote(api) if api else _local(home.resolve())
    lots, account = every_lot(get, method)
    rows = table_rows(lots, since=since, until=until)
    write_whole(csv_file, table_text(rows))
    dated = f" closed {since or 'since the beginning'} to {until or 'now'}" if first or last else ""
    say(f"wrote {len(rows)} lots{dated} by {method} to {csv_file}")
    say(
        f"  of all lots: realised {account['realised']}, basis of what is open {account['basis']}, dividends "
        f"{account['dividends']}, fees {account['fees']}, perhaps disallowed {account['disallowed']}"
    )


def every_lot(get: Get, method: Method) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return the lots of all pages and the account's sums, of one state of the books.

    A fill between two pages would tear the table: the sums tell, and it is read again.
    """
    for _ in range(_ATTEMPTS):
        lots: list[dict[str, Any]] = []
        sums = []
        cursor: str | None = ""
        while cursor is not None:
            page = get({"method": method, "limit": _PAGE, **({"cursor": cursor} if cursor else {})})
            lots += page["lots"]
            sums.append({name: page["account"][name] for name in _SETTLED})
            cursor = page["next_cursor"]
            if page["differences"]:
                _complain(page["differences"])
        if sums[0] == sums[-1]:
            return lots, sums[0]
    raise UnavailableError(
        "fills kept arriving while the lots were read; export again in a quiet moment"
    )


def _complain(differences: list[dict[str, str]]) -> None:
    words = ", ".join(
        f"{each['symbol']}: {each['lots']} in lots, {each['ledger']} held" for each in differences
    )
    raise RefusedError(
        f"the lots do not add up to the positions ({words}): events are missing, so nothing was written; the "
        "positions were opened or corrected by a release that did not note them"
    )


def table_rows(
    lots: list[dict[str, Any]], *, since: str | None = None, until: str | None = None
) -> list[dict[str, str]]:
    """Return the rows, as they were closed, then what is open; with a date only what was closed by the dates."""
    rows = [_row(each) for each in lots]
    if since or until:
        rows = [
            row
            for row in rows
            if row["closed"] and (since or "") <= row["closed"] <= (until or "9999")
        ]
    return sorted(rows, key=lambda row: (row["closed_at"] or "9", row["opened_at"], row["lot"]))


def _row(lot: Mapping[str, Any]) -> dict[str, str]:
    flag = lot["wash_sale"] or {"disallowed": "", "replacements": []}
    term = {None: "", True: "long", False: "short"}[lot["long_term"]]
    values = {
        **{name: lot[name] or "" for name in COLUMNS if name in lot},
        "opened": _exchange_date(lot["opened_at"]),
        "closed": _exchange_date(lot["closed_at"]) if lot["closed_at"] else "",
        "term": term,
        "wash_sale_disallowed": flag["disallowed"],
        "wash_sale_replacements": " ".join(
            f"{each['lot']}:{each['quantity']}" for each in flag["replacements"]
        ),
        "lot": lot["id"].split(">")[0],
    }
    return {name: values[name] for name in COLUMNS}


def _exchange_date(moment: str) -> str:
    day: date = datetime.fromisoformat(moment).astimezone(EXCHANGE_ZONE).date()
    return day.isoformat()


def table_text(rows: list[dict[str, str]]) -> str:
    """Return the rows as CSV with a line of names."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _local(home: Path) -> Get:
    """Ask the API of the local cloud that runs in the folder."""
    record = RunFile(home).running()
    if record is None:
        raise RefusedError(
            f"no local cloud runs in {home}; start it with `make up`, name its folder with --home, or name an API on "
            "AWS with --api"
        )
    client = LocalCloud.attach(LocalSettings(home=home, cloud=record["cloud"])).api
    return lambda query: dict(client.get("/v1/lots", **query))


def _remote(address: str) -> Get:
    """Ask an API by its address, with the access token of a sign-in."""
    parts, token = urlsplit(address), os.environ.get(TOKEN)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname == HOST):
        raise InvalidInputError(f"--api was {address!r}; it may be an address with https://")
    if not token:
        raise InvalidInputError(
            f"{TOKEN} was empty; put the access token of a sign-in into that variable"
        )
    return lambda query: _asked(f"{address.rstrip('/')}/v1/lots?{urlencode(query)}", token)


def _asked(url: str, token: str) -> dict[str, Any]:
    request = Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - https, checked
    try:
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - https, checked
            body: dict[str, Any] = json.loads(answer.read())
    except HTTPError as error:
        raise RefusedError(
            f"the API answered {error.code}: {error.read().decode(errors='replace')[:500]}"
        ) from error
    except (URLError, TimeoutError, ValueError) as error:
        raise UnavailableError(f"{url} did not answer: {error}; try again") from error
    return body
