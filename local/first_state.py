"""What a new local cloud begins with: an open account, a stored and enabled strategy, and somebody who may sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.clients import client
from quantumzero.domain.errors import UnavailableError

if TYPE_CHECKING:
    from pathlib import Path

    from local.api_client import ApiClient
    from local.deployment import Outputs

OPERATOR = "operator"
# Opens nothing but the replay on this machine; a deployment to an account has no such user.
PASSWORD = "Local-replay-1"  # noqa: S105


def open_account(api: ApiClient, outputs: Outputs, *, endpoint: str, strategy: Path) -> None:
    """Store and enable the strategy and make the operator's sign-in.

    The ledger takes the account's cash from the exchange at the first prepare_session.
    """
    document = strategy.read_text()
    status, body = api.call("POST", "/v1/strategies", body={"document": document})
    if status not in (200, 201):
        raise UnavailableError(f"{strategy} was refused: {body['message']}")
    name = body["summary"]["name"]
    status, body = api.call("POST", f"/v1/strategies/{name}/enable", body={})
    if status != 200:
        raise UnavailableError(f"{name} could not be enabled: {body['message']}")
    pool = outputs["UserPoolId"]
    people = client("cognito-idp", endpoint)
    people.admin_create_user(UserPoolId=pool, Username=OPERATOR, MessageAction="SUPPRESS")
    people.admin_set_user_password(
        UserPoolId=pool, Username=OPERATOR, Password=PASSWORD, Permanent=True
    )
    people.admin_add_user_to_group(UserPoolId=pool, Username=OPERATOR, GroupName="admin")
