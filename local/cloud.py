"""The cloud on one machine: the AWS side, the exchange simulator and the dashboard as one thing.

start() brings up what is not there yet and goes on from the last stop; stop() saves and ends every process;
recover() brings both sides back to the newest barrier that they share.
"""

from __future__ import annotations

import json
import shutil
import time
from typing import TYPE_CHECKING, Any

from local import deployment
from local.api_client import ApiClient
from local.clients import client
from local.dashboard import Dashboard
from local.exchange_side import ExchangeSide
from local.first_state import open_account
from local.machine_time import RelaySchedule
from local.ports import HOST, choose
from local.replay.supervisor import FunctionFailedError, decode
from local.settings import ROOT, LocalSettings
from local.sides import CloudSide, EmulatedSide, LocalStackSide

if TYPE_CHECKING:
    from collections.abc import Callable

DEPLOYED = "deployed"
_RETRIES = 7


class LocalCloud:
    """Processes and clients of one local cloud; say() receives a sentence for each stage."""

    def __init__(
        self, settings: LocalSettings, ports: dict[str, int], say: Callable[[str], None]
    ) -> None:
        self.settings = settings
        self.ports = ports
        self._say = say
        self.side: CloudSide = (
            LocalStackSide()
            if settings.cloud == "localstack"
            else EmulatedSide(
                ports["emulator"], settings.state / "emulator", settings.logs / "emulator.log"
            )
        )
        self.exchange = ExchangeSide(settings, ports["exchange"], ports["exchange-admin"])
        self._dashboard: Dashboard | None = None
        self._relay: RelaySchedule | None = None
        self.outputs = deployment.Outputs({})
        self.deploy_seconds = 0.0

    @classmethod
    def create(cls, settings: LocalSettings, say: Callable[[str], None]) -> LocalCloud:
        """Prepare a cloud of this folder; its ports stay those of the last start: deployed functions know them."""
        file = settings.state / "ports.json"
        wanted = settings.ports.by_name()
        if file.exists() and settings.any_port:
            wanted |= json.loads(file.read_text())
        chosen = {
            name: choose(name, port, any_port=settings.any_port) for name, port in wanted.items()
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(chosen))
        return cls(settings, chosen, say)

    @classmethod
    def attach(cls, settings: LocalSettings) -> LocalCloud:
        """Return the clients of a cloud that another process runs."""
        ports = json.loads((settings.state / "ports.json").read_text())
        cloud = cls(settings, ports, lambda _sentence: None)
        cloud.outputs = deployment.read_outputs(settings.state / "deployment" / "outputs.json")
        return cloud

    @property
    def endpoint(self) -> str:
        return self.side.endpoint

    @property
    def dashboard_url(self) -> str:
        return f"http://{HOST}:{self.ports['dashboard']}"

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
        context = self._context()
        wanted = deployment.source_hash(context) + self.settings.account_key
        opened = folder / "opened.sha256"
        same = opened.exists() and opened.read_text() == wanted
        if fresh and not same:
            self._forget()
        restore = DEPLOYED if fresh and same else None
        self.settings.logs.mkdir(parents=True, exist_ok=True)
        if restore:
            self.exchange.forget_barriers(keep=restore)
        self._start(restore)
        self.outputs = deployment.deploy(self.endpoint, context, folder, say=self._say)
        if not opened.exists():
            self._say("opening the account, storing the strategy, making the operator's sign-in")
            open_account(self)
            if self.settings.cloud != "localstack":
                self.barrier(DEPLOYED)
            opened.write_text(wanted)
        self.deploy_seconds = time.monotonic() - began
        self._dashboard = Dashboard(self.settings, self.ports, self.endpoint, self.outputs)
        self._dashboard.start()
        self._relay = RelaySchedule(
            self.endpoint, lambda: self.function_name("relay_trade_updates")
        )
        self._relay.start()

    def stop(self) -> None:
        """End every process that this cloud started; the emulator saves its state first."""
        if self._relay is not None:
            self._relay.stop()
        if self._dashboard is not None:
            self._dashboard.stop()
        self.exchange.end(at_once=False)
        self.side.end(at_once=False)
        self._dashboard = self._relay = None

    def function_name(self, function: str) -> str:
        """Return the deployed name of a function's folder."""
        return self.outputs[
            f"Function{''.join(part.capitalize() for part in function.split('_'))}Name"
        ]

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        """Call a deployed function; when its worker dies under it, it is asked again."""
        functions = client("lambda", self.endpoint, read_timeout=120)
        name = self.function_name(function)
        for attempt in range(_RETRIES):
            answer = functions.invoke(FunctionName=name, Payload=json.dumps(event))
            try:
                return decode(answer, function)
            except FunctionFailedError:
                self._refuse_if_a_side_is_down()
                if attempt == _RETRIES - 1:
                    raise
                time.sleep(0.1 * 2**attempt)
        return None

    def _refuse_if_a_side_is_down(self) -> None:
        """Raise UnavailableError when the exchange or the emulator is gone: asking again would not help."""
        self.exchange.sessions()
        self.side.alive()

    def wait_quiet(self, until: str, timeout: float) -> None:
        """Wait until everything that follows from the bars closed until then is done."""
        self.side.wait_quiet(self.outputs, until=until, timeout=timeout)

    def barrier(self, session: str) -> None:
        """Save both sides under the session's name; the exchange first: a name counts when both have it."""
        self.exchange.snapshot(session)
        self.side.snapshot(session)

    def recover(self) -> str | None:
        """Go back to the newest barrier that both sides have; None when there is none."""
        began = time.monotonic()
        common = self.side.snapshots() & self.exchange.snapshots()
        if not common:
            return None
        # Sessions are named by their date, and every date sorts before the word.
        newest = max(common - {DEPLOYED}, default=DEPLOYED)
        self.rewind(newest)
        self._say(f"back at the barrier of {newest} in {time.monotonic() - began:.1f} s")
        return newest

    def rewind(self, name: str) -> None:
        """Bring both sides back to one barrier, whatever they were doing."""
        self.exchange.end(at_once=True)
        self.side.end(at_once=True)
        self._start(name)

    def restart_emulator(self) -> None:
        """Stop the AWS side cleanly and start it again where it was."""
        self.side.end(at_once=False)
        self.side.start(None)

    def _start(self, restore: str | None) -> None:
        self._say("starting the cloud")
        self.side.start(restore)
        self._say("starting the exchange simulator")
        self.exchange.start(restore)

    def _context(self) -> dict[str, str]:
        exchange = f"{HOST}:{self.ports['exchange']}"
        context = {
            "stage": "local",
            "broker_url": f"http://{exchange}",
            "market_data_url": f"http://{exchange}",
            "trade_updates_url": f"ws://{exchange}/stream",
            "symbols": self.settings.symbols,
        }
        if self.settings.cloud == "localstack":
            return {**context, "layers": "bundled"}
        packages = deployment.package_folders()
        product = ROOT / "layers" / "quantumzero" / "python"
        return {
            **context,
            "packages": f"{product}:{packages['runtime']}",
            "market_packages": f"{product}:{packages['market']}",
        }

    def _forget(self) -> None:
        """Drop the state of a deployment that is no longer this one."""
        for part in ("emulator", "exchange", "deployment"):
            shutil.rmtree(self.settings.state / part, ignore_errors=True)
