"""Where the local cloud keeps its things, and what a person may choose about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".local"
PACKAGES = HOME / "packages"


@dataclass(frozen=True, slots=True)
class Ports:
    """Preferred ports on 127.0.0.1; a taken one is replaced by a free one unless it was asked for by name."""

    emulator: int = 4566
    exchange: int = 4570
    exchange_admin: int = 4571
    dashboard: int = 4580

    def by_name(self) -> dict[str, int]:
        """Return the ports under the names that options and messages use."""
        return {
            "emulator": self.emulator,
            "exchange": self.exchange,
            "exchange-admin": self.exchange_admin,
            "dashboard": self.dashboard,
        }


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """One local cloud.

    home holds state, logs and results; sessions None means all of the data; speed is in sessions a second, 0 as fast
    as it goes; barrier_every says how many sessions lie between two snapshots.
    """

    home: Path = HOME
    ports: Ports = field(default_factory=Ports)
    any_port: bool = True
    data: Path | None = None
    first_session: str = "2004-08-19"
    sessions: int | None = 260
    cash: Decimal = Decimal(100_000)
    speed: float = 0.0
    barrier_every: int = 20
    strategy: Path = ROOT / "strategies" / "sma-cross.yaml"
    symbols: str = "AAPL,IBM,MSFT,GOOG"
    cloud: str = "ministack"

    @property
    def state(self) -> Path:
        return self.home / "state"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def account_key(self) -> str:
        """Return what, beside the sources, makes an opened account another one."""
        chosen = (self.data, self.first_session, self.sessions, self.cash, self.symbols)
        return repr((*map(str, chosen), self.strategy.read_text()))
