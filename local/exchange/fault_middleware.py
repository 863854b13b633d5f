"""Carry out fault scripts on HTTP requests. Waiting here is machine time."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.exchange.faults import FaultAction, FaultRule, FaultScript

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_STREAM_ACTIONS = (
    FaultAction.STREAM_DROP,
    FaultAction.STREAM_MUTE,
    FaultAction.STREAM_REPEAT,
    FaultAction.STREAM_REORDER,
    FaultAction.STREAM_REFUSE,
)
_ACCEPTED_FIRST = (
    FaultAction.ACCEPT_THEN_TIMEOUT,
    FaultAction.ACCEPT_THEN_STATUS,
    FaultAction.ACCEPT_THEN_DROP,
    FaultAction.TRUNCATE,
)
_log = logging.getLogger(__name__)


class FaultInjector:
    """Lets requests go wrong as the script says, and remembers the accepts that are still to
    come.
    """

    def __init__(self, script: FaultScript) -> None:
        self._script = script
        self._late: set[asyncio.Task[None]] = set()
        self._first_pages: list[tuple[FaultRule, bytes]] = []

    async def handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request, or fail to, as the script says."""
        rule = self._script.choose(request.method, request.path)
        if rule is None or rule.action in _STREAM_ACTIONS:
            return await handler(request)
        if rule.action in (FaultAction.RATE_LIMIT, FaultAction.STATUS):
            return _refused(rule)
        if rule.action in (FaultAction.UNKNOWN_WORD, FaultAction.REPEAT_PAGE):
            return self._distort(rule, await handler(request))
        if rule.action is FaultAction.LATE_ACCEPT:
            await request.read()
            task = asyncio.create_task(self._accept_late(request, handler, rule))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
        elif rule.action in _ACCEPTED_FIRST:
            response = await handler(request)
            if rule.action is FaultAction.ACCEPT_THEN_STATUS:
                return web.Response(status=rule.status, text=rule.body)
            if rule.action is FaultAction.TRUNCATE:
                return await _truncate(request, response)
        if rule.action not in (FaultAction.DROP, FaultAction.ACCEPT_THEN_DROP):
            await asyncio.sleep(rule.seconds)
        return _drop(request)

    def forget_late(self) -> None:
        """Cancel the accepts that are still to come: their time line has been left."""
        for task in list(self._late):
            task.cancel()

    def _distort(self, rule: FaultRule, response: web.StreamResponse) -> web.StreamResponse:
        """Answer with a word that no client knows, or with the first page whatever was asked."""
        body = response.body if isinstance(response, web.Response) else None
        if response.status != 200 or not isinstance(body, bytes):
            return response
        if rule.action is FaultAction.UNKNOWN_WORD:
            changed = json.dumps(_with_word(json.loads(body), rule)).encode()
            return web.Response(body=changed, content_type="application/json")
        for known, page in self._first_pages:
            if known is rule:
                return web.Response(body=page, content_type="application/json")
        self._first_pages.append((rule, body))
        return response

    @staticmethod
    async def _accept_late(request: web.Request, handler: Handler, rule: FaultRule) -> None:
        await asyncio.sleep(rule.delay_seconds)
        response = await handler(request)
        _log.info("accepted %s %s late: %s", request.method, request.path, response.status)


def _with_word(answer: Any, rule: FaultRule) -> Any:
    if isinstance(answer, list):
        return [_with_word(each, rule) for each in answer]
    return {**answer, rule.field: rule.word} if isinstance(answer, dict) else answer


def _refused(rule: FaultRule) -> web.Response:
    if rule.action is FaultAction.STATUS:
        return web.Response(status=rule.status, text=rule.body)
    headers = {} if rule.retry_after is None else {"Retry-After": str(rule.retry_after)}
    return web.json_response({"message": "too many requests."}, status=429, headers=headers)


def _drop(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _truncate(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """Send the headers and half of the body, then close."""
    body = response.body if isinstance(response, web.Response) else b""
    content = body if isinstance(body, bytes) else b""
    partial = web.StreamResponse(
        status=response.status,
        headers={"Content-Type": "application/json", "Content-Length": str(len(content))},
    )
    await partial.prepare(request)
    await partial.write(content[: len(content) // 2])
    if request.transport is not None:
        request.transport.close()
    return partial
