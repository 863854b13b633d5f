"""The check of shapes can fail: it is not a formality."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.contract.exchange.conftest import KEYS
from tests.contract.exchange.vendor_shapes import Checked

if TYPE_CHECKING:
    from local.exchange.control import Exchange, ExchangeControl

HEADERS = {"APCA-API-KEY-ID": KEYS[0], "APCA-API-SECRET-KEY": KEYS[1]}


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("/v2/account", ["id"]),
        ("/v2/clock", ["next_open"]),
        ("/v2/assets", [0, "tradable"]),
        ("/v2/stocks/trades/latest?symbols=IBM", ["trades", "IBM", "p"]),
        ("/v2/stocks/quotes/latest?symbols=IBM", ["quotes", "IBM", "bp"]),
        ("/v2/stocks/bars?symbols=IBM&start=2005-02-22&timeframe=1Day", ["bars", "IBM", 0, "vw"]),
    ],
)
def test_an_answer_without_a_field_that_the_clients_need_is_found(
    exchange: Exchange, control: ExchangeControl, path: str, keys: list[Any]
) -> None:
    control.advance()
    answer = requests.get(f"{exchange.url}{path}", headers=HEADERS, timeout=5)
    Checked().check(answer)
    body = answer.json()
    place = body
    for key in keys[:-1]:
        place = place[key]
    del place[keys[-1]]
    answer._content = json.dumps(body).encode()

    with pytest.raises(AssertionError):
        Checked().check(answer)
