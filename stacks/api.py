"""The way in for people: a user pool, an HTTP API behind its tokens, and the function that serves it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_logs as logs

from stacks.blocks.alarms import alarm_above
from stacks.blocks.area import open_area
from stacks.blocks.outputs import output
from stacks.blocks.python_function import PythonFunction
from stacks.blocks.user_directory import UserDirectory

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.data import DataStack
    from stacks.research import ResearchStack
    from stacks.stage import Stage

_LOGGED = {
    "time": "requestTime",
    "request_id": "requestId",
    "address": "identity.sourceIp",
    "user": "authorizer.claims.sub",
    "method": "httpMethod",
    "path": "path",
    "status": "status",
    "refusal": "authorizer.error",
    "milliseconds": "responseLatency",
}
_ACCESS_LOG_LINE = json.dumps({name: f"$context.{value}" for name, value in _LOGGED.items()})


class ApiStack(cdk.Stack):
    """Serve /v1 to people who are signed in."""

    def __init__(
        self,
        scope: Construct,
        stack_id: str,
        *,
        stage: Stage,
        data: DataStack,
        research: ResearchStack,
    ) -> None:
        super().__init__(scope, stack_id, termination_protection=stage.name == "live")
        self._stage = stage
        self.users = UserDirectory(self, "Users", stage=stage)
        function = self._serve_api(data)
        research.let_serve(function)
        self.api = self._http_api(function)
        self._stage_of(self.api)
        alarm_above(
            self,
            "ServerErrors",
            metric=self.api.metric_server_error(period=cdk.Duration.minutes(1), statistic="Sum"),
            topic=data.foundation.alarms,
            meaning="The API answered with a server error: read the log of serve_api.",
        )
        output(self, "ApiId", self.api.api_id)
        output(self, "ApiUrl", self.api.api_endpoint)
        output(self, "UserPoolId", self.users.pool.user_pool_id)
        output(self, "UserPoolClientId", self.users.client.user_pool_client_id)

    def _serve_api(self, data: DataStack) -> PythonFunction:
        function = PythonFunction(
            self,
            "serve_api",
            area=open_area(self, self._stage, data.foundation),
            memory=1024,
            timeout=cdk.Duration.seconds(15),
            environment={
                "SYMBOLS": self._stage.symbols,
                "TIMEFRAMES": self._stage.timeframes,
                "API_CLIENT_IDS": self.users.client.user_pool_client_id,
                **self._stage.broker_choice,
                **self._stage.limit_choice,
            },
        )
        data.ledger.let_write(function)
        data.strategies.let_write(function)
        data.bars.let_read(function)
        data.decisions.let_read(function)
        data.leases.let_read(function)
        return function

    def _http_api(self, function: PythonFunction) -> apigateway.HttpApi:
        api = apigateway.HttpApi(
            self,
            "HttpApi",
            description=f"QuantumZero {self._stage.name}",
            create_default_stage=False,
        )
        api.add_routes(
            path="/v1/{proxy+}",
            methods=[apigateway.HttpMethod.ANY],
            integration=integrations.HttpLambdaIntegration("ServeApi", function.function),
            authorizer=authorizers.HttpUserPoolAuthorizer(
                "SignedIn", self.users.pool, user_pool_clients=[self.users.client]
            ),
        )
        return api

    def _stage_of(self, api: apigateway.HttpApi) -> None:
        log = logs.LogGroup(
            self,
            "AccessLog",
            retention=logs.RetentionDays.ONE_YEAR,
            removal_policy=self._stage.removal_policy,
        )
        stage = apigateway.HttpStage(
            self,
            "Default",
            http_api=api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(rate_limit=20, burst_limit=40),
        )
        resource = stage.node.default_child
        assert isinstance(resource, apigateway.CfnStage)  # noqa: S101 - HttpStage makes exactly one
        resource.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=log.log_group_arn, format=_ACCESS_LOG_LINE
        )
