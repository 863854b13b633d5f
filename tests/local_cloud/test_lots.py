"""Lots over the deployed local cloud: after a replay they equal the exchange's own books to the last digit."""

from __future__ import annotations

import csv
import io
from collections import defaultdict, deque
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from cli.export_commands import export_lots
from cli.run_file import RunFile
from local.cloud import DEPLOYED
from quantumzero.domain.lots.matching import Method
from tests.local_cloud.test_main_job import replay

if TYPE_CHECKING:
    from pathlib import Path

    from local.cloud import LocalCloud

pytestmark = pytest.mark.timeout(600)


def first_in_first_out(fills: list[dict[str, Any]]) -> Fraction:
    """Return the realised profit of the exchange's fills: a queue of lots that shares nothing with the product."""
    queues: dict[str, deque[list[Fraction]]] = defaultdict(deque)
    realised = Fraction(0)
    for fill in sorted(fills, key=lambda each: (each["at"], each["tick"])):
        quantity, price = Fraction(fill["quantity"]), Fraction(fill["price"])
        queue = queues[fill["symbol"]]
        if fill["side"] == "buy":
            queue.append([quantity, price])
            continue
        while quantity:
            taken = min(quantity, queue[0][0])
            realised += taken * (price - queue[0][1])
            queue[0][0] -= taken
            quantity -= taken
            if not queue[0][0]:
                queue.popleft()
    return realised


def test_after_60_sessions_the_lots_are_the_exchanges_cash_and_positions(
    deployed_cloud: LocalCloud, tmp_path: Path
) -> None:
    cloud = deployed_cloud
    cloud.rewind(DEPLOYED)
    summary = replay(cloud, 60)
    assert summary["ledger_matches_broker"] is True
    books = cloud.exchange.books()
    cash, start = Decimal(books["cash"]), Decimal(books["start_cash"])
    positions = {name: Decimal(each["quantity"]) for name, each in books["positions"].items()}
    totals = {method: cloud.api.get("/v1/lots", method=method, limit=1) for method in Method}
    for lots in totals.values():
        account = {name: Decimal(each) for name, each in lots["account"].items()}
        assert lots["differences"] == []
        assert {
            each["symbol"]: Decimal(each["quantity"])
            for each in lots["symbols"]
            if Decimal(each["quantity"])
        } == positions
        assert cash - start + account["basis"] == account["realised"]
        value = account["basis"] + account["unrealised"]
        assert cash + value == Decimal(books["equity"])
        [strategy] = lots["strategies"]
        assert strategy["strategy"] == "sma-cross"
        assert {name: Decimal(each) for name, each in strategy["quantities"].items()} == positions
        assert strategy["realised"] == lots["account"]["realised"]
    fifo = Fraction(totals[Method.FIFO]["account"]["realised"])
    assert abs(fifo - first_in_first_out(books["fills"])) < Fraction(1, 100)
    assert_the_export_adds_up(cloud, tmp_path / "lots.csv", totals[Method.FIFO]["account"])


def assert_the_export_adds_up(cloud: LocalCloud, file: Path, account: dict[str, str]) -> None:
    """Export as the command does, and add up what it wrote."""
    home = cloud.settings.home
    running = RunFile(home)
    running.claim(cloud.settings.cloud)
    try:
        export_lots(file, home=home)
    finally:
        running.release()
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    closed = [Decimal(row["profit"]) for row in rows if row["state"] == "closed"]
    basis = [Decimal(row["cost"]) for row in rows if row["state"] == "open"]
    assert closed
    assert sum(closed) == Decimal(account["realised"])
    assert sum(basis) == Decimal(account["basis"])
