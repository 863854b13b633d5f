"""Copy the built site into its bucket while the stack is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from stacks.blocks.access import allow, allow_objects
from stacks.blocks.python_function import PythonFunction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aws_cdk import aws_s3 as s3

    from stacks.blocks.area import Area


class SiteContent(Construct):
    """Deploy a folder and the page's configuration by the function deploy_site.

    The files travel as one asset, so a changed site changes the resource and nothing else does.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        area: Area,
        source: Path,
        bucket: s3.Bucket,
        configuration: Mapping[str, str],
    ) -> None:
        super().__init__(scope, construct_id)
        asset = assets.Asset(self, "Files", path=str(source))
        function = PythonFunction(scope, "deploy_site", area=area, timeout=cdk.Duration.minutes(5))
        allow(function, ["s3:GetObject"], [asset.bucket.arn_for_objects(asset.s3_object_key)])
        allow(function, ["s3:ListBucket"], [bucket.bucket_arn])
        allow_objects(
            function,
            ["s3:PutObject", "s3:DeleteObject"],
            bucket,
            "*",
            reason="The function replaces the whole site; the names of its files come from the build.",
        )
        resource = cdk.CustomResource(
            self,
            "Deployment",
            resource_type="Custom::DeployedSite",
            service_token=function.arn,
            service_timeout=cdk.Duration.minutes(6),
            properties={
                "SourceBucket": asset.s3_bucket_name,
                "SourceKey": asset.s3_object_key,
                "Bucket": bucket.bucket_name,
                "Configuration": dict(configuration),
            },
        )
        resource.node.add_dependency(function.role)
