"""Called by the HTTP API for every request under /v1; answers from the tables, changes documents
and the halt switch.
"""

from typing import Any

from application import serve
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from quantumzero.bootstrap.api import Api, ready_api

logger = Logger()
metrics = Metrics(namespace="QuantumZero")


def _outcome(status: int) -> str:
    if status >= 500:
        return "RequestsFailed"
    return "RequestsRefused" if status >= 400 else "RequestsAnswered"


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
@metrics.log_metrics
def handler(
    event: dict[str, Any], context: LambdaContext, api: Api | None = None
) -> dict[str, Any]:
    """Answer one request; tests give their own collaborators as api."""
    answer = serve(event, context, api or ready_api())
    metrics.add_metric(_outcome(answer["statusCode"]), MetricUnit.Count, 1)
    return answer
