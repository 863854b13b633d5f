"""The cloud on one machine: emulator, exchange simulator, deployment and dashboard as one thing.

start() brings up what is not there yet and goes on from the last stop; stop() saves and ends every process;
recover() brings emulator and exchange back to the newest barrier that both have.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local import deployment
from local.api_client import ApiClient
from local.clients import client
from local.emulator.control import Emulator, EmulatorControl, EmulatorSettings, start_emulator
from local.exchange.control import Exchange, ExchangeControl, ExchangeSettings, start_exchange
from local.ports import HOST, choose
from local.replay.supervisor import decode
from local.settings import ROOT, LocalSettings
from quantumzero.domain.errors import UnavailableError

DEPLOYED = "deployed"
_RETRIES = 8


class LocalCloud:
    """Processes and clients of one local cloud; say() receives a sentence for each stage."""

    def __init__(self, settings: LocalSettings, say: Callable[[str], None]) -> None:
        self.settings = settings
        self._say = say
        self._emulator: Emulator | None = None
        self._exchange: Exchange | None = None
        self._dashboard: subprocess.Popen[bytes] | None = None
        self.outputs = deployment.Outputs({})
        self.ports = self._choose_ports()
        self.deploy_seconds = 0.0

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.ports['emulator']}"

    @property
    def dashboard_url(self) -> str:
        return f"http://{HOST}:{self.ports['dashboard']}"

    @property
    def exchange(self) -> ExchangeControl:
        return ExchangeControl(f"http://{HOST}:{self.ports['exchange-admin']}")

    @property
    def control(self) -> EmulatorControl:
        return EmulatorControl(self.endpoint)

    @property
    def api(self) -> ApiClient:
        return ApiClient(
            client("lambda", self.endpoint),
            self.outputs["FunctionServeApiName"],
            self.outputs["UserPoolClientId"],
        )

    def start(self, *, fresh: bool) -> None:
        """Start everything; fresh goes back to the moment after the deployment."""
        began = time.monotonic()
        folder = self.settings.state / "deployment"
        wanted = deployment.source_hash(self._context())
        opened = folder / "opened.sha256"
        same = opened.exists() and opened.read_text() == wanted
        if fresh and not same:
            self._forget()
        restore = DEPLOYED if fresh and same else None
        self.settings.logs.mkdir(parents=True, exist_ok=True)
        if restore:
            self._forget_barriers()
        self._start_emulator(restore)
        self._start_exchange(restore)
        self.outputs = deployment.deploy(self.endpoint, self._context(), folder, say=self._say)
        if not opened.exists():
            self._first_state()
            opened.write_text(wanted)
        self.deploy_seconds = time.monotonic() - began
        self._start_dashboard()

    def stop(self) -> None:
        """End every process; the emulator saves its state first."""
        for process in (self._dashboard,):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(timeout=10)
        if self._exchange is not None:
            self._exchange.stop()
        if self._emulator is not None:
            self._emulator.stop()
        self._dashboard = self._exchange = self._emulator = None

    # -- what the replay calls -------------------------------------------------------------

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        """Call a deployed function; a worker that dies under it is asked again."""
        name = self.outputs[f"Function{''.join(p.capitalize() for p in function.split('_'))}Name"]
        functions = client("lambda", self.endpoint, read_timeout=120)
        for attempt in range(_RETRIES):
            answer = functions.invoke(FunctionName=name, Payload=json.dumps(event))
            try:
                return decode(answer, function)
            except UnavailableError:
                if attempt == _RETRIES - 1:
                    raise
                time.sleep(0.1 * 2**attempt)
        return None

    def wait_quiet(self, timeout: float) -> None:
        """Wait until no mapping lags, no execution runs and no worker is busy."""
        self.control.wait_quiet(timeout)

    def barrier(self, session: str) -> None:
        """Snapshot both sides under the session's name; the exchange first: its name alone means nothing."""
        self.exchange.snapshot(session)
        self.control.snapshot(session)

    def recover(self) -> str | None:
        """Go back to the newest barrier that emulator and exchange both have."""
        began = time.monotonic()
        common = self._common_barrier()
        if common is None:
            return None
        if self._emulator is not None:
            self._emulator.kill()
        if self._exchange is not None:
            self._exchange.kill()
        self._start_emulator(common)
        self._start_exchange(common)
        self._say(f"back at the barrier of {common} in {time.monotonic() - began:.1f} s")
        return common

    def restart_emulator(self) -> None:
        """Stop the emulator cleanly and start it again where it was."""
        if self._emulator is not None:
            self._emulator.stop()
        self._start_emulator(None)

    def kill_emulator(self) -> None:
        """SIGKILL the emulator, as a power cut would."""
        if self._emulator is not None:
            self._emulator.kill()

    def kill_exchange(self) -> None:
        """SIGKILL the exchange simulator."""
        if self._exchange is not None:
            self._exchange.kill()

    # -- starting ---------------------------------------------------------------------------

    def _choose_ports(self) -> dict[str, int]:
        """Keep the ports of the last start: the deployed functions know them."""
        file = self.settings.state / "ports.json"
        wanted = self.settings.ports
        preferred = {
            "emulator": wanted.emulator,
            "exchange": wanted.exchange,
            "exchange-admin": wanted.exchange_admin,
            "dashboard": wanted.dashboard,
        }
        if file.exists():
            preferred |= json.loads(file.read_text())
        chosen = {
            name: choose(name, port, any_port=self.settings.any_port)
            for name, port in preferred.items()
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(chosen))
        return chosen

    def _start_emulator(self, restore: str | None) -> None:
        self._say("starting the emulator")
        self._emulator = start_emulator(
            EmulatorSettings(
                python=ROOT / ".venv-emulator" / "bin" / "python",
                port=self.ports["emulator"],
                state_dir=self.settings.state / "emulator",
                log_file=self.settings.logs / "emulator.log",
                restore=restore,
            )
        )

    def _start_exchange(self, restore: str | None) -> None:
        self._say("starting the exchange simulator")
        self._exchange = start_exchange(
            ExchangeSettings(
                port=self.ports["exchange"],
                admin_port=self.ports["exchange-admin"],
                state_dir=self.settings.state / "exchange",
                log_file=self.settings.logs / "exchange.log",
                data=self.settings.data,
                first_session=self.settings.first_session,
                sessions=self.settings.sessions,
                cash=self.settings.cash,
                restore=restore,
            )
        )

    def _context(self) -> dict[str, str]:
        packages = deployment.package_folders()
        exchange = f"{HOST}:{self.ports['exchange']}"
        product = str(ROOT / "layers" / "quantumzero" / "python")
        return {
            "stage": "local",
            "packages": f"{product}:{packages['runtime']}",
            "market_packages": f"{product}:{packages['market']}",
            "broker_url": f"http://{exchange}",
            "market_data_url": f"http://{exchange}",
            "trade_updates_url": f"ws://{exchange}/stream",
        }

    def _first_state(self) -> None:
        """Open the account, store the strategy, make the operator's sign-in; then remember this moment."""
        self._say("opening the account")
        account = self.exchange.books()
        self.invoke("reconcile_account", {"open_account": {"cash": account["cash"]}})
        document = self.settings.strategy.read_text()
        status, body = self.api.call("POST", "/v1/strategies", body={"document": document})
        if status not in (200, 201):
            raise UnavailableError(f"the strategy {self.settings.strategy} was refused: {body}")
        name = body["summary"]["name"]
        self.api.call("POST", f"/v1/strategies/{name}/enable", body={})
        self._create_operator()
        self.barrier(DEPLOYED)

    def _create_operator(self) -> None:
        """Create the local sign-in; its password never leaves this machine and opens nothing else."""
        pool, people = self.outputs["UserPoolId"], client("cognito-idp", self.endpoint)
        people.admin_create_user(UserPoolId=pool, Username="operator", MessageAction="SUPPRESS")
        people.admin_set_user_password(
            UserPoolId=pool, Username="operator", Password="Local-replay-1", Permanent=True
        )
        people.admin_add_user_to_group(UserPoolId=pool, Username="operator", GroupName="admin")

    def _start_dashboard(self) -> None:
        config = self.settings.state / "config.json"
        config.write_text(
            json.dumps(
                {
                    "stage": "local",
                    "region": "us-east-1",
                    "userPoolId": self.outputs["UserPoolId"],
                    "userPoolClientId": self.outputs["UserPoolClientId"],
                    "cognitoEndpoint": "/cognito",
                    "apiBase": "",
                }
            )
        )
        api = f"{self.endpoint}/_aws/execute-api/{self.outputs['ApiId']}/$default"
        self._dashboard = subprocess.Popen(
            [sys.executable, "-m", "local.dashboard_server", "--port"]
            + [str(self.ports["dashboard"]), "--site", str(ROOT / "web" / "dist"), "--api", api]
            + ["--cognito", self.endpoint + "/", "--config", str(config)],
            cwd=ROOT,
            stdout=(self.settings.logs / "dashboard.log").open("ab"),
            stderr=subprocess.STDOUT,
        )

    def _forget(self) -> None:
        """Drop the state of a deployment that is no longer this one."""
        for part in ("emulator", "exchange", "deployment"):
            shutil.rmtree(self.settings.state / part, ignore_errors=True)

    def _forget_barriers(self) -> None:
        """Drop the barriers of an earlier replay: a new one must never go back to them."""
        EmulatorControl.discard_snapshots(self.settings.state / "emulator", keep={DEPLOYED})
        ExchangeControl.discard_snapshots(self.settings.state / "exchange", keep={DEPLOYED})

    def _common_barrier(self) -> str | None:
        """Return the newest name that both sides have on disk; sessions sort after DEPLOYED by being dates."""
        emulator = set(EmulatorControl.stored_snapshots(self.settings.state / "emulator"))
        exchange = set(ExchangeControl.stored_snapshots(self.settings.state / "exchange"))
        sessions = sorted((emulator & exchange) - {DEPLOYED})
        if sessions:
            return sessions[-1]
        return DEPLOYED if DEPLOYED in emulator & exchange else None
