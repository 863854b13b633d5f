"""The API as its callers meet it: API Gateway events in, answers out, over a small account on fakes."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from quantumzero.bootstrap.api import Api
from quantumzero.bootstrap.backtests import Backtests
from quantumzero.bootstrap.comparisons import Comparisons
from quantumzero.bootstrap.lots import Lots
from quantumzero.bootstrap.manual import ManualOrders
from quantumzero.bootstrap.risk_desk import RiskDesk
from quantumzero.usecases.accept_reconciliation import AcceptReconciliation
from quantumzero.usecases.cancel_backtest import CancelBacktest
from quantumzero.usecases.flatten_account import FlattenAccount
from quantumzero.usecases.name_lots import NameLots
from quantumzero.usecases.order_manually import OrderManually
from quantumzero.usecases.replace_order import ReplaceOrder
from quantumzero.usecases.request_cancel import RequestCancel
from quantumzero.usecases.scope_trading import ScopeTrading
from quantumzero.usecases.start_backtest import StartBacktest
from tests.fakes.held_backtests import (
    HeldBacktestExecutions,
    HeldBacktestResults,
    HeldBacktestRuns,
)
from tests.fakes.held_decisions import HeldDecisions
from tests.fakes.held_heartbeats import HeldHeartbeats
from tests.fakes.held_models import HeldModels
from tests.fakes.held_strategies import HeldStrategies
from tests.fakes.manual_clock import NoBackoff

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from tests.fakes.order_desk import OrderDesk

ROOT = Path(__file__).resolve().parents[3]
FUNCTION = ROOT / "functions" / "serve_api"
DOCUMENT = """\
strategy: sma-cross
version: 1
universe: [AAPL, MSFT]
timeframe: 1d
parameters:
  fast: {default: 10, range: [5, 45, 1]}
  slow: {default: 30, range: [50, 250, 8]}
entry: {long: "cross_above(sma(close, fast), sma(close, slow))"}
exit: {long: "cross_below(sma(close, fast), sma(close, slow))"}
sizing: {percent_of_equity: 20}
""".replace("range: [50, 250, 8]", "range: [20, 250, 8]")


class Context:
    """What Lambda tells a function about its invocation."""

    function_name = "serve_api"
    function_version = "$LATEST"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:serve_api"
    aws_request_id = "5e3a1cfb"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 10_000


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any


def in_function(name: str) -> ModuleType:
    """Import a module of the function by the name it has in Lambda, where the folder is the root."""
    if str(FUNCTION) not in sys.path:
        sys.path.append(str(FUNCTION))
    return import_module(name)


def _handler_module() -> ModuleType:
    in_function("application")
    spec = spec_from_file_location("serve_api_handler", FUNCTION / "handler.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HANDLER = _handler_module().handler


def api_over(desk: OrderDesk, **changes: Any) -> Api:
    """Return the API over the desk's ledger, bars and clocks and over empty stores of everything else."""
    strategies = changes.get("strategy_store") or HeldStrategies()
    collaborators: dict[str, Any] = {
        "account": "main",
        "stage": "local",
        "replayed": True,
        "symbols": ("AAPL", "IBM", "MSFT"),
        "timeframes": ("1d",),
        "client_ids": frozenset({"page"}),
        "ledger": desk.ledger,
        "switch": desk.ledger,
        "bars_store": desk.bars,
        "strategy_store": strategies,
        "backtests": backtests_over(desk, strategies),
        "comparisons": Comparisons(
            desk.ledger,
            AcceptReconciliation(reports=desk.ledger, books=desk.ledger, machine=desk.machine),
        ),
        "manual": manual_over(desk),
        "lots": Lots(
            desk.ledger, NameLots(journal=desk.ledger, orders=desk.ledger, clock=desk.machine)
        ),
        "decision_store": HeldDecisions(),
        "heartbeats": HeldHeartbeats(desk.machine),
        "risk_desk": RiskDesk(
            ScopeTrading(halting=desk.halt, switch=desk.ledger, market=desk.market),
            desk.limits,
            desk.ledger,
            flattening_over(desk),
        ),
        "clock": desk.machine,
    }
    return Api(**{**collaborators, **changes})


def flattening_over(desk: OrderDesk) -> FlattenAccount:
    """Return the way out of every position over the desk's ledger and controls; nothing cancels but a test itself."""
    return FlattenAccount(
        decide=desk.decide,
        cancelling=RequestCancel(ledger=desk.ledger, market=desk.market, backoff=NoBackoff()),
        switching=ScopeTrading(halting=desk.halt, switch=desk.ledger, market=desk.market),
        timeframes=("1d",),
        pause=NoBackoff(),
    )


def manual_over(desk: OrderDesk) -> ManualOrders:
    """Return orders by hand over the desk's ledger and controls."""
    return ManualOrders(
        ordering=OrderManually(
            decide=desk.decide,
            symbols=("AAPL", "IBM", "MSFT"),
            timeframes=("1d",),
        ),
        replacing=ReplaceOrder(decide=desk.decide, timeframes=("1d",)),
        cancelling=RequestCancel(ledger=desk.ledger, market=desk.market, backoff=NoBackoff()),
        ledger=desk.ledger,
    )


def backtests_over(desk: OrderDesk, strategies: HeldStrategies) -> Backtests:
    """Return backtests over the desk's bars; nothing carries them out but a test itself."""
    runs, executions = HeldBacktestRuns(), HeldBacktestExecutions()
    shared: dict[str, Any] = {
        "runs": runs,
        "executions": executions,
        "clock": desk.machine,
        "backoff": NoBackoff(),
    }
    return Backtests(
        starting=StartBacktest(
            strategies=strategies, bars=desk.bars, models=HeldModels(), **shared
        ),
        cancelling=CancelBacktest(**shared),
        runs=runs,
        results=HeldBacktestResults(),
    )


def claims(group: str | None = "admin", **changes: str) -> dict[str, str]:
    """Return the claims of an access token as API Gateway hands them over."""
    groups = {"cognito:groups": f"[{group}]"} if group else {}
    return {
        "sub": "0b1c",
        "username": "ada",
        "token_use": "access",
        "client_id": "page",
        **groups,
        **changes,
    }


def event(
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    body: Any = None,
    token: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    raw_body: str | None = None,
) -> dict[str, Any]:
    """Return an event of an HTTP API, payload format 2.0; token {} is a request that nobody signed."""
    signed = claims() if token is None else token
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "ANY /v1/{proxy+}",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "headers": {"content-type": "application/json", **(headers or {})},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc",
            "domainName": "abc.execute-api.us-east-1.amazonaws.com",
            "stage": "$default",
            "requestId": "request-1",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "test",
            },
        },
        "isBase64Encoded": False,
    }
    if signed:
        made["requestContext"]["authorizer"] = {"jwt": {"claims": dict(signed), "scopes": None}}
    if query:
        made["queryStringParameters"] = dict(query)
    if body is not None or raw_body is not None:
        made["body"] = raw_body if raw_body is not None else json.dumps(body)
    return made


def call(api: Api, method: str, path: str, **parts: Any) -> Answer:
    """Send one request through the function's handler."""
    answer = HANDLER(event(method, path, **parts), Context(), api)
    body = answer.get("body") or ""
    return Answer(answer["statusCode"], answer["headers"], json.loads(body) if body else None)
