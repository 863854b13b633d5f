"""`qz flatten` over the API function itself: what it writes, what it says, and how it goes on."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from cli import flatten_command
from cli.deployed_place import Place
from quantumzero.domain.errors import RefusedError
from tests.fakes.order_desk import OrderDesk
from tests.functions.serve_api.requests import HANDLER, Context, api_over

if TYPE_CHECKING:
    from pathlib import Path


class Functions:
    """Lambda, as far as the command asks it."""

    def __init__(self, desk: OrderDesk) -> None:
        self._desk = desk
        self.keys: list[str] = []

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:
        assert FunctionName == "FunctionServeApiName"
        event = json.loads(Payload)
        self.keys.append(event["headers"]["idempotency-key"])
        answer = HANDLER(event, Context(), api_over(self._desk, client_ids=frozenset()))
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40.00")
    return desk


@pytest.fixture
def functions(desk: OrderDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Functions:
    functions = Functions(desk)
    monkeypatch.setattr(Place, "client", lambda _place, _service: functions)
    monkeypatch.setattr(Place, "table", lambda _place, output: output)
    return functions


def flatten(**options: Any) -> None:
    flatten_command.flatten("enough of it", **{"stage": "paper", **options})


def hold(desk: OrderDesk) -> None:
    desk.apply.apply(desk.broker.fill(desk.buy("AAPL"), Decimal(500), Decimal(40)))


def test_it_says_each_exit_and_the_state(
    desk: OrderDesk, functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    hold(desk)
    flatten()
    said = capsys.readouterr().out
    assert "trading is REDUCING: Exits only" in said
    assert "sell 500 AAPL of sma-cross: INTENT (qz1-" in said
    assert "LEFT" not in said
    assert str(desk.ledger.risk().changed_by).endswith("(qz flatten)")
    assert functions.keys[0].startswith("flatten-")


def test_what_is_left_is_said_with_the_command_that_goes_on(
    desk: OrderDesk, functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    hold(desk)
    desk.market.advance(86400)
    desk.price("AAPL", "40")
    desk.sell("AAPL")
    flatten(key="flatten-again")
    said = capsys.readouterr().out
    assert "LEFT 500 AAPL of sma-cross: an order of it still works" in said
    assert "qz flatten 'enough of it' --key flatten-again" in said


def test_with_nothing_held_it_says_so(
    desk: OrderDesk, functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    flatten()
    assert "nothing is held" in capsys.readouterr().out
    assert desk.ledger.records == {}


def test_while_halted_it_is_refused_in_the_words_of_the_api(
    desk: OrderDesk, functions: Functions
) -> None:
    desk.halt.halt(reason="test", by="me")
    with pytest.raises(RefusedError, match="not flattened: trading is HALTED"):
        flatten()
    assert len(functions.keys) == 1
