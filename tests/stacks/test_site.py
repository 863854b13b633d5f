"""The page and the API are one origin: files from the bucket, `/v1/*` from the HTTP API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.stacks.assembly import synthesise

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stacks.assembly import Assembly


def distribution(assembly: Assembly) -> dict[str, Any]:
    (one,) = assembly.every("AWS::CloudFront::Distribution")
    settings: dict[str, Any] = one.properties["DistributionConfig"]
    return settings


def test_the_page_comes_from_the_bucket_and_v1_from_the_api(any_stage: Assembly) -> None:
    settings = distribution(any_stage)
    origins = {origin["Id"]: origin for origin in settings["Origins"]}
    assert len(origins) == 2
    files = origins[settings["DefaultCacheBehavior"]["TargetOriginId"]]
    assert "OriginAccessControlId" in files
    (behavior,) = settings["CacheBehaviors"]
    assert behavior["PathPattern"] == "/v1/*"
    assert "execute-api" in str(origins[behavior["TargetOriginId"]]["DomainName"])
    assert set(behavior["AllowedMethods"]) >= {"GET", "POST", "DELETE"}


def test_nothing_is_served_over_plain_http(any_stage: Assembly) -> None:
    settings = distribution(any_stage)
    assert settings["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert settings["CacheBehaviors"][0]["ViewerProtocolPolicy"] == "https-only"


def test_a_deep_link_is_answered_with_the_page(any_stage: Assembly) -> None:
    (function,) = any_stage.every("AWS::CloudFront::Function")
    assert "/index.html" in function.properties["FunctionCode"]
    associated = distribution(any_stage)["DefaultCacheBehavior"]["FunctionAssociations"]
    assert [one["EventType"] for one in associated] == ["viewer-request"]


def test_browsers_are_told_to_run_only_our_scripts(any_stage: Assembly) -> None:
    (policy,) = any_stage.every("AWS::CloudFront::ResponseHeadersPolicy")
    headers = policy.properties["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    content = str(headers["ContentSecurityPolicy"])
    for part in (
        "script-src 'self';",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "cognito-idp",
    ):
        assert part in content.replace('"', ""), part
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 2 * 365 * 24 * 3600
    assert headers["FrameOptions"]["FrameOption"] == "DENY"
    assert headers["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"


def test_the_page_is_told_where_people_sign_in(any_stage: Assembly) -> None:
    (deployment,) = any_stage.every("Custom::DeployedSite")
    configuration = deployment.properties["Configuration"]
    assert set(configuration) == {
        "stage",
        "region",
        "userPoolId",
        "userPoolClientId",
        "cognitoEndpoint",
        "apiBase",
    }
    assert configuration["apiBase"] == ""
    assert (configuration["cognitoEndpoint"] == "/cognito") == (any_stage.stage == "local")


def test_a_domain_of_the_owner_raises_the_floor_of_tls(tmp_path: Path) -> None:
    arn = "arn:aws:acm:us-east-1:111111111111:certificate/a"
    chosen = synthesise(
        "paper", tmp_path / "paper", site_domain="trade.example.com", site_certificate=arn
    )
    settings = distribution(chosen)
    assert settings["Aliases"] == ["trade.example.com"]
    assert settings["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
