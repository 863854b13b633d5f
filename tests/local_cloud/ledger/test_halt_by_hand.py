"""`qz halt` on the deployed stacks while the functions are broken: nothing can be sent from the write on."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from cli.halt_command import halt
from local.clients import client
from local.cloud import LocalCloud
from local.exchange.control import ExchangeControl
from local.ports import HOST
from local.replay.supervisor import FunctionFailedError, Replay
from local.settings import LocalSettings, Ports
from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.domain import order_lifecycle
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.orders import OrderTerms, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import TradingState

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.timeout(300)
# Whatever an operator would ask for help; place_order stays whole, so that something could still send.
BROKEN = ("serve_api", "sweep_orders", "reconcile_account", "check_risk")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    home = tmp_path_factory.mktemp("halt")
    cloud = LocalCloud.create(LocalSettings(home=home, ports=Ports(0, 0, 0, 0)), print)
    try:
        cloud.start(fresh=True)
        yield cloud
    finally:
        cloud.stop()


def ledger_of(cloud: LocalCloud) -> DynamoLedger:
    table = cloud.outputs["LedgerTableName"]
    return DynamoLedger(client("dynamodb", cloud.endpoint), table=table, account="main")


def intend(ledger: DynamoLedger, name: str, at: datetime) -> str:
    """Approve an order as check_risk does, and leave it for whoever sends."""
    terms = OrderTerms(name, "decision", "by-hand", "AAPL", Side.BUY, Decimal(1))
    step = order_lifecycle.intend(
        terms, at=at, recorded_at=datetime.now(UTC), reference_price=Decimal(10)
    )
    ledger.commit(change_of(step, Position("AAPL"), at=at))
    return name


def place(cloud: LocalCloud, name: str) -> str:
    return str(cloud.invoke("place_order", {"client_order_id": name})["state"])


def qz_halt(*words: str) -> str:
    """Type the command; return what it said on one line."""
    app = typer.Typer()
    app.command()(halt)
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def test_with_the_api_and_the_sweep_broken_one_write_stops_every_send(cloud: LocalCloud) -> None:
    replay = Replay(cloud, barrier_every=20)
    replay.stop_after = 1
    replay.run()
    ledger, home = ledger_of(cloud), str(cloud.settings.home)
    exchange = ExchangeControl(f"http://{HOST}:{cloud.ports['exchange-admin']}")
    at = datetime.fromisoformat(exchange.clock()["now"])
    before = intend(ledger, "qz1-before-the-halt", at)
    assert place(cloud, before) == "ACCEPTED"
    functions = client("lambda", cloud.endpoint)
    for name in BROKEN:
        functions.update_function_configuration(
            FunctionName=cloud.function_name(name), Handler="handler.gone"
        )
    for name in ("sweep_orders", "reconcile_account"):
        with pytest.raises(FunctionFailedError):
            cloud.invoke(name, {})
    after = intend(ledger, "qz1-after-the-halt", at)
    assert "it is HALTED by" in qz_halt("the sweep is broken", "--home", home)
    assert ledger.risk().state is TradingState.HALTED
    assert place(cloud, after) == "INTENT"
    orders = {each["client_order_id"] for each in exchange.books()["orders"]}
    assert before in orders
    assert after not in orders
    # The same by the address and the table's name alone, as for a table on AWS.
    options = ["--table", cloud.outputs["LedgerTableName"], "--endpoint", cloud.endpoint]
    assert "it was HALTED by" in qz_halt("again", "--region", "us-east-1", *options)
