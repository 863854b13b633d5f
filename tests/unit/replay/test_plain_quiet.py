"""Quiet by plain AWS calls: every bar that there is was decided on, and what follows has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.localstack_side import decided
from local.sides import Settled

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOSE, BEFORE = "2004-08-20T20:00:00Z", "2004-08-19T20:00:00Z"


class Api:
    """Answers as the product's API does."""

    def __init__(self, decisions: list[tuple[str, str, str]], *, enabled: bool = True) -> None:
        self.decisions = decisions
        self.enabled = enabled
        self.market_time = BEFORE

    def get(self, path: str) -> dict[str, Any]:
        if path == "/v1/service-health":
            return {"market_time": self.market_time}
        assert path == "/v1/strategies"
        universe = ["AAPL", "IBM"]
        return {"strategies": [{"name": "s", "enabled": self.enabled, "universe": universe}]}

    def every(self, path: str, key: str) -> Iterator[dict[str, Any]]:
        assert (path, key) == ("/v1/decisions", "decisions")
        for symbol, closes_at, action in self.decisions:
            yield {
                "id": f"s-{symbol}-{closes_at}",
                "strategy": "s",
                "symbol": symbol,
                "closes_at": closes_at,
                "action": action,
            }


def settled(*symbols: str) -> Settled:
    return Settled(CLOSE, frozenset(symbols))


def test_a_missing_decision_is_waited_for() -> None:
    api = Api([("AAPL", CLOSE, "hold"), ("IBM", BEFORE, "hold")])
    assert decided(api, settled("AAPL", "IBM")) is None  # type: ignore[arg-type]


def test_decisions_to_act_name_the_executions_that_must_end() -> None:
    api = Api([("AAPL", CLOSE, "enter_long"), ("IBM", CLOSE, "hold"), ("IBM", BEFORE, "exit_long")])
    assert decided(api, settled("AAPL", "IBM")) == [f"s-AAPL-{CLOSE}"]  # type: ignore[arg-type]


def test_an_instrument_that_did_not_trade_is_not_waited_for() -> None:
    api = Api([("AAPL", CLOSE, "hold")])
    assert decided(api, settled("AAPL")) == []  # type: ignore[arg-type]


def test_without_an_enabled_strategy_the_market_time_tells() -> None:
    api = Api([], enabled=False)
    assert decided(api, settled("AAPL")) is None  # type: ignore[arg-type]
    api.market_time = CLOSE
    assert decided(api, settled("AAPL")) == []  # type: ignore[arg-type]
