"""What the HTTP API says and accepts under /v1/backtests. Money travels as decimal strings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from quantumzero.contracts.api import (
    ApiModel,
    DecimalText,
    EquityPoint,
    StrategyName,
    Symbol,
    UtcTime,
)

Preset = Literal["default", "backtesting_py", "lean", "zipline", "freqtrade", "replay"]
ConventionName = Literal["default", "empyrical", "quantstats", "lean", "backtesting_py"]
DateText = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2005-01-03"])]
Figure = str | float | None
Status = Literal["queued", "running", "cancelling", "finished", "failed", "cancelled"]


class BacktestRequest(ApiModel):
    """Either the name of a stored strategy (its newest version unless one is given) or a document.

    symbols replaces the document's universe; from and to are dates of the exchange, both included;
    calendar is the document's and limits the preset's unless given; account means the limits of a
    new account; afresh computes again what has a result, as after older bars were added or corrected.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    strategy: StrategyName | None = None
    version: Annotated[int, Field(ge=1, le=999_999)] | None = None
    document: Annotated[str, Field(min_length=1, max_length=65536)] | None = None
    symbols: Annotated[list[Symbol], Field(min_length=1, max_length=500)] | None = None
    from_date: DateText | None = Field(default=None, alias="from")
    to_date: DateText | None = Field(default=None, alias="to")
    parameters: Annotated[
        dict[
            Annotated[str, Field(max_length=40)],
            Annotated[str, Field(max_length=40, examples=["10"])],
        ],
        Field(max_length=100),
    ] = Field(default_factory=dict)
    cash: Annotated[str, Field(pattern=r"^\d{1,15}(\.\d{1,6})?$", examples=["100000"])] = "100000"
    preset: Preset = "default"
    convention: ConventionName = "default"
    calendar: Literal["XNYS", "none"] | None = None
    limits: Literal["none", "account"] | None = None
    accept_gaps: bool = False
    afresh: bool = False


class BacktestSummary(ApiModel):
    """One backtest. progress is 0 to 1; code and message say why it failed.

    key names the result: equal keys mean equal results. The figures are null until it is finished;
    metrics that are undefined are null, their reasons are in the detail. trials counts the distinct
    results this strategy has been tried with, and deflated_sharpe is the probability that its
    Sharpe ratio is above the best that so many tries of luck would show.
    """

    id: str
    status: Status
    stage: str
    progress: float
    key: str | None
    strategy: str
    version: int | None
    symbols: list[str]
    from_date: str | None
    to_date: str | None
    parameters: dict[str, str]
    cash: DecimalText
    preset: str
    convention: str
    calendar: str | None
    limits: str | None
    requested_at: UtcTime
    requested_by: str
    changed_at: UtcTime
    code: str | None
    message: str | None
    final_equity: DecimalText | None
    metrics: dict[str, Figure]
    bars: int | None
    trades: int | None
    orders: int | None
    refusals: int | None
    ambiguous_trades: int | None
    seconds: float | None
    trials: int | None
    deflated_sharpe: float | None


class BacktestList(ApiModel):
    """Newest first; next_cursor continues the listing and is null on the last page."""

    backtests: list[BacktestSummary]
    next_cursor: str | None


class BacktestBars(ApiModel):
    """The stored bars that the result is of: how many, and when the first and the last closed."""

    bars: int
    first: UtcTime | None
    last: UtcTime | None


class BacktestTrade(ApiModel):
    """One closed round trip; prices and quantity as decimal strings, never rounded."""

    symbol: str
    side: Literal["long", "short"]
    entry_time: UtcTime
    entry_price: DecimalText
    exit_time: UtcTime
    exit_price: DecimalText
    quantity: DecimalText
    profit: DecimalText
    fees: DecimalText
    reason: str
    ambiguous: bool


class BacktestDetail(ApiModel):
    """A backtest with what a page draws; empty while it is not finished.

    equity holds at most 2,000 points (highs and lows are kept) and trades the newest 2,000; notes
    say so when something was left out. data and snapshot (SHA-256) name the bars that were read.
    result_url gives the whole result as JSON, report_url the report; both are open for five
    minutes to whoever holds them.
    """

    summary: BacktestSummary
    document: str
    metric_units: dict[str, str]
    metric_reasons: dict[str, str]
    trades: list[BacktestTrade]
    equity: list[EquityPoint]
    notes: list[str]
    data: dict[str, BacktestBars]
    snapshot: str | None
    result_url: str | None
    report_url: str | None
