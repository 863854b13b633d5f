"""`qz halt`: stop trading by one write on the ledger's table, with every function broken and no API.

The write is the one of the kill switch: every claim checks this item in its own transaction, so from the write on
nothing new can be sent. Nothing of the product is asked for it; only the table must answer.
"""

from __future__ import annotations

import getpass
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from botocore.exceptions import ClientError

from cli.deployed_place import Place, chosen_place
from cli.replay_run import say
from local.settings import HOME
from quantumzero.domain.errors import RefusedError

Home = Annotated[Path, typer.Option(help="Folder of the local cloud.")]
_UPDATE = "SET #state = :halted, changed_by = :by, reason = :reason, since = :at ADD epoch :one"
_WORKS = """\
nothing new is sent from now on, exits included; positions stay as they are
a request that was on its way may still reach the broker, at most 10 seconds after the halt
carry_out_requests cancels working orders within seconds, every sweep until they are closed; fills are still booked
with both broken, cancel all orders at the broker's own page (docs/runbooks/dead_man.md)"""


def halt(
    reason: Annotated[str, typer.Argument(help="Why; everybody sees it.")],
    resume: Annotated[
        bool, typer.Option("--resume", help="Trade again, if ledger and broker agree.")
    ] = False,
    stage: Annotated[str | None, typer.Option(help="On AWS: paper or live.")] = None,
    table: Annotated[str | None, typer.Option(help="The ledger's table, if known.")] = None,
    region: Annotated[str | None, typer.Option(help="AWS region.")] = None,
    endpoint: Annotated[str | None, typer.Option(help="Another address than AWS's.")] = None,
    account: Annotated[str, typer.Option(help="Name of the trading account.")] = "main",
    home: Home = HOME,
) -> None:
    """Stop trading by writing the ledger's item directly: works with every function and the API broken.

    Without --stage, --table, --region and --endpoint: the local cloud of the folder. With one of them: AWS, with the
    owner's own credentials.
    """
    place = chosen_place(
        home, stage=stage, region=region, endpoint=endpoint, named=table is not None
    )
    name = table or place.table()
    by = f"{getpass.getuser()} (qz halt)"
    if resume:
        _resume(place, name, account, by=by, reason=reason)
    else:
        write_halt(place.client("dynamodb"), name, account, by=by, reason=reason)


def write_halt(client: Any, table: str, account: str, *, by: str, reason: str) -> None:
    """Write the halt and say what holds from then on; halting again is success and names the newest reason."""
    at = datetime.now(UTC)
    began = time.monotonic()
    try:
        answer = client.update_item(
            TableName=table,
            Key={"pk": {"S": f"A#{account}"}, "sk": {"S": "RISK"}},
            ConditionExpression="attribute_exists(pk)",
            UpdateExpression=_UPDATE,
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={
                ":halted": {"S": "HALTED"},
                ":by": {"S": by},
                ":reason": {"S": reason},
                ":at": {"S": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")},
                ":one": {"N": "1"},
            },
            ReturnValues="ALL_OLD",
        )
    except client.exceptions.ConditionalCheckFailedException as error:
        raise RefusedError(
            f"table {table} has no books of account {account!r}, so nothing can trade there; another account is "
            "named with --account"
        ) from error
    except ClientError as error:
        raise RefusedError(
            f"NOT halted: {table} refused the write ({error}); cancel all orders at the broker's own page and take "
            "its API keys away (docs/runbooks/dead_man.md)"
        ) from error
    seconds = time.monotonic() - began
    before = answer.get("Attributes", {})
    say(f"halted account {account} at {at:%Y-%m-%d %H:%M:%S}Z, in {seconds:.2f} s ({table})")
    say(f"it was {_words(before)}; it is HALTED by {by}: {reason}")
    for line in _WORKS.splitlines():
        say(f"  {line}")


def _words(item: dict[str, Any]) -> str:
    state = item.get("state", {}).get("S", "without a state")
    by, reason = item.get("changed_by", {}).get("S"), item.get("reason", {}).get("S")
    return f"{state} by {by}: {reason}" if by else str(state)


def _resume(place: Place, table: str, account: str, *, by: str, reason: str) -> None:
    """Turn the product's own switch: it refuses while ledger and broker differ."""
    from quantumzero.adapters.aws.ledger import DynamoLedger
    from quantumzero.adapters.clocks import SystemClock
    from quantumzero.usecases.halt_trading import HaltTrading

    ledger = DynamoLedger(place.client("dynamodb"), table=table, account=account)
    switch = HaltTrading(switch=ledger, market=SystemClock(), cancel=None)
    risk = switch.resume(by=by, reason=reason)
    say(f"account {account} is {risk.state}: {risk.message} ({table})")
