"""Starts and stops the dashboard's server for one local cloud."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

from local.emulator.control import log_tail
from local.ports import HOST, answers
from local.settings import ROOT, SITE, LocalSettings
from quantumzero.domain.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local.deployment import Outputs


_START_SECONDS = 15.0


class Dashboard:
    """The server process and the settings it serves to the page."""

    def __init__(
        self,
        settings: LocalSettings,
        ports: Mapping[str, int],
        endpoint: str,
        outputs: Outputs,
        started: Callable[[int], None],
    ) -> None:
        self._started = started
        self._settings = settings
        self._port = ports["dashboard"]
        self._endpoint = endpoint
        self._outputs = outputs
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Write config.json, start the server, return when it listens."""
        config = self._settings.state / "config.json"
        config.write_text(
            json.dumps(
                {
                    "stage": "local",
                    "region": "us-east-1",
                    "userPoolId": self._outputs["UserPoolId"],
                    "userPoolClientId": self._outputs["UserPoolClientId"],
                    "cognitoEndpoint": "/cognito",
                    "apiBase": "",
                }
            )
        )
        api = f"{self._endpoint}/_aws/execute-api/{self._outputs['ApiId']}/$default"
        command = [sys.executable, "-m", "local.dashboard_server", "--port", str(self._port)]
        command += ["--site", str(SITE), "--api", api, "--cognito", self._endpoint + "/"]
        command += ["--config", str(config)]
        log_file = self._settings.logs / "dashboard.log"
        with closing(log_file.open("ab")) as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                process_group=0,
            )
        self._started(self._process.pid)
        until = time.monotonic() + _START_SECONDS
        while not answers(self._port):
            if self._process.poll() is not None or time.monotonic() > until:
                raise UnavailableError(
                    f"the dashboard did not start on {HOST}:{self._port}\n{log_tail(log_file)}"
                )
            time.sleep(0.05)

    def stop(self) -> None:
        """End the server."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None
