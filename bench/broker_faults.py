"""What one intent becomes at a broker that misbehaves: our order path and the vendor's own client, fault by fault.

Both meet the exchange simulator over real HTTP and WebSocket. `orders` are the broker's orders for one intent, at most
one is right. `lost` are orders or fills that the broker has and the caller's books have not; for ours also intents
that never became an order (alpaca-py leaves those to its caller, who may look once by listing the orders). alpaca-py is
used as its documentation shows, once without and once with a client order id.

Run: python -m bench.broker_faults
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.alpaca_py_peer import run_alpaca_py
from bench.broker_fault_cases import CASES
from bench.broker_fault_ours import run_ours
from local.exchange.control import ExchangeSettings, start_exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.broker_fault_cases import Case
    from local.exchange.control import Exchange

_START = "start"
_CASH = "100000"


@contextmanager
def simulated_exchange() -> Iterator[Exchange]:
    """Start a simulator at the end of its first session, with a snapshot to return to."""
    with tempfile.TemporaryDirectory(prefix="quantumzero-faults-") as folder:
        exchange = start_exchange(
            ExchangeSettings(
                state_dir=Path(folder), sessions=10, cash=_CASH, participation="0.0005"
            )
        )
        try:
            exchange.control.advance()
            exchange.control.snapshot(_START)
            yield exchange
        finally:
            exchange.stop()


def at_start(exchange: Exchange) -> Exchange:
    """Return the simulator at its starting point, without faults."""
    exchange.control.clear_faults()
    exchange.control.rewind(_START)
    return exchange


def main() -> dict[str, Any]:
    """Run every case, print the table, return its rows and the totals."""
    rows: dict[str, Any] = {}
    with simulated_exchange() as exchange:
        for case in CASES:
            rows[case.name] = _row(exchange, case)
            print(f"  · {case.name}", file=sys.stderr, flush=True)
    totals = {
        name: {
            "most_orders": max(row[name]["orders"] for row in rows.values()),
            "lost": sum(row[name]["lost"] for row in rows.values()),
        }
        for name in ("ours", "alpaca_py", "alpaca_py_with_id")
    }
    print(table(rows))
    return {"cases": rows, "totals": totals}


def _row(exchange: Exchange, case: Case) -> dict[str, Any]:
    runs: dict[str, Callable[[], dict[str, Any]]] = {
        "ours": lambda: run_ours(exchange, case),
        "alpaca_py": lambda: run_alpaca_py(exchange, case, with_id=False),
        "alpaca_py_with_id": lambda: run_alpaca_py(exchange, case, with_id=True),
    }
    answers = {}
    for name, run in runs.items():
        at_start(exchange)
        answers[name] = run()
    return answers


def table(rows: dict[str, Any]) -> str:
    """Return the rows as a table in Markdown."""
    lines = [
        "| fault | ours: orders, lost | books | sweeps | alpaca-py: orders, lost | its call | with id: orders, lost "
        "| its call |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, row in rows.items():
        ours = row["ours"]
        cells = [
            name,
            f"{ours['orders']}, {ours['lost']}",
            "equal" if ours["books_equal"] else "DIFFERENT",
            str(ours["sweeps"]),
        ]
        for peer in (row["alpaca_py"], row["alpaca_py_with_id"]):
            told = "" if peer["shares_told"] is None else f", told {peer['shares_told']:g} shares"
            words = f"{peer['ended']}{told} of {peer['shares']:g}" if told else peer["ended"]
            cells += [f"{peer['orders']}, {peer['lost']}", f"{words}, {peer['seconds']} s"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
