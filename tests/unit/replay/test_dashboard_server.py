"""The dashboard's own server: what it serves, what it passes on, and what it never lets out."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from yarl import URL

from local.dashboard_server import application
from local.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).absolute().parents[3]
BODY_TOO_LARGE = 300 * 1024


async def cloud_answer(request: web.Request) -> web.Response:
    """Answer as the deployed API would, telling what arrived."""
    told = {
        "method": request.method,
        "path": request.path_qs,
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "body": await request.text(),
    }
    headers = {"ETag": '"a1"', "Set-Cookie": "never=passed", "Cache-Control": "private"}
    return web.json_response(told, status=409, headers=headers)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a built site with a secret beside it."""
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<title>the page</title>")
    (root / "assets" / "app.js").write_text("start();")
    (tmp_path / "secret.txt").write_text("keys")
    (tmp_path / "dist-of-another").mkdir()
    (tmp_path / "dist-of-another" / "secret.txt").write_text("keys")
    (tmp_path / "config.json").write_text('{"stage": "local"}')
    return root


Answer = tuple[int, dict[str, str], str]


@pytest.fixture
def ask(site: Path) -> Callable[..., Answer]:
    """Return a call that starts cloud and server, sends one request and returns status, headers and text."""

    async def send(method: str, path: str, *, cloud_up: bool, **options: Any) -> Answer:
        upstream = web.Application()
        upstream.router.add_route("*", "/{path:.*}", cloud_answer)
        async with TestServer(upstream, host="127.0.0.1") as cloud:
            base = f"http://127.0.0.1:{cloud.port if cloud_up else free_port()}"
            arguments = argparse.Namespace(
                site=site,
                api=f"{base}/execute-api/$default",
                cognito=f"{base}/",
                config=site.parent / "config.json",
            )
            async with (
                TestServer(application(arguments), host="127.0.0.1") as server,
                ClientSession() as session,
            ):
                # Encoded already: a client that tidies "/../" away would test nothing.
                url = URL(f"http://127.0.0.1:{server.port}{path}", encoded=True)
                async with session.request(method, url, **options) as answer:
                    headers = {k.lower(): v for k, v in answer.headers.items()}
                    return answer.status, headers, await answer.text()

    def run(path: str, *, method: str = "GET", cloud_up: bool = True, **options: Any) -> Answer:
        return asyncio.run(send(method, path, cloud_up=cloud_up, **options))

    return run


@pytest.mark.parametrize("path", ["/", "/trade", "/strategies/sma-cross", "/trade?symbol=AAPL"])
def test_a_deep_link_opens_the_page_with_its_security_policy(
    ask: Callable[..., Answer], path: str
) -> None:
    status, headers, text = ask(path)
    assert (status, text) == (200, "<title>the page</title>")
    assert headers["cache-control"] == "no-cache"
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "connect-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_a_file_of_the_site_is_served_as_what_it_is(ask: Callable[..., Answer]) -> None:
    status, headers, text = ask("/assets/app.js")
    assert (status, text) == (200, "start();")
    assert "javascript" in headers["content-type"]


@pytest.mark.parametrize("path", ["/assets/gone.js", "/favicon.ico", "/v2.php", "/trade/x.map"])
def test_an_unknown_path_with_an_extension_is_not_found(
    ask: Callable[..., Answer], path: str
) -> None:
    assert ask(path)[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/assets/../../secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/../dist-of-another/secret.txt",
        "/..%2fdist-of-another%2fsecret.txt",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/..%00/secret.txt",
        "/%2fetc%2fpasswd%00.js",
        "/v1/../_qz/snapshot",
        "/v1/%2e%2e/%2e%2e/_qz/snapshot",
        "/v1/..%2f..%2f_qz/snapshot",
    ],
)
def test_no_path_leads_out_of_the_site_or_the_api(ask: Callable[..., Answer], path: str) -> None:
    status, _, text = ask(path)
    assert status in {400, 403, 404}
    assert "keys" not in text
    assert "root:" not in text


def test_a_link_inside_the_site_to_outside_is_not_followed(
    ask: Callable[..., Answer], site: Path
) -> None:
    (site / "assets" / "link.txt").symlink_to(site.parent / "secret.txt")
    assert ask("/assets/link.txt")[0] == 404


def test_the_settings_of_the_deployment_are_never_cached(ask: Callable[..., Answer]) -> None:
    status, headers, text = ask("/config.json")
    assert (status, json.loads(text)) == (200, {"stage": "local"})
    assert headers["cache-control"] == "no-store"


def test_the_api_gets_the_request_and_the_page_gets_its_status_and_body(
    ask: Callable[..., Answer],
) -> None:
    status, headers, text = ask(
        "/v1/risk/halt?limit=5&cursor=a%2Fb",
        method="POST",
        data='{"reason": "drill"}',
        headers={
            "Authorization": "Bearer token",
            "Content-Type": "application/json",
            "If-None-Match": '"a0"',
            "Cookie": "session=never-passed",
        },
    )
    told = json.loads(text)
    assert status == 409
    assert told["method"] == "POST"
    assert told["path"] == "/execute-api/$default/v1/risk/halt?limit=5&cursor=a%2Fb"
    assert told["body"] == '{"reason": "drill"}'
    assert told["headers"]["authorization"] == "Bearer token"
    assert told["headers"]["if-none-match"] == '"a0"'
    assert "cookie" not in told["headers"]
    assert (headers["etag"], headers["cache-control"]) == ('"a1"', "private")
    assert "set-cookie" not in headers


def test_a_sign_in_call_reaches_the_user_pool(ask: Callable[..., Answer]) -> None:
    target = "AWSCognitoIdentityProviderService.InitiateAuth"
    status, _, text = ask("/cognito", method="POST", data="{}", headers={"X-Amz-Target": target})
    told = json.loads(text)
    assert (status, told["path"], told["headers"]["x-amz-target"]) == (409, "/", target)


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/portfolio"), ("POST", "/cognito")])
def test_a_cloud_that_is_down_is_a_502_that_says_so(
    ask: Callable[..., Answer], method: str, path: str
) -> None:
    status, _, text = ask(path, method=method, cloud_up=False)
    body = json.loads(text)
    assert status == 502
    assert set(body) == {"code", "message", "field", "request_id"}
    assert "did not answer" in body["message"]
    assert "make up" in body["message"]


def test_a_body_larger_than_the_api_takes_is_refused_before_it_is_read(
    ask: Callable[..., Answer],
) -> None:
    assert ask("/v1/strategies", method="POST", data=b"x" * BODY_TOO_LARGE)[0] == 413


def test_every_header_that_the_api_reads_is_passed_on(ask: Callable[..., Answer]) -> None:
    described = json.loads((ROOT / "docs" / "openapi.json").read_text())
    names = {
        each["name"].lower()
        for path in described["paths"].values()
        for operation in path.values()
        for each in operation.get("parameters", ())
        if each["in"] == "header"
    }
    assert "idempotency-key" in names
    _, _, text = ask("/v1/orders", method="POST", headers=dict.fromkeys(names, "a-key-of-mine"))
    told = json.loads(text)["headers"]
    assert {name: told.get(name) for name in names} == dict.fromkeys(names, "a-key-of-mine")
