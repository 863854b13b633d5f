"""A task of trade_cycle: claim an approved intent and send it once; ends at the broker's answer."""

from __future__ import annotations

from typing import Any

import msgspec
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.ledger import ledger, place_order, prepare_order_path, rest_legs
from quantumzero.contracts.trade_cycle import PlaceOrderAnswer, read_place_order
from quantumzero.domain.orders import OrderState

logger = Logger()
metrics = Metrics()
prepare_order_path()


@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer the order's state; an order past its intent is never sent again."""
    request = read_place_order(event)
    logger.append_keys(correlation_id=request.client_order_id)
    state = place_order().place(request.client_order_id, request=context.aws_request_id)
    if state is OrderState.FILLED:
        entry = ledger().order(request.client_order_id)
        if entry is not None:
            rest_legs().follow(entry, request=context.aws_request_id)
    metrics.add_metric(f"OrdersEnded{state.capitalize()}", MetricUnit.Count, 1)
    logger.info("placed", state=state)
    answered: dict[str, Any] = msgspec.to_builtins(
        PlaceOrderAnswer(request.client_order_id, state.value)
    )
    return answered
