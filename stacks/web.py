"""The dashboard: its files in a bucket, and one origin in front of them and of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from stacks.blocks.acknowledge import acknowledge
from stacks.blocks.area import open_area
from stacks.blocks.distribution import SiteDistribution
from stacks.blocks.outputs import output
from stacks.blocks.site_content import SiteContent

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.api import ApiStack
    from stacks.foundation import FoundationStack
    from stacks.stage import Stage


class WebStack(cdk.Stack):
    """Hold the site bucket, the CloudFront distribution and the deployment of the built site."""

    def __init__(
        self,
        scope: Construct,
        stack_id: str,
        *,
        stage: Stage,
        foundation: FoundationStack,
        api: ApiStack,
    ) -> None:
        super().__init__(scope, stack_id, termination_protection=stage.name == "live")
        bucket = self._bucket(stage, foundation)
        distribution = SiteDistribution(
            self,
            "Site",
            stage=stage,
            bucket=bucket,
            api=api.api,
            access_logs=foundation.access_logs,
        )
        self._content(stage, foundation, api, bucket)
        output(self, "SiteBucketName", bucket.bucket_name)
        output(self, "SiteUrl", f"https://{distribution.domain_name}")
        output(self, "DistributionId", distribution.distribution_id)

    def _bucket(self, stage: Stage, foundation: FoundationStack) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "SiteBucket",
            encryption=s3.BucketEncryption.S3_MANAGED,  # public files; CloudFront reads them
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=not stage.is_local,  # the local cloud speaks plain HTTP on one machine
            versioned=True,
            server_access_logs_bucket=foundation.access_logs,
            server_access_logs_prefix="site/",
            lifecycle_rules=[s3.LifecycleRule(noncurrent_version_expiration=cdk.Duration.days(30))],
            removal_policy=stage.removal_policy,
        )
        if stage.is_local:
            acknowledge(
                bucket,
                "AwsSolutions-S10",
                "The local cloud has no TLS and listens on this machine only; other stages refuse HTTP.",
            )
        return bucket

    def _content(
        self,
        stage: Stage,
        foundation: FoundationStack,
        api: ApiStack,
        bucket: s3.Bucket,
    ) -> None:
        if not (stage.site / "index.html").is_file():
            cdk.Annotations.of(self).add_warning_v2(
                "quantumzero:siteNotBuilt",
                "The site was not built, so an empty bucket is deployed; build web/ and deploy again.",
            )
            return
        SiteContent(
            self,
            "Content",
            area=open_area(self, stage, foundation),
            source=stage.site,
            bucket=bucket,
            configuration={
                "stage": stage.name,
                "region": self.region,
                "userPoolId": api.users.pool.user_pool_id,
                "userPoolClientId": api.users.client.user_pool_client_id,
                "cognitoEndpoint": (
                    "/cognito"  # the local page's own server passes it on to the emulator
                    if stage.is_local
                    else f"https://cognito-idp.{self.region}.{self.url_suffix}/"
                ),
                "apiBase": "",
            },
        )
