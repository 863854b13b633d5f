"""Holds a finished replay against the recomputation: every decision, order and fill, and the final equity.

The replay's side is `.local/run-record.json`, written when a replay is done from the product's API and the
exchange's books.
"""

from __future__ import annotations

import json
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from local.proof.recomputation import Book, Rules, recompute
from local.settings import ROOT
from quantumzero.domain.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHIPPED = ROOT / "strategies" / "sma-cross.yaml"


def recomputable(record: dict[str, Any]) -> bool:
    """Say whether the replay was of the data and the document that the recomputation was written for."""
    document = sha256(SHIPPED.read_bytes()).hexdigest()[:12]
    return record["data"] == "embedded" and f"({document})" in record["strategy"]


def compare(record: dict[str, Any], book: Book) -> dict[str, tuple[int, int, list[str]]]:
    """Return for each kind (replayed count, recomputed count, the first differences)."""
    sides: dict[str, tuple[set[Any], set[Any]]] = {
        "decisions": (
            {(d["session"], d["symbol"], d["action"]) for d in record["decisions"]},
            {(date, symbol, action) for (date, symbol), action in book.decisions.items()},
        ),
        "orders": (
            {
                (o["session"], o["symbol"], o["side"], int(Decimal(o["quantity"])))
                for o in record["orders"]
                if not o.get("protects")
            },
            {
                (date, symbol, side, shares)
                for (date, symbol), (side, shares) in book.orders.items()
            },
        ),
        "fills": (
            fill_lines(record["fills"]),
            numbered([(d, s, side, n, f"{p.normalize():f}") for d, s, side, n, p in book.fills]),
        ),
    }
    return {
        kind: (len(ours), len(theirs), [str(x) for x in sorted(ours ^ theirs)[:5]])
        for kind, (ours, theirs) in sides.items()
    }


def fill_lines(fills: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """Return the replay's fills as comparable lines, numbered where equal ones repeat."""
    return numbered(
        [
            (
                fill["session"],
                fill["symbol"],
                fill["side"],
                int(Decimal(fill["quantity"])),
                f"{Decimal(fill['price']).normalize():f}",
            )
            for fill in fills
        ]
    )


def numbered(lines: list[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Make equal lines distinct by their count, so that a set loses none."""
    seen: dict[tuple[Any, ...], int] = {}
    result = set()
    for entry in lines:
        seen[entry] = seen.get(entry, 0) + 1
        result.add((*entry, seen[entry]))
    return result


def read_record(home: Path) -> dict[str, Any]:
    """Return the record of the last replay; raises NotFoundError when there is none."""
    file = home / "run-record.json"
    if not file.exists():
        raise NotFoundError(
            f"{file} does not exist: it is written when `make up` has replayed all sessions"
        )
    record: dict[str, Any] = json.loads(file.read_text())
    return record


def say_comparison_with_recomputation(record: dict[str, Any], say: Callable[[str], None]) -> bool:
    """Print the comparison of a replay's record, and return whether everything is equal.

    Only a replay for which `recomputable` holds can be compared.
    """
    book = recompute(Rules(cash=Decimal(record["cash"])), record["first"], record["sessions"])
    equal = True
    for kind, (ours, theirs, first) in compare(record, book).items():
        same = ours == theirs and not first
        equal &= same
        say(f"{kind}: {ours} replayed, {theirs} recomputed, {'all equal' if same else first}")
    cents = Decimal("0.01")
    ours_equity = Decimal(record["final_equity"]).quantize(cents)
    theirs_equity = book.equity.quantize(cents)
    equal &= ours_equity == theirs_equity
    say(f"final equity: {ours_equity} replayed, {theirs_equity} recomputed")
    return equal
