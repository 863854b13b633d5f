"""Where the local cloud keeps its things, and what a person may choose about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".local"
PACKAGES = HOME / "packages"
EMULATOR_PYTHON = ROOT / ".venv-emulator" / "bin" / "python"
SITE = ROOT / "web" / "dist"
CDK = ROOT / "node_modules" / ".bin" / "cdk"


@dataclass(frozen=True, slots=True)
class Ports:
    """Preferred ports on 127.0.0.1; 0 is a free one.

    A taken one is replaced by a free one, unless it is among `named`: then it was asked for.
    """

    emulator: int = 4566
    exchange: int = 4570
    exchange_admin: int = 4571
    dashboard: int = 4580
    named: frozenset[str] = frozenset()

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
    as it goes; barrier_every says how many sessions lie between two snapshots; symbols are those of the data;
    layers_python is the interpreter for which layers are bundled, where there are layers.
    """

    home: Path = HOME
    ports: Ports = field(default_factory=Ports)
    data: Path | None = None
    first_session: str = "2004-08-19"
    sessions: int | None = 260
    cash: Decimal = Decimal(100_000)
    speed: float = 0.0
    barrier_every: int = 20
    strategy: Path = ROOT / "strategies" / "sma-cross.yaml"
    symbols: str = "AAPL,IBM,MSFT,GOOG"
    cloud: str = "ministack"
    layers_python: str = "3.13"

    @property
    def state(self) -> Path:
        return self.home / "state"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def choices(self) -> dict[str, str]:
        """Return, under the names of their options, the choices that a replay cannot change on its way."""
        document = sha256(self.strategy.read_bytes()).hexdigest()[:12]
        return {
            "data": f"{self.data} ({_digest(self.data)})" if self.data else "embedded",
            "from": self.first_session,
            "cash": str(self.cash),
            "strategy": f"{self.strategy} ({document})",
            "symbols": self.symbols,
        }


def _digest(data: Path) -> str:
    """Name the present content of a file or folder without reading it: names, sizes, times of change."""
    files = sorted(data.iterdir()) if data.is_dir() else [data]
    found = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return sha256(repr(found).encode()).hexdigest()[:12]
