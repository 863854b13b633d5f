"""A vendor's HTTP server that answers what a test scripted, on a free port of this machine."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Answer = tuple[int, Any]  # status, and a JSON value or raw bytes


@dataclass
class ScriptedVendor:
    """answers maps a path to what is answered for the query's parameters; requests keeps them."""

    url: str
    answers: dict[str, Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    delay: float = 0.0


@contextmanager
def scripted_vendor() -> Iterator[ScriptedVendor]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            target = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(target.query).items()}
            vendor.requests.append((target.path, query))
            time.sleep(vendor.delay)
            status, body = vendor.answers[target.path](query)
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            with suppress(ConnectionError):  # a client that gave up waiting is part of a test
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        def log_message(self, *_arguments: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    vendor = ScriptedVendor(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()
