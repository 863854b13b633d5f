"""`qz export lots`: the worked example of docs/lots.md, whole files, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from cli.export_commands import COLUMNS, every_lot, export_lots, table_rows, table_text
from quantumzero.domain.bars import Split
from quantumzero.domain.errors import InvalidInputError, RefusedError, UnavailableError
from quantumzero.domain.lots.events import Trade
from quantumzero.domain.lots.matching import Method
from quantumzero.ports.ledger import Holding
from quantumzero.usecases.list_lots import list_lots
from quantumzero.usecases.value_holdings import ValuedHolding
from tests.fakes.memory_lots import MemoryLots

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DOCUMENT = (Path(__file__).parents[3] / "docs" / "lots.md").read_text()
CLOSE = datetime(2024, 6, 28, 20, tzinfo=UTC)
HELD = [ValuedHolding(Holding("AAPL", Decimal(250), Decimal(1350)), "1d", Decimal("4.75"), CLOSE)]


def example() -> MemoryLots:
    """Read the events of the worked example out of the document."""
    journal = MemoryLots()
    table = DOCUMENT.partition("## A worked example")[2].partition("After the split")[0]
    rows = re.findall(r"^\| (\S.*?) \| (\d{4}-\d\d-\d\d) \| (\S*) ?\| (\S*) ?\|$", table, re.M)
    for sequence, (name, day, quantity, money) in enumerate(rows, 1):
        at = datetime.fromisoformat(f"{day}T15:00:00+00:00")
        if name.startswith("split"):
            new, old = name.removeprefix("split ").split(":")
            journal.note_split(Split("AAPL", day, int(new), int(old)), sequence, at)
            continue
        amounts = (Decimal(quantity), Decimal(money))
        trade = Trade(f"{name}#2", "AAPL", "sma-cross", *amounts, at, sequence, order=name)
        journal.lot_events.append(trade)
    return journal


def asked(journal: MemoryLots, query: Mapping[str, str], held: Any = HELD) -> dict[str, Any]:
    return list_lots(
        journal=journal,
        holdings=held,
        method=Method(query["method"]),
        symbol=None,
        state=None,
        strategy=None,
        limit=min(int(query["limit"]), 2),
        cursor=query.get("cursor"),
    ).model_dump(mode="json")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, MemoryLots]]:
    """Serve the example as the API would, for one access token."""
    journal = example()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            allowed = self.headers["Authorization"] == "Bearer right"
            query = {name: each[0] for name, each in parse_qs(urlsplit(self.path).query).items()}
            text = json.dumps(asked(journal, query) if allowed else {"code": "no"})
            self.send_response(200 if allowed else 401)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("QZ_TOKEN", "right")
    yield f"http://127.0.0.1:{server.server_port}", journal
    server.shutdown()


def test_the_worked_example_of_the_document_is_what_is_written(
    served: tuple[str, MemoryLots], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "lots.csv"
    export_lots(file, api=served[0])
    assert file.read_text() == DOCUMENT.partition("```csv\n")[2].partition("```")[0]
    said = " ".join(capsys.readouterr().out.split())
    assert "wrote 4 lots by fifo" in said
    assert "realised -200, basis of what is open 1350" in said
    assert [each.name for each in tmp_path.iterdir()] == ["lots.csv"]


def test_every_column_is_explained() -> None:
    explained = DOCUMENT.partition("## Columns")[2].partition("## A worked")[0]
    named = re.findall(r"`(\w+)`", "".join(re.findall(r"^\|([^|]*)\|", explained, re.M)))
    assert set(named) == set(COLUMNS)


def test_dates_choose_what_was_closed(served: tuple[str, MemoryLots], tmp_path: Path) -> None:
    file = tmp_path / "lots.csv"
    for first, last, count in (("2024-06-03", None, 2), ("2024-06-04", None, 0), (None, "2024-06-03", 2)):  # fmt: skip
        export_lots(file, first=first, last=last, api=served[0])
        assert len(list(csv.DictReader(io.StringIO(file.read_text())))) == count
    with pytest.raises(InvalidInputError, match="may not be after"):
        export_lots(file, first="2024-06-04", last="2024-06-03", api=served[0])


def test_lots_that_do_not_add_up_are_not_written(tmp_path: Path) -> None:
    journal = example()
    del journal.lot_events[0]
    with pytest.raises(RefusedError, match=r"AAPL: 50 in lots, 250 held"):
        every_lot(lambda query: asked(journal, query), Method.FIFO)
    assert list(tmp_path.iterdir()) == []


def test_a_fill_between_two_pages_is_noticed_and_the_table_read_again() -> None:
    journal, asking = example(), 0

    def get(query: Mapping[str, str]) -> dict[str, Any]:
        nonlocal asking
        asking += 1
        if asking == 2:
            at = datetime(2024, 7, 1, tzinfo=UTC)
            late = Trade("sell-2#2", "AAPL", "sma-cross", Decimal(-250), Decimal(1), at, 6)
            journal.lot_events.append(late)
        return asked(journal, query, HELD if asking < 2 else [])

    lots, account = every_lot(get, Method.FIFO)
    assert asking == 4
    assert account["basis"] == "0"
    assert len(lots) == 4

    def torn(query: Mapping[str, str]) -> dict[str, Any]:
        page = get(query)
        return {**page, "account": {**page["account"], "basis": query.get("cursor", "")}}

    with pytest.raises(UnavailableError, match="quiet moment"):
        every_lot(torn, Method.FIFO)


def test_an_interruption_leaves_the_file_of_before(
    served: tuple[str, MemoryLots], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "lots.csv"
    file.write_text("before")
    monkeypatch.setenv("QZ_TOKEN", "wrong")
    with pytest.raises(RefusedError, match="401"):
        export_lots(file, api=served[0])
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [
        ("lots.csv", "before")
    ]


def test_what_cannot_be_asked_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "lots.csv"
    with pytest.raises(RefusedError, match="no local cloud runs"):
        export_lots(file, home=tmp_path)
    with pytest.raises(InvalidInputError, match="https"):
        export_lots(file, api="http://example.com")
    monkeypatch.delenv("QZ_TOKEN", raising=False)
    with pytest.raises(InvalidInputError, match="QZ_TOKEN was empty"):
        export_lots(file, api="https://example.com")
    monkeypatch.setenv("QZ_TOKEN", "x")
    with pytest.raises(UnavailableError, match="did not answer"):
        export_lots(file, api="http://127.0.0.1:1")
    with pytest.raises(InvalidInputError, match="does not exist"):
        export_lots(tmp_path / "nowhere" / "lots.csv", home=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_short_lot_and_an_empty_table_are_rows_too() -> None:
    journal = MemoryLots()
    at = datetime(2024, 1, 3, 15, tzinfo=UTC)
    journal.lot_events.append(Trade("s#2", "AAPL", None, Decimal(-10), Decimal(200), at, 1))
    lots = asked(journal, {"method": "fifo", "limit": "500"}, [])["lots"]
    (row,) = table_rows(lots)
    assert (row["side"], row["proceeds"], row["cost"], row["strategy"]) == ("short", "200", "", "")
    assert table_text([]) == ",".join(COLUMNS) + "\n"
