"""What the HTTP API says and accepts under /v1.

Money, prices and quantities travel as decimal strings, times as ISO 8601 in UTC ending in Z.
Answers name their fields explicitly; nothing is passed through.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

DecimalText = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", examples=["1234.56"])]
UtcTime = Annotated[str, Field(examples=["2005-02-28T21:00:00Z"])]
Symbol = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9.]{0,15}$", examples=["AAPL"])]
StrategyName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", examples=["sma-cross"])]


class ApiModel(BaseModel):
    """Base of every shape of the API: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ErrorBody(ApiModel):
    """Every refusal: a stable code, a sentence for a person, the field when one is at fault, the
    request's id.
    """

    code: str
    message: str
    field: str | None = None
    request_id: str


class EquityPoint(ApiModel):
    """The account's equity at one session's close."""

    time: UtcTime
    equity: DecimalText


class Portfolio(ApiModel):
    """The account now. day_profit compares with the equity at the previous session's close."""

    account: str
    stage: Literal["local", "paper", "live"]
    market_time: UtcTime | None
    equity: DecimalText
    cash: DecimalText
    day_profit: DecimalText
    gross_exposure: DecimalText
    net_exposure: DecimalText
    equity_curve: list[EquityPoint]


class Position(ApiModel):
    """One held instrument. price is the newest close; stale says that it is older than two bars of
    market time.
    """

    symbol: Symbol
    quantity: DecimalText
    average_price: DecimalText
    price: DecimalText
    market_value: DecimalText
    unrealised_profit: DecimalText
    stale: bool


class PositionList(ApiModel):
    positions: list[Position]


class Order(ApiModel):
    """One order of the ledger. state is the ledger's (INTENT, SUBMITTING, UNKNOWN, ACCEPTED,
    PARTIAL, FILLED, CANCELED, EXPIRED, REPLACED, REJECTED, DENIED, ABANDONED); code and reason are
    set on a refusal, limit and value when it compared two numbers. Of an entry, take_profit_price
    and stop_loss_price are what its legs were asked to stand at; a leg names its entry as parent.
    held: it waits here for its price; rests: it waits for it at the broker.
    """

    client_order_id: str
    broker_order_id: str | None
    strategy: str
    decision_id: str
    symbol: Symbol
    side: Literal["buy", "sell"]
    order_type: Literal["market", "limit", "stop", "stop_limit", "trailing_stop"]
    time_in_force: str
    quantity: DecimalText
    notional: DecimalText | None
    limit_price: DecimalText | None
    stop_price: DecimalText | None
    trail_price: DecimalText | None
    trail_percent: DecimalText | None
    take_profit_price: DecimalText | None
    stop_loss_price: DecimalText | None
    leg: Literal["entry", "exit", "stop", "target", "time", "manual", "liquidation"]
    parent: str | None
    held: bool
    rests: bool
    cancel_requested: bool
    filled_quantity: DecimalText
    average_fill_price: DecimalText | None
    state: str
    code: str | None
    reason: str | None
    limit: DecimalText | None
    value: DecimalText | None
    created_at: UtcTime
    filled_at: UtcTime | None


class OrderList(ApiModel):
    """Newest first; next_cursor continues the listing and is null on the last page."""

    orders: list[Order]
    next_cursor: str | None


class DecisionView(ApiModel):
    """Why a strategy did or did not act on a bar; values by the source text of each node (null in
    warm-up).
    """

    id: str
    strategy: str
    version: int
    symbol: Symbol
    timeframe: str
    closes_at: UtcTime
    action: Literal["enter_long", "exit_long", "enter_short", "exit_short", "hold"]
    reason: str
    price: DecimalText
    position: DecimalText
    values: dict[str, float | int | bool | None]


class DecisionList(ApiModel):
    decisions: list[DecisionView]
    next_cursor: str | None


class BarView(ApiModel):
    opens_at: UtcTime
    closes_at: UtcTime
    open: DecimalText
    high: DecimalText
    low: DecimalText
    close: DecimalText
    volume: int


class BarList(ApiModel):
    """Oldest first. Prices are raw: not adjusted for splits, which are listed with their exchange
    dates.
    """

    symbol: Symbol
    timeframe: str
    bars: list[BarView]
    splits: list[SplitView]


class SplitView(ApiModel):
    ex_date: str
    new: int
    old: int


class StrategySummary(ApiModel):
    name: StrategyName
    latest_version: int
    enabled: bool
    enabled_version: int | None
    universe: list[Symbol]
    timeframe: str
    updated_at: UtcTime


class StrategyList(ApiModel):
    strategies: list[StrategySummary]


class StrategyDetail(ApiModel):
    """One version with its document as the author wrote it (YAML or JSON text)."""

    summary: StrategySummary
    version: int
    document: str
    warm_up_bars: int


class StrategyDocumentRequest(ApiModel):
    """A strategy document, YAML or JSON, at most 64 KiB."""

    document: Annotated[str, Field(min_length=1, max_length=65536)]


class DocumentProblem(ApiModel):
    """One fault of a document; line and column count from 1 in the text as sent and point at the
    character.
    """

    path: str
    line: int
    column: int
    message: str
    nearest: str | None = None


class ValidationResult(ApiModel):
    valid: bool
    problems: list[DocumentProblem]
    name: str | None
    warm_up_bars: int | None


class EnableRequest(ApiModel):
    """Which stored version trades; the latest when absent."""

    version: Annotated[int, Field(ge=1, le=999_999)] | None = None


class ServiceState(ApiModel):
    """When a part last succeeded; late says that it should have again by now."""

    service: str
    last_success: UtcTime | None
    late: bool
    detail: str


class Alert(ApiModel):
    id: str
    time: UtcTime
    severity: Literal["info", "warning", "critical"]
    message: str


class ServiceHealth(ApiModel):
    """market_clock is `replay` when market time comes from replayed data: then lateness by machine
    time is not judged.
    """

    status: Literal["healthy", "degraded"]
    market_clock: Literal["machine", "replay"]
    market_time: UtcTime | None
    services: list[ServiceState]
    alerts: list[Alert]


BarList.model_rebuild()
