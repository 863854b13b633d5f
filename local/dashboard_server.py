"""The dashboard from one origin on this machine, as CloudFront serves it on AWS.

Static files of the built web app (unknown paths without an extension answer index.html), `/v1/*` passed on to the
deployed HTTP API, `/cognito` to the user pool's endpoint, `/config.json` from the deployment's outputs.

Run: python -m local.dashboard_server --port P --site web/dist --api URL --cognito URL --config FILE
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from yarl import URL

from local.ports import HOST

_PASSED_ON = {
    "authorization",
    "content-type",
    "x-amz-target",
    "if-none-match",
    "accept",
    "idempotency-key",
}
_PASSED_BACK = {"content-type", "etag", "cache-control", "x-request-id", "apigw-requestid"}
_SECURITY = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; connect-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
SESSION = web.AppKey("session", ClientSession)
ARGUMENTS = web.AppKey("arguments", argparse.Namespace)


async def forward(request: web.Request, target: str) -> web.Response:
    """Pass the request on and its answer back; a silent cloud is a 502 that says so."""
    headers = {k: v for k, v in request.headers.items() if k.lower() in _PASSED_ON}
    try:
        async with request.app[SESSION].request(
            request.method,
            URL(target, encoded=True),  # as it came: what the caller escaped stays escaped
            headers=headers,
            data=await request.read(),
        ) as answer:
            body = await answer.read()
            kept = {k: v for k, v in answer.headers.items() if k.lower() in _PASSED_BACK}
            return web.Response(status=answer.status, body=body, headers=kept)
    except (ClientError, TimeoutError) as error:
        return web.json_response(
            {
                "code": "CLOUD_UNREACHABLE",
                "message": f"the local cloud did not answer ({type(error).__name__}); "
                "see `make status`, and start it with `make up`",
                "field": None,
                "request_id": "none",
            },
            status=502,
        )


async def api(request: web.Request) -> web.Response:
    """Pass `/v1/*` on to the deployed HTTP API."""
    if ".." in request.path.split("/"):
        raise web.HTTPNotFound
    return await forward(request, request.app[ARGUMENTS].api.rstrip("/") + request.raw_path)


async def cognito(request: web.Request) -> web.Response:
    """Pass a sign-in call on to the user pool's endpoint."""
    return await forward(request, request.app[ARGUMENTS].cognito)


async def config(request: web.Request) -> web.StreamResponse:
    """Serve the deployment's settings to the page."""
    return web.FileResponse(request.app[ARGUMENTS].config, headers={"Cache-Control": "no-store"})


async def site(request: web.Request) -> web.StreamResponse:
    """Serve a file of the site; a path without an extension is a page of the app."""
    root: Path = request.app[ARGUMENTS].site.resolve()
    path = request.match_info["path"]
    if "\0" in path:
        raise web.HTTPNotFound
    wanted = (root / path).resolve()
    if not wanted.is_relative_to(root):
        raise web.HTTPNotFound
    if wanted.is_file():
        return web.FileResponse(wanted, headers=_SECURITY)
    if wanted.suffix:
        raise web.HTTPNotFound
    return web.FileResponse(root / "index.html", headers={**_SECURITY, "Cache-Control": "no-cache"})


def application(arguments: argparse.Namespace) -> web.Application:
    """Build the server's routes."""

    async def session(app: web.Application):  # type: ignore[no-untyped-def]  # aiohttp's cleanup context
        app[SESSION] = ClientSession(timeout=ClientTimeout(total=30))
        yield
        await app[SESSION].close()

    app = web.Application(client_max_size=256 * 1024)
    app[ARGUMENTS] = arguments
    app.cleanup_ctx.append(session)
    app.router.add_route("*", "/v1/{tail:.*}", api)
    app.router.add_post("/cognito", cognito)
    app.router.add_get("/config.json", config)
    app.router.add_get("/{path:.*}", site)
    return app


def main() -> None:
    """Serve until a signal comes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--api", required=True)
    parser.add_argument("--cognito", required=True)
    parser.add_argument("--config", type=Path, required=True)
    asyncio.set_event_loop(asyncio.new_event_loop())
    arguments = parser.parse_args()
    web.run_app(application(arguments), host=HOST, port=arguments.port, print=None)


if __name__ == "__main__":
    main()
