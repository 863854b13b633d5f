"""Keep the CORS configuration that a template gives an HTTP API.

AWS: the template's PascalCase property configures the API.
ministack: stores the template's names and reads camelCase ones, so preflights answer 403.
"""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners

from local.emulator.sources import rewrite


def camel_case(configuration: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration under the names that the API itself uses."""
    return {name[0].lower() + name[1:]: value for name, value in configuration.items()}


def apply() -> None:
    """Translate the names where the template's properties become the API's record."""
    rewrite(
        provisioners,
        "_apigw_v2_api_create",
        'api["corsConfiguration"] = props["CorsConfiguration"]',
        'api["corsConfiguration"] = qz_camel_case(props["CorsConfiguration"])',
        camel_case=camel_case,
    )
    rewrite(
        provisioners,
        "_apigw_v2_api_update",
        'payload["corsConfiguration"] = new_props["CorsConfiguration"]',
        'payload["corsConfiguration"] = qz_camel_case(new_props["CorsConfiguration"])',
        camel_case=camel_case,
    )
    handlers = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
    handlers["create"] = provisioners._apigw_v2_api_create
    handlers["update"] = provisioners._apigw_v2_api_update
