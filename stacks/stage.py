"""What differs between the stages local, paper and live: one frozen value read from the CDK context."""

from __future__ import annotations

import platform
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

if TYPE_CHECKING:
    from constructs import Node

REPOSITORY = Path(__file__).resolve().parent.parent
NAMES = ("local", "paper", "live")
_FINEST_FIRST = ("1m", "5m", "15m", "30m", "1h", "1d")

_BROKERS = {
    "local": ("http://127.0.0.1:4571", "http://127.0.0.1:4571", "ws://127.0.0.1:4571/stream"),
    "paper": (
        "https://paper-api.alpaca.markets",
        "https://data.alpaca.markets",
        "wss://paper-api.alpaca.markets/stream",
    ),
    "live": (
        "https://api.alpaca.markets",
        "https://data.alpaca.markets",
        "wss://api.alpaca.markets/stream",
    ),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One deployment of the product and the choices that follow from it."""

    name: str
    account_name: str
    symbols: str
    timeframes: str
    broker: str
    broker_url: str
    paper_cash: str
    limit_ceilings: str
    limit_raise_minutes: str
    quotes: str
    market_data_url: str
    trade_updates_url: str
    layers: bool
    layers_python: str
    packages: tuple[str, ...]
    market_packages: tuple[str, ...]
    research_packages: tuple[str, ...]
    functions: Path
    site: Path
    alarm_email: str | None
    site_domain: str | None
    site_certificate: str | None

    @property
    def is_local(self) -> bool:
        """Tell whether everything is thrown away and rebuilt on one machine."""
        return self.name == "local"

    @property
    def removal_policy(self) -> cdk.RemovalPolicy:
        """Give the removal policy of everything that holds data."""
        return cdk.RemovalPolicy.DESTROY if self.is_local else cdk.RemovalPolicy.RETAIN

    @property
    def market_clock(self) -> str:
        """Name the clock of market time: a replay's time is the newest event the stream reached."""
        return "data" if self.is_local else "machine"

    @property
    def limit_choice(self) -> dict[str, str]:
        """Tell a function that changes limits the hard ceilings and the delay of raises, where they are chosen."""
        chosen = {
            "LIMIT_CEILINGS": self.limit_ceilings,
            "LIMIT_RAISE_MINUTES": self.limit_raise_minutes,
        }
        return {name: value for name, value in chosen.items() if value}

    @property
    def quote_choice(self) -> dict[str, str]:
        """Tell a function that decides on entries where quotes are, if they are held to them."""
        if self.quotes == "off":
            return {}
        return {"QUOTES": self.quotes, "MARKET_DATA_URL": self.market_data_url}

    @property
    def broker_choice(self) -> dict[str, str]:
        """Tell a function which broker it is where that is not the usual one; paper fills from the finest bars."""
        if self.broker == "alpaca":
            return {}
        kept = [each.strip() for each in self.timeframes.split(",")]
        finest = next((each for each in _FINEST_FIRST if each in kept), kept[0])
        return {
            "BROKER": self.broker,
            "PAPER_CASH": self.paper_cash,
            "PAPER_TIMEFRAME": finest,
        }

    @property
    def machine(self) -> str:
        """Name the processor of functions and layers: the host's own in the local stage."""
        return platform.machine() if self.is_local and platform.machine() == "x86_64" else "arm64"

    def packages_of(self, group: str) -> tuple[str, ...]:
        """List the folders that stand in for the layers of a group where there are no layers."""
        special = {"market": self.market_packages, "research": self.research_packages}
        return special.get(group, self.packages)

    def stack_id(self, area: str) -> str:
        """Name the stack of one area, so that stages can share an account."""
        return f"QuantumZero-{self.name}-{area}"


def read_stage(node: Node) -> Stage:
    """Read the stage from the context; the default is paper.

    Raises ValueError that names the stages when the asked one is unknown.
    """

    def text(key: str, default: str) -> str:
        value: Any = node.try_get_context(key)
        return default if value is None else str(value)

    name = text("stage", "paper")
    if name not in NAMES:
        raise ValueError(f"stage was {name!r}; it may be {', '.join(NAMES)}: cdk -c stage=paper")
    broker_url, market_data_url, trade_updates_url = _BROKERS[name]
    packages = text("packages", _host_packages() if name == "local" else "")
    market_packages = text("market_packages", packages)
    research_packages = text("research_packages", packages)
    layers = text("layers", "folders" if name == "local" else "bundled") == "bundled"
    return Stage(
        name=name,
        account_name=text("account_name", "main"),
        symbols=text("symbols", "AAPL,IBM,MSFT,GOOG"),
        timeframes=text("timeframes", "1d"),
        broker=_broker(name, text("broker", "alpaca")),
        broker_url=text("broker_url", broker_url),
        paper_cash=text("paper_cash", "100000"),
        limit_ceilings=text("limit_ceilings", ""),
        limit_raise_minutes=text("limit_raise_minutes", ""),
        quotes=_quotes(text("quotes", "off")),
        market_data_url=text("market_data_url", market_data_url),
        trade_updates_url=text("trade_updates_url", trade_updates_url),
        layers=layers,
        # Lambda's interpreter; the local stage may name that of a host which runs functions itself.
        layers_python=text("layers_python", "3.13") if name == "local" else "3.13",
        packages=_folders(packages),
        market_packages=_folders(market_packages),
        research_packages=_folders(research_packages),
        functions=REPOSITORY / text("functions", "functions"),
        site=REPOSITORY / text("site", "web/dist"),
        alarm_email=text("alarm_email", "") or None,
        site_domain=text("site_domain", "") or None,
        site_certificate=text("site_certificate", "") or None,
    )


def _broker(stage: str, asked: str) -> str:
    """Return the broker's name; paper is an account in the stage's own table."""
    offered = ("alpaca", "paper") if stage == "paper" else ("alpaca",)
    if asked not in offered:
        raise ValueError(f"broker was {asked!r}; in stage {stage} it may be {' or '.join(offered)}")
    return asked


def _quotes(asked: str) -> str:
    """Return whose quotes entries are held to, if any."""
    offered = ("off", "alpaca")
    if asked not in offered:
        raise ValueError(f"quotes was {asked!r}; it may be {' or '.join(offered)}")
    return asked


def _folders(listed: str) -> tuple[str, ...]:
    return tuple(folder for folder in listed.split(":") if folder)


def _host_packages() -> str:
    source = REPOSITORY / "layers" / "quantumzero" / "python"
    return f"{source}:{sysconfig.get_path('purelib')}"
