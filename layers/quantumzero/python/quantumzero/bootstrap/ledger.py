"""The order path and its guarantees: settings from the environment -> adapters -> ready use cases, once a process."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal

import msgspec

from quantumzero.adapters.aws.bars import DynamoBars
from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.adapters.aws.paper_table import PaperTable
from quantumzero.adapters.aws.secrets import read_secret
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.adapters.brokers.alpaca import AlpacaBroker
from quantumzero.adapters.brokers.alpaca_http import AlpacaHttp
from quantumzero.adapters.brokers.paper import PaperBroker
from quantumzero.adapters.clocks import DataClock, SystemClock
from quantumzero.bootstrap.aws import client
from quantumzero.bootstrap.settings import read_settings
from quantumzero.usecases.apply_broker_order import ApplyBrokerOrder
from quantumzero.usecases.cancel_orders import CancelOrders
from quantumzero.usecases.empty_book import EmptyBook
from quantumzero.usecases.halt_trading import HaltTrading
from quantumzero.usecases.place_order import PlaceOrder
from quantumzero.usecases.rest_legs import RestLegs

if TYPE_CHECKING:
    from quantumzero.ports.clocks import MarketClock


class LedgerSettings(msgspec.Struct, frozen=True):
    """Environment of everything that touches the ledger."""

    account: str
    table_ledger: str


class ClockSettings(msgspec.Struct, frozen=True):
    """Environment of market time."""

    market_clock: Literal["machine", "data"] = "machine"


class BarsSettings(msgspec.Struct, frozen=True):
    """Environment of whoever reads bars or market time from them."""

    table_bars: str


class BrokerSettings(msgspec.Struct, frozen=True):
    """Environment of whoever speaks to the broker."""

    secret_broker: str
    broker_url: str


class KeySettings(msgspec.Struct, frozen=True):
    """Environment of whoever may read the keys of the trading account."""

    secret_broker: str


class BrokerChoice(msgspec.Struct, frozen=True):
    """Environment of whoever must know which broker it is.

    paper is an account in our own table: it opens with paper_cash and fills from bars of paper_timeframe, the finest
    that are kept.
    """

    broker: Literal["alpaca", "paper"] = "alpaca"
    paper_cash: Decimal = Decimal(100_000)
    paper_timeframe: str = "1d"

    @property
    def on_paper(self) -> bool:
        return self.broker == "paper"


class OptionalBrokerSettings(msgspec.Struct, frozen=True):
    """Environment of whoever speaks to the broker if it may."""

    secret_broker: str = ""
    broker_url: str = ""


@dataclass(frozen=True, slots=True)
class BrokerKeys:
    """The keys of the trading account."""

    key_id: str
    secret_key: str


@cache
def ledger() -> DynamoLedger:
    """Return the account's ledger; it implements every protocol of ports/ledger.py."""
    settings = read_settings(LedgerSettings)
    return DynamoLedger(client("dynamodb"), table=settings.table_ledger, account=settings.account)


@cache
def bars() -> DynamoBars:
    """Return the bar store."""
    settings = read_settings(BarsSettings)
    return DynamoBars(client("dynamodb"), settings.table_bars, JitteredBackoff())


@cache
def market_clock() -> MarketClock:
    """Return market time: the machine's, or the newest that the data has reached."""
    if read_settings(ClockSettings).market_clock == "data":
        return DataClock(bars())
    return SystemClock()


@cache
def broker_keys() -> BrokerKeys:
    """Return the broker's keys from Secrets Manager."""
    settings = read_settings(KeySettings)
    secret = read_secret(client("secretsmanager"), settings.secret_broker)
    return BrokerKeys(secret["key_id"], secret["secret_key"])


@cache
def alpaca_http(url: str) -> AlpacaHttp:
    """Return HTTP with the account's keys to one of the broker's addresses; its connections are shared and kept."""
    keys = broker_keys()
    return AlpacaHttp(url, key_id=keys.key_id, secret_key=keys.secret_key)


@cache
def broker() -> AlpacaBroker | PaperBroker:
    """Return the broker."""
    choice = read_settings(BrokerChoice)
    if choice.on_paper:
        return _paper_broker(choice)
    return AlpacaBroker(alpaca_http(read_settings(BrokerSettings).broker_url))


def _paper_broker(choice: BrokerChoice) -> PaperBroker:
    settings = read_settings(LedgerSettings)
    table = PaperTable(
        client("dynamodb"),
        table=settings.table_ledger,
        account=settings.account,
        cash=choice.paper_cash,
    )
    return PaperBroker(
        table=table,
        bars=bars(),
        timeframe=choice.paper_timeframe,
        market=market_clock(),
        backoff=JitteredBackoff(),
    )


def prepare_order_path() -> None:
    """Read the settings and make the table's client at the cold start, so that what is missing fails there.

    The broker's keys are read with the first order: a secret that cannot be read now is then tried again.
    """
    if not read_settings(BrokerChoice).on_paper:
        read_settings(BrokerSettings)
    ledger()
    market_clock()


@cache
def apply_broker_order() -> ApplyBrokerOrder:
    """Return the use case through which the broker's word reaches the ledger."""
    return ApplyBrokerOrder(
        ledger=ledger(),
        switch=ledger(),
        alerts=ledger(),
        market=market_clock(),
        backoff=JitteredBackoff(),
    )


@cache
def place_order() -> PlaceOrder:
    """Return the use case of place_order."""
    return PlaceOrder(
        ledger=ledger(),
        broker=broker(),
        apply=apply_broker_order(),
        market=market_clock(),
        machine=SystemClock(),
        backoff=JitteredBackoff(),
    )


@cache
def rest_legs() -> RestLegs:
    """Return the use case that lets the legs of closed entries rest at the broker."""
    return RestLegs(
        ledger=ledger(),
        place=place_order(),
        alerts=ledger(),
        market=market_clock(),
        machine=SystemClock(),
        broker=read_settings(BrokerChoice).broker,
    )


@cache
def cancel_orders() -> CancelOrders:
    """Return the use case that cancels at the broker."""
    return CancelOrders(
        ledger=ledger(), broker=broker(), market=market_clock(), machine=SystemClock()
    )


@cache
def empty_book() -> EmptyBook:
    """Return the use case that cancels after a halt until nothing is open: a look every few seconds."""
    return EmptyBook(
        ledger=ledger(),
        broker=broker(),
        book=broker(),
        cancel=cancel_orders(),
        machine=SystemClock(),
        pause=JitteredBackoff(base=1.0, longest=5.0),
    )


@cache
def halt_trading(*, cancelling: bool = True) -> HaltTrading:
    """Return the kill switch; it cancels at once where the broker's address and keys are given.

    cancelling is off where the caller cancels by itself.
    """
    given = read_settings(OptionalBrokerSettings)
    speaks = (given.secret_broker and given.broker_url) or read_settings(BrokerChoice).on_paper
    cancel = cancel_orders() if cancelling and speaks else None
    return HaltTrading(switch=ledger(), market=market_clock(), cancel=cancel)
