"""Starts and stops the dashboard's server for one local cloud."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from local.settings import ROOT, LocalSettings
from quantumzero.domain.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.deployment import Outputs


class Dashboard:
    """The server process and the settings it serves to the page."""

    def __init__(
        self, settings: LocalSettings, ports: Mapping[str, int], endpoint: str, outputs: Outputs
    ) -> None:
        self._settings = settings
        self._port = ports["dashboard"]
        self._endpoint = endpoint
        self._outputs = outputs
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Write config.json and start the server."""
        site = ROOT / "web" / "dist"
        if not (site / "index.html").exists():
            raise UnavailableError("the web app is not built; run `make setup`")
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
        command += ["--site", str(site), "--api", api, "--cognito", self._endpoint + "/"]
        command += ["--config", str(config)]
        with closing((self._settings.logs / "dashboard.log").open("ab")) as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
            )

    def stop(self) -> None:
        """End the server."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=10)
        self._process = None
