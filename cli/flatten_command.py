"""`qz flatten`: leave every position through the deployed API function, and say what is left."""

from __future__ import annotations

import getpass
import uuid
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.deployed_place import chosen_place
from cli.replay_run import say
from local.api_client import ApiClient
from local.settings import HOME
from quantumzero.domain.errors import RefusedError

Home = Annotated[Path, typer.Option(help="Folder of the local cloud.")]
_FUNCTION, _CLIENT = "FunctionServeApiName", "UserPoolClientId"
_OK = 200


def flatten(
    reason: Annotated[str, typer.Argument(help="Why; everybody sees it.")],
    key: Annotated[
        str | None, typer.Option(help="Go on with an earlier flattening: the key that it said.")
    ] = None,
    stage: Annotated[str | None, typer.Option(help="On AWS: paper or live.")] = None,
    region: Annotated[str | None, typer.Option(help="AWS region.")] = None,
    endpoint: Annotated[str | None, typer.Option(help="Another address than AWS's.")] = None,
    home: Home = HOME,
) -> None:
    """Stop entries, cancel what works, and sell or buy back every strategy's part of every position at the market.

    Without --stage, --region and --endpoint: the local cloud of the folder. With one of them: AWS, with the owner's
    own credentials. Refused while trading is HALTED: then exits are not sent either.
    """
    place = chosen_place(home, stage=stage, region=region, endpoint=endpoint)
    user = f"{getpass.getuser()} (qz flatten)"
    api = ApiClient(place.client("lambda"), place.table(_FUNCTION), place.table(_CLIENT), user=user)
    leave(api, reason=reason, key=key or f"flatten-{uuid.uuid4()}")


def leave(api: ApiClient, *, reason: str, key: str) -> None:
    """Ask for it and say what was written and what is left. Raises RefusedError with the API's own words."""
    headers = {"idempotency-key": key}
    status, body = api.call("POST", "/v1/risk/flatten", body={"reason": reason}, headers=headers)
    if status != _OK:
        raise RefusedError(f"not flattened: {body['message']}")
    say(f"trading is {body['risk']['state']}: {body['risk']['message']}")
    for order in body["orders"]:
        say(_order(order))
    for left in body["left"]:
        owner = left["strategy"] or "no strategy"
        say(f"LEFT {left['quantity']} {left['symbol']} of {owner}: {left['reason']}")
    if not body["orders"] and not body["left"]:
        say("nothing is held")
    if body["left"]:
        say(f"go on with: qz flatten {reason!r} --key {key}")


def _order(order: dict[str, Any]) -> str:
    words = f"{order['side']} {order['quantity']} {order['symbol']} of {order['strategy']}"
    if order["code"]:
        return f"REFUSED {words}: {order['code']}, {order['reason']}"
    return f"{words}: {order['state']} ({order['client_order_id']}), sent within seconds"
