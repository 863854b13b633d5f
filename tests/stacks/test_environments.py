"""Every function starts with exactly the environment its stack gives it: nothing it reads is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.stacks.assembly import Assembly

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))
# Import the handler as Lambda does, and make what it makes at its first call.
START = """
import handler
for made in list(vars(handler).values()):
    if str(getattr(made, "__module__", "")).startswith("quantumzero.bootstrap"):
        if hasattr(made, "cache_info"):
            made()
"""
# What Lambda itself adds.
LAMBDA = {
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_LAMBDA_FUNCTION_NAME": "under-test",
}


class SecretsOnly(BaseHTTPRequestHandler):
    """The one service that functions may ask while they start."""

    def do_POST(self) -> None:
        keys = json.dumps({"key_id": "key", "secret_key": "secret"})
        is_secret = self.headers["X-Amz-Target"] == "secretsmanager.GetSecretValue"
        body = json.dumps({"SecretString": keys}).encode() if is_secret else b"{}"
        self.send_response(200 if is_secret else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture(scope="module")
def secrets() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), SecretsOnly)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def as_lambda_sees(variables: Mapping[str, Any]) -> dict[str, str]:
    """Put a text in the place of each reference to another resource."""
    return {
        name: value if isinstance(value, str) else f"arn:aws:service:eu-west-1:0:{name.lower()}"
        for name, value in variables.items()
    }


def test_every_function_of_the_house_is_deployed(any_stage: Assembly) -> None:
    deployed = {
        function.properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
        for function in any_stage.every("AWS::Lambda::Function")
    }
    assert sorted(deployed) == FUNCTIONS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_starts_with_what_its_stack_tells_it(
    local: Assembly, secrets: str, name: str
) -> None:
    environment = as_lambda_sees(local.variables(name))
    started = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT / "functions" / name,
        env={"PATH": os.environ["PATH"], **LAMBDA, **environment, "AWS_ENDPOINT_URL": secrets},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert started.returncode == 0, started.stderr[-2000:]
