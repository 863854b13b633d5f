"""Presets, costs and limits: every choice is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest

from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.calendars import to_us
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.risk.account_risk import default_limits
from quantumzero.domain.strategy.document import (
    Costs,
    Distance,
    Execution,
    Protection,
    Sizing,
    SizingMethod,
)
from quantumzero.research.conventions import PRESETS, conventions_of
from quantumzero.research.costs import cost_settings, regulatory_fees
from quantumzero.research.limits import limits_of
from quantumzero.research.simulation.request import INFINITE, FillAt, Life, OrderKind, SizeBy

DOCUMENT = parse_document(
    """
strategy: held
version: 1
universe: [GOOG]
timeframe: 1d
entry: {long: "close > 0"}
exit: {long: "close < 0"}
sizing: {percent_of_equity: 95}
"""
)
RUN = {"cash": 100_000.0, "last_day": "2024-06-03", "calendar": "XNYS"}


def test_the_default_sizes_whole_shares_at_the_decision_and_fills_at_the_next_open() -> None:
    found = conventions_of(DOCUMENT, **RUN)
    assert found.settings.fill_at == FillAt.NEXT_OPEN
    assert found.settings.lot == 1.0
    assert found.settings.amount == 0.95
    assert not found.settings.size_at_fill
    assert found.words["lot"] == "1"
    assert found.words["limits"] == "none"


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_says_what_it_chose_and_where_that_is_from(preset: str) -> None:
    words = conventions_of(DOCUMENT, **RUN, preset=preset).words
    assert words["preset"] == preset
    assert words["preset_source"]
    assert {"engine", "fill", "sizing", "lot", "costs", "account", "limits", "calendar"} <= set(
        words
    )


def test_presets_fill_as_the_engines_they_name() -> None:
    zipline = conventions_of(DOCUMENT, **RUN, preset="zipline").settings
    assert (zipline.fill_at, zipline.life) == (FillAt.NEXT_CLOSE, Life.GOOD_TIL_CANCELLED)
    assert (zipline.participation, zipline.costs.volume_share_impact) == (0.025, 0.1)
    lean = conventions_of(DOCUMENT, **RUN, preset="lean").settings
    assert (lean.cash_buffer, lean.costs.minimum, lean.costs.maximum_rate) == (0.0025, 1.0, 0.005)
    assert conventions_of(DOCUMENT, **RUN, preset="backtesting_py").settings.size_at_fill
    assert conventions_of(DOCUMENT, **RUN, preset="freqtrade").settings.lot == 0.0


def test_a_presets_own_costs_give_way_to_the_documents() -> None:
    charged = replace(DOCUMENT, costs=Costs(commission_bps=Decimal(10)))
    costs = conventions_of(charged, **RUN, preset="lean").settings.costs
    assert (costs.rate, costs.per_share) == (0.001, 0.0)


def test_the_limits_of_a_new_account_hold_in_a_replay() -> None:
    settings = conventions_of(DOCUMENT, **RUN, preset="replay").settings
    assert settings.limit_gross == 100_000.0
    assert settings.limit_symbol == 40_000.0
    assert settings.limit_order_value == 30_000.0
    assert (settings.limit_daily_loss, settings.limit_drawdown) == (20.0, 50.0)
    assert (settings.limit_collar, settings.limit_executions) == (5.0, 1000.0)
    assert (settings.limit_open_orders, settings.limit_net) == (500.0, INFINITE)
    assert not settings.resume_next_session


def test_limits_by_name_take_the_place_of_those_of_a_new_account() -> None:
    chosen = {
        "order_value": 5,
        "drawdown_percent": None,
        "restricted": ["GOOG"],
        "sectors": {"GOOG": "technology"},
        "sector_exposure": "7.5",
        "session": "regular",
        "resume": "next_session",
    }
    found = conventions_of(DOCUMENT, **RUN, limits=chosen)
    assert (found.settings.limit_order_value, found.settings.limit_sector) == (5.0, 7.5)
    assert found.settings.limit_drawdown == INFINITE
    assert found.settings.limit_symbol == 40_000.0
    assert found.settings.resume_next_session
    words = found.words["limits"]
    assert (words["order_value"], words["drawdown_percent"]) == ("5", "none")
    assert (words["restricted"], words["sectors"]) == ("GOOG", "GOOG=technology")
    assert (words["session"], words["resume"]) == ("regular", "next_session")


def test_an_account_that_sells_nothing_short_does_not_in_a_backtest_either() -> None:
    margin = replace(DOCUMENT, account="reg_t")
    assert conventions_of(margin, **RUN).settings.allow_short
    assert not conventions_of(margin, **RUN, limits="account").settings.allow_short
    allowed = conventions_of(margin, **RUN, limits={"short_selling": True})
    assert allowed.settings.allow_short
    assert allowed.words["limits"]["short_selling"] == "yes"
    assert not conventions_of(DOCUMENT, **RUN, limits={"short_selling": True}).settings.allow_short


def test_a_running_accounts_own_limits_may_be_given() -> None:
    own = replace(default_limits(Decimal(1000)), positions=Decimal(3))
    settings = conventions_of(DOCUMENT, **RUN, limits=own).settings
    assert (settings.limit_gross, settings.limit_positions) == (1000.0, 3.0)


def test_what_limits_name_is_said_by_symbol_and_by_moment() -> None:
    named = {"restricted": ["B"], "sectors": {"A": "x", "C": "y"}, "sector_exposure": 9}
    limits = limits_of(named, 1000.0)
    assert limits is not None
    symbols = ("A", "B", "C")
    assert limits.restricted(symbols).tolist() == [0, 1, 0]  # type: ignore[union-attr]
    assert limits.sectors(symbols).tolist() == [0, -1, 1]  # type: ignore[union-attr]
    assert (limits.restricted(("A",)), limits.closed(np.zeros(1, np.int64))) == (None, None)
    regular = limits_of({"session": "regular"}, 1000.0)
    extended = limits_of({"session": "extended"}, 1000.0)
    assert regular is not None
    assert extended is not None
    assert regular.sectors(symbols) is None
    opens = to_us(datetime(2024, 6, 3, 13, 30, tzinfo=UTC))
    hours = np.array([opens - 1, opens, opens + 3600 * 6_500_000, opens + 3600 * 12_000_000])
    assert regular.closed(hours).tolist() == [1, 0, 1, 1]  # type: ignore[union-attr]
    assert extended.closed(hours).tolist() == [0, 0, 0, 1]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ({"preset": "zipeline"}, "did you mean zipline"),
        ({"limits": "all"}, "they may be none, account"),
        ({"limits": {"gross": 1}}, "the limit gross does not exist"),
        ({"limits": {"duplicate_seconds": 1}}, "has no meaning in a backtest; it may be gross"),
        ({"limits": {"order_value": -1}}, "order_value was '-1'; it must be a number"),
        ({"limits": {"gross_exposure": None}}, "gross_exposure was 'none'; it must be"),
        ({"limits": {"positions": 1.5}}, "positions was '1.5'; it must be a whole number"),
        ({"limits": {"session": "night"}}, "session was 'night'; it may be any"),
        ({"limits": {"resume": "later"}}, "resume was 'later'; it may be never, next_session"),
        ({"cash": 0.0}, "must be a number above 0"),
    ],
)
def test_what_cannot_be_is_said(setting: dict[str, object], text: str) -> None:
    with pytest.raises(InvalidInputError, match=text):
        conventions_of(DOCUMENT, **{**RUN, **setting})  # type: ignore[arg-type]


def test_documents_settings_become_the_simulations() -> None:
    document = replace(
        DOCUMENT,
        account="reg_t",
        sizing=Sizing(SizingMethod.RISK_PERCENT, Decimal(1), lot=None),
        protect=Protection(stop_loss=Distance(percent=Decimal(5)), time_stop_bars=7),
        execution=Execution(order="limit", time_in_force="gtc", participation_percent=Decimal(10)),
    )
    found = conventions_of(document, **RUN).settings
    assert (found.size_by, found.amount, found.lot) == (SizeBy.RISK_FRACTION, 0.01, 0.0)
    assert (found.stop_fraction, found.time_stop_bars) == (0.05, 7)
    assert (found.order_kind, found.life) == (OrderKind.LIMIT, Life.GOOD_TIL_CANCELLED)
    assert (found.leverage, found.maintenance, found.allow_short) == (2.0, 0.25, True)
    assert found.participation == 0.1
    with pytest.raises(InvalidInputError, match="there was no stop_loss"):
        conventions_of(replace(document, protect=Protection()), **RUN)


def test_regulatory_fees_are_those_in_force_on_the_last_day() -> None:
    assert regulatory_fees("2024-06-03").value_rate == pytest.approx(27.8e-6)
    assert regulatory_fees("2025-06-02").value_rate == 0.0
    assert regulatory_fees("2026-06-01").per_share_cap == 9.79
    assert regulatory_fees("1999-01-04").value_rate == pytest.approx(13e-6)


def test_plans_of_brokers_become_rates() -> None:
    alpaca = cost_settings(Costs(commission_plan="alpaca"), "2024-06-03")
    assert (alpaca.rate, alpaca.minimum, alpaca.sell_per_share) == (0.0, 0.0, 0.000166)
    tiered = cost_settings(Costs(commission_plan="interactive_brokers_tiered"), "2024-06-03")
    assert (tiered.minimum, tiered.maximum_rate, tiered.tier_rates[0]) == (0.35, 0.01, 0.0035)
    assert cost_settings(Costs(), "2024-06-03").maximum_rate == INFINITE
    with pytest.raises(InvalidInputError, match="commission plan was 'robinhood'"):
        cost_settings(Costs(commission_plan="robinhood"), "2024-06-03")
