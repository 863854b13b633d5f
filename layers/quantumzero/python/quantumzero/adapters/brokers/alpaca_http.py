"""HTTP to Alpaca: timeouts always, a write exactly once, a read twice at most, numbers never as floats."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import urllib3

from quantumzero.domain.errors import UnavailableError, UnknownOutcomeError

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
_READ_STATUSES = (429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer; body is the decoded JSON, None when there was none or it could not be read."""

    status: int
    body: Any
    request_id: str

    @property
    def code(self) -> str | None:
        """Return the vendor's error code, None where the body carries none."""
        code = self.body.get("code") if isinstance(self.body, dict) else None
        return None if code is None else str(code)

    @property
    def message(self) -> str:
        """Return the vendor's words."""
        message = self.body.get("message") if isinstance(self.body, dict) else None
        return str(message or f"HTTP {self.status}")


class AlpacaHttp:
    """One base address (scheme, host, port; without /v2) with its keys."""

    def __init__(
        self,
        base_url: str,
        *,
        key_id: str,
        secret_key: str,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._headers = {
            "APCA-API-KEY-ID": key_id,
            "APCA-API-SECRET-KEY": secret_key,
            "Accept": "application/json",
        }
        timeout = urllib3.Timeout(connect=connect_seconds, read=read_seconds)
        self._pool = urllib3.PoolManager(timeout=timeout, maxsize=4)
        self._repeat_read = urllib3.Retry(
            total=1,
            status_forcelist=_READ_STATUSES,
            backoff_factor=0.1,
            respect_retry_after_header=False,
            raise_on_status=False,
        )

    def get(self, path: str, parameters: Mapping[str, str] | None = None) -> Answer:
        """Read. Raises UnavailableError unless the answer came whole and was not an error of the server."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        try:
            answer = self._request("GET", f"{path}{query}", retries=self._repeat_read)
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise UnavailableError(f"GET {path} had no usable answer: {error}") from error
        if answer.status in _READ_STATUSES or answer.status in (401, 403):
            raise UnavailableError(f"GET {path} was answered {answer.status}: {answer.message}")
        return answer

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Write once. Raises UnknownOutcomeError when it may or may not have been carried out."""
        try:
            return self._request(method, path, retries=False, body=body)
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise UnknownOutcomeError(f"{method} {path} had no usable answer: {error}") from error

    def _request(
        self,
        method: str,
        path: str,
        *,
        retries: urllib3.Retry | bool,
        body: Mapping[str, Any] | None = None,
    ) -> Answer:
        headers = dict(self._headers)
        encoded = None
        if body is not None:
            encoded = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        answer = self._pool.request(
            method,
            f"{self._base}{path}",
            body=encoded,
            headers=headers,
            retries=retries,
            redirect=False,
        )
        identifier = answer.headers.get("X-Request-ID", "")
        if not 200 <= answer.status < 300:
            return Answer(answer.status, _error_body(answer.data), identifier)
        decoded = json.loads(answer.data, parse_float=Decimal) if answer.data else None
        return Answer(answer.status, decoded, identifier)


def _error_body(data: bytes) -> Any:
    """Return the body of a refusal; some come empty or as text."""
    try:
        return json.loads(data)
    except ValueError:
        return None
