"""Who may do what: one table of route and least Cognito group, read before anything else; what is not in it is denied.

The route scopes of API Gateway cannot do this: a token from a direct sign-in carries no scope of ours, so the groups
decide, and only access tokens pass (an identity token is made for the page, not for the API).
"""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any


class Group(IntEnum):
    """Cognito groups by rank: a higher one may do all that a lower one may."""

    VIEWER = 1
    TRADER = 2
    ADMIN = 3


LEAST_GROUP: Mapping[tuple[str, str], Group] = {
    ("GET", "/v1/service-health"): Group.VIEWER,
    ("GET", "/v1/portfolio"): Group.VIEWER,
    ("GET", "/v1/positions"): Group.VIEWER,
    ("GET", "/v1/orders"): Group.VIEWER,
    ("POST", "/v1/orders"): Group.TRADER,
    ("GET", "/v1/orders/<order_id>"): Group.VIEWER,
    ("POST", "/v1/orders/<order_id>/cancel"): Group.TRADER,
    ("POST", "/v1/orders/<order_id>/replace"): Group.TRADER,
    ("GET", "/v1/lots"): Group.VIEWER,
    ("POST", "/v1/lots/named"): Group.TRADER,
    ("GET", "/v1/decisions"): Group.VIEWER,
    ("GET", "/v1/decisions/<decision_id>"): Group.VIEWER,
    ("GET", "/v1/bars"): Group.VIEWER,
    ("GET", "/v1/strategies"): Group.VIEWER,
    ("POST", "/v1/strategies"): Group.TRADER,
    ("POST", "/v1/strategies/validate"): Group.VIEWER,
    ("GET", "/v1/strategies/<name>"): Group.VIEWER,
    ("POST", "/v1/strategies/<name>/enable"): Group.TRADER,
    ("POST", "/v1/strategies/<name>/disable"): Group.TRADER,
    ("GET", "/v1/risk"): Group.VIEWER,
    ("POST", "/v1/risk/halt"): Group.TRADER,
    ("POST", "/v1/risk/resume"): Group.ADMIN,
    ("POST", "/v1/risk/limits"): Group.ADMIN,
    ("POST", "/v1/risk/flatten"): Group.ADMIN,
    ("GET", "/v1/reconciliations"): Group.VIEWER,
    ("POST", "/v1/reconciliations/<reconciliation_id>/accept"): Group.ADMIN,
    ("GET", "/v1/backtests"): Group.VIEWER,
    ("POST", "/v1/backtests"): Group.TRADER,
    ("GET", "/v1/backtests/<backtest_id>"): Group.VIEWER,
    ("POST", "/v1/backtests/<backtest_id>/cancel"): Group.TRADER,
}

_PATTERNS = {
    path: re.compile(re.sub(r"<\w+>", "[^/]+", path)) for path in {path for _, path in LEAST_GROUP}
}


class AccessRefused(Exception):
    """The request goes no further; status is the HTTP answer's."""

    def __init__(self, status: int, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.field = field


def principal(event: Mapping[str, Any]) -> str:
    """Return the name that actions are recorded under: the user's name, else the subject."""
    claims = _claims(event)
    return str(claims.get("username") or claims.get("sub") or "unknown")


def signed_in_at(event: Mapping[str, Any]) -> datetime | None:
    """Return when the user signed in, as the token says; None when it does not say."""
    seconds = str(_claims(event).get("auth_time") or "")
    return datetime.fromtimestamp(int(seconds), UTC) if seconds.isdecimal() else None


def authorise(event: Mapping[str, Any], *, client_ids: Collection[str]) -> None:
    """Pass a request whose token is an access token and whose groups reach the route's; raise AccessRefused otherwise.

    client_ids are the user pool's clients whose tokens are taken; empty leaves that to the authorizer.
    """
    groups = _groups(_accepted_claims(event, client_ids))
    least = _least_group(event)
    if not groups or max(groups) < least:
        held = ", ".join(group.name.lower() for group in sorted(groups)) or "none of the groups"
        raise AccessRefused(
            403,
            "not_allowed",
            f"you were in {held}; this needs {least.name.lower()}: ask an administrator of the user pool",
        )


def _claims(event: Mapping[str, Any]) -> Mapping[str, Any]:
    authorizer = event.get("requestContext", {}).get("authorizer") or {}
    claims: Mapping[str, Any] = (authorizer.get("jwt") or {}).get("claims") or {}
    return claims


def _accepted_claims(event: Mapping[str, Any], client_ids: Collection[str]) -> Mapping[str, Any]:
    claims = _claims(event)
    if not claims:
        raise AccessRefused(
            401, "not_signed_in", "no signed-in user came with the request; sign in"
        )
    if claims.get("token_use") != "access":
        raise AccessRefused(
            401,
            "wrong_token",
            f"the token's use was {claims.get('token_use')!r}; send the access token of the sign-in",
        )
    if client_ids and claims.get("client_id") not in client_ids:
        raise AccessRefused(
            401, "wrong_token", "the token was issued to another client; sign in on this page"
        )
    return claims


def _groups(claims: Mapping[str, Any]) -> set[Group]:
    """API Gateway hands a list claim over as text like `[trader viewer]`."""
    named = claims.get("cognito:groups") or ""
    words = (
        named if isinstance(named, list) else str(named).removeprefix("[").removesuffix("]").split()
    )
    ranks = {group.name.lower(): group for group in Group}
    return {ranks[word] for word in words if word in ranks}


def _least_group(event: Mapping[str, Any]) -> Group:
    http = event["requestContext"]["http"]
    method, path = str(http["method"]).upper(), str(event["rawPath"])
    matches = [template for template, pattern in _PATTERNS.items() if pattern.fullmatch(path)]
    for template in sorted(matches, key=lambda template: "<" in template):
        if (method, template) in LEAST_GROUP:
            return LEAST_GROUP[method, template]
    if matches:
        allowed = sorted(verb for verb, template in LEAST_GROUP if template in matches)
        raise AccessRefused(
            405, "method_not_allowed", f"method was {method}; {path} takes {' or '.join(allowed)}"
        )
    raise AccessRefused(
        404, "not_found", f"path was {path}; docs/openapi.json lists the paths of this API"
    )
