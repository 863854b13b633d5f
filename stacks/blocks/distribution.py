"""One CloudFront origin for page and API, so that nothing depends on CORS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from constructs import Construct

from stacks.blocks.acknowledge import acknowledge

if TYPE_CHECKING:
    from aws_cdk import aws_apigatewayv2 as apigateway
    from aws_cdk import aws_s3 as s3

    from stacks.stage import Stage

# A path without a dot is a place in the page, not a file: the page itself finds the way from there.
_REWRITE = """
function handler(event) {
  var request = event.request;
  var last = request.uri.split('/').pop();
  if (last.indexOf('.') === -1) { request.uri = '/index.html'; }
  return request;
}
"""


class SiteDistribution(Construct):
    """Serve the bucket at `/` and the HTTP API at `/v1/*` under one name."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        bucket: s3.Bucket,
        api: apigateway.HttpApi,
        access_logs: s3.IBucket,
    ) -> None:
        super().__init__(scope, construct_id)
        headers = self._headers()
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="QuantumZero dashboard",
            default_root_object="index.html",
            **self._own_name(stage),
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            enable_logging=True,
            log_bucket=access_logs,
            log_file_prefix="cloudfront/",
            default_behavior=self._files(bucket, headers),
            additional_behaviors={"/v1/*": self._api(api, headers)},
        )
        self._acknowledge(distribution)
        self.domain_name = distribution.distribution_domain_name
        self.distribution_id = distribution.distribution_id

    def _own_name(self, stage: Stage) -> dict[str, Any]:
        """Take the owner's domain when its certificate (in us-east-1) is given by the context.

        CloudFront fixes the protocol floor of its own certificate; only a certificate of the owner's can raise it.
        """
        if not (stage.site_domain and stage.site_certificate):
            return {}
        return {
            "domain_names": [stage.site_domain],
            "certificate": acm.Certificate.from_certificate_arn(
                self, "Certificate", stage.site_certificate
            ),
            "minimum_protocol_version": cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
        }

    def _files(
        self, bucket: s3.Bucket, headers: cloudfront.ResponseHeadersPolicy
    ) -> cloudfront.BehaviorOptions:
        rewrite = cloudfront.Function(
            self,
            "Rewrite",
            comment="Answers deep links with the page",
            code=cloudfront.FunctionCode.from_inline(_REWRITE),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        return cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(bucket),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            response_headers_policy=headers,
            compress=True,
            function_associations=[
                cloudfront.FunctionAssociation(
                    function=rewrite, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST
                )
            ],
        )

    def _api(
        self, api: apigateway.HttpApi, headers: cloudfront.ResponseHeadersPolicy
    ) -> cloudfront.BehaviorOptions:
        stack = cdk.Stack.of(self)
        host = f"{api.api_id}.execute-api.{stack.region}.{stack.url_suffix}"
        every_header = cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER
        return cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(
                host,
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            ),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=every_header,
            response_headers_policy=headers,
        )

    def _headers(self) -> cloudfront.ResponseHeadersPolicy:
        stack = cdk.Stack.of(self)
        cognito = f"https://cognito-idp.{stack.region}.{stack.url_suffix}"
        policy = (
            "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data:; font-src 'self'; object-src 'none'; frame-ancestors 'none'; "
            f"base-uri 'none'; form-action 'self'; connect-src 'self' {cognito}"
        )
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            comment="Security headers of the dashboard",
            security_headers_behavior=_security(policy),
        )

    def _acknowledge(self, distribution: cloudfront.Distribution) -> None:
        reasons = {
            "AwsSolutions-CFR1": "The owner trades from wherever they are: no country is shut out.",
            "AwsSolutions-CFR2": "Every API call needs a valid token and is throttled; a firewall costs "
            "more each month than the idle platform and can be attached by the owner.",
            "AwsSolutions-CFR4": "CloudFront's own certificate fixes the protocol floor; with the "
            "context site_domain and site_certificate it is TLS 1.2 (2021).",
        }
        for finding, reason in reasons.items():
            acknowledge(distribution, finding, reason)


def _security(policy: str) -> cloudfront.ResponseSecurityHeadersBehavior:
    return cloudfront.ResponseSecurityHeadersBehavior(
        content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
            content_security_policy=policy, override=True
        ),
        content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
        frame_options=cloudfront.ResponseHeadersFrameOptions(
            frame_option=cloudfront.HeadersFrameOption.DENY, override=True
        ),
        referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
            referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
        ),
        strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
            access_control_max_age=cdk.Duration.days(730),
            include_subdomains=True,
            override=True,
        ),
    )
