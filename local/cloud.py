"""The cloud on one machine: the AWS side, the exchange simulator and the dashboard as one thing.

start() brings up what is not there yet and goes on from the newest barrier; stop() saves and ends every process;
recover() brings both sides back to the newest barrier that they share.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from local import deployment
from local.api_client import ApiClient
from local.barriers import DEPLOYED, Barriers, in_words
from local.beginning import Beginning
from local.clients import client
from local.dashboard import Dashboard
from local.exchange_side import ExchangeSide
from local.first_state import open_account
from local.localstack_side import LocalStackSide
from local.machine_time import RelaySchedule
from local.ports import HOST, choose
from local.processes import StartedProcesses
from local.replay.supervisor import FunctionFailedError, decode
from local.settings import ROOT, LocalSettings
from local.sides import CloudSide, EmulatedSide, Settled
from quantumzero.domain.errors import QuantumZeroError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DEPLOYED", "LocalCloud"]

_RETRIES = 7
_STOP_QUIET_SECONDS = 5.0


class LocalCloud:
    """Processes and clients of one local cloud; say() receives a sentence for each stage."""

    def __init__(
        self, settings: LocalSettings, ports: dict[str, int], say: Callable[[str], None]
    ) -> None:
        self.settings = settings
        self.ports = ports
        self._say = say
        self.processes = StartedProcesses(settings.home / "processes.json")
        self.side: CloudSide = (
            LocalStackSide()
            if settings.cloud == "localstack"
            else EmulatedSide(
                ports["emulator"],
                settings.state / "emulator",
                settings.logs / "emulator.log",
                self._noting("emulator"),
            )
        )
        self.exchange = ExchangeSide(
            settings, ports["exchange"], ports["exchange-admin"], self._noting("exchange")
        )
        self._barriers = Barriers(self.exchange, self.side)
        self._beginning = Beginning(settings, self._barriers, say)
        self._dashboard: Dashboard | None = None
        self._relay: RelaySchedule | None = None
        self._started = False
        self.outputs = deployment.Outputs({})
        self.deploy_seconds = 0.0

    @classmethod
    def create(cls, settings: LocalSettings, say: Callable[[str], None]) -> LocalCloud:
        """Prepare a cloud of this folder: end what a killed run left, then choose the ports.

        Ports stay those of the last start where they can: deployed functions know them.
        """
        for name, pid in StartedProcesses(settings.home / "processes.json").end_leftovers().items():
            say(f"ended the {name} (process {pid}) that a killed run had left")
        file = settings.state / "ports.json"
        named = settings.ports.named
        wanted = settings.ports.by_name()
        if file.exists():
            last = json.loads(file.read_text())
            wanted |= {name: port for name, port in last.items() if name not in named}
        chosen = {
            name: choose(name, port, any_port=name not in named) for name, port in wanted.items()
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(chosen))
        return cls(settings, chosen, say)

    @classmethod
    def attach(cls, settings: LocalSettings) -> LocalCloud:
        """Return the clients of a cloud that another process runs."""
        ports = json.loads((settings.state / "ports.json").read_text())
        cloud = cls(settings, ports, lambda _sentence: None)
        cloud.outputs = deployment.read_outputs(cloud.endpoint)
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
        self.settings.logs.mkdir(parents=True, exist_ok=True)
        sources = deployment.source_hash(context)
        if self.side.has_barriers:
            restore = self._beginning.choose(sources, fresh=fresh)
            if restore == DEPLOYED:
                self.exchange.forget_barriers(keep=DEPLOYED)
        else:
            self.side.alive()
            restore = None
            self._beginning.require_same_cloud(deployment.deployed_hash(self.endpoint), fresh=fresh)
        self._start(restore)
        changed = deployment.deploy(self.endpoint, context, folder, say=self._say)
        self.outputs = deployment.read_outputs(self.endpoint)
        if self._beginning.is_new:
            self._say("opening the account, storing the strategy, making the operator's sign-in")
            open_account(
                self.api,
                self.outputs,
                endpoint=self.endpoint,
                strategy=self.settings.strategy,
            )
            self.barrier(DEPLOYED)
            self._beginning.record(sources)
        elif changed:
            self.barrier(self.exchange.standing())
        self.deploy_seconds = time.monotonic() - began
        self._started = True
        self._attend()

    def _attend(self) -> None:
        """Start what looks at the cloud from outside: the page, and the relay's schedule."""
        self._dashboard = Dashboard(
            self.settings, self.ports, self.endpoint, self.outputs, self._noting("dashboard")
        )
        self._dashboard.start()
        self._relay = RelaySchedule(
            self.endpoint, lambda: self.function_name("relay_trade_updates")
        )
        self._relay.start()

    def stop(self) -> None:
        """Save both sides as one barrier and end every process that this cloud started, whatever fails."""
        try:
            if self._started:
                self._save()
            for end in (self._end_attendants, self._end_exchange, self._end_side):
                with suppress(QuantumZeroError):
                    end()
        finally:
            self.processes.end_leftovers()
            self._started = False

    def _save(self) -> None:
        """Take the barrier from which the next start goes on; without one it goes on from the newest."""
        self._say("stopping")
        began = time.monotonic()
        try:
            if self.side.has_barriers:
                self.wait_quiet("", _STOP_QUIET_SECONDS)
            name = self.barrier(self.exchange.standing())
        except QuantumZeroError as error:
            self._say(f"not saved at the stop ({error}); the next start goes on from a barrier")
            return
        self._beginning.stopped(name)
        self._say(f"saved at {in_words(name)} in {time.monotonic() - began:.1f} s")

    def _end_attendants(self) -> None:
        if self._relay is not None:
            self._relay.stop()
        if self._dashboard is not None:
            self._dashboard.stop()
        self._dashboard = self._relay = None

    def _end_exchange(self) -> None:
        self.exchange.end(at_once=False)

    def _end_side(self) -> None:
        self.side.end(at_once=False)

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
        self.side.wait_quiet(self.outputs, Settled(until, self.exchange.printed), timeout)

    def barrier(self, session: str) -> str:
        """Save both sides under the session's name; where the cloud cannot, the exchange alone."""
        if not self.side.has_barriers:
            self.exchange.snapshot(session)
            return session
        return self._barriers.take(session)

    def recover(self) -> str | None:
        """Go back to the newest barrier that both sides have; None when there is none."""
        began = time.monotonic()
        common = self._barriers.common()
        if not common:
            return None
        self.rewind(common[-1])
        self._say(f"back at {in_words(common[-1])} in {time.monotonic() - began:.1f} s")
        return common[-1]

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

    def _noting(self, name: str) -> Callable[[int], None]:
        return lambda pid: self.processes.note(name, pid)

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
            return {**context, "layers": "bundled", "layers_python": self.settings.layers_python}
        packages = deployment.package_folders()
        product = ROOT / "layers" / "quantumzero" / "python"
        return {
            **context,
            "packages": f"{product}:{packages['runtime']}",
            "market_packages": f"{product}:{packages['market']}",
            "research_packages": f"{product}:{packages['research']}",
        }
