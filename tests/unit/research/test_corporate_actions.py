"""Corporate actions become events of rows, and membership follows joins and leaves."""

from __future__ import annotations

import pytest

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.corporate_actions import (
    happenings_of,
    members_of,
    require_actions,
    with_renames,
)
from quantumzero.research.grid import build_grid, span_of
from quantumzero.research.history import Action
from quantumzero.research.simulation.request import Happening
from tests.unit.research.markets import daily_history, session_days

PRICES = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0]
DAYS = [day.isoformat() for day in session_days(6)]


def test_splits_dividends_and_delistings_fall_on_the_row_of_their_date() -> None:
    actions = [
        Action("A", DAYS[4], "delisting", amount=25_000),
        Action("A", DAYS[1], "split", new=2, old=1),
        Action("A", DAYS[2], "dividend", amount=2_500),
        Action("A", "2023-12-01", "split", new=3, old=1),
    ]
    history = daily_history({"A": PRICES, "B": PRICES}, actions=actions)
    grid = build_grid(history, ["B", "A"], span_of(None, None))
    assert happenings_of(history, grid) == (
        Happening(1, 1, 0, 2.0), Happening(2, 1, 1, 0.25), Happening(4, 1, 2, 2.5),
    )  # fmt: skip


def test_a_symbol_belongs_to_the_universe_from_join_to_leave() -> None:
    actions = [Action("A", DAYS[1], "join"), Action("A", DAYS[4], "leave")]
    history = daily_history({"A": PRICES, "B": PRICES}, actions=actions)
    member = members_of(history, build_grid(history, ["A", "B"], span_of(None, None)))
    assert member is not None
    assert member.tolist() == [[0, 1, 1, 1, 0, 0], [1] * 6]


def test_a_renamed_symbol_is_one_series_under_its_new_name() -> None:
    days = session_days(6)
    old = daily_history({"OLD": PRICES[:3]}, days[:3])
    new = daily_history({"NEW": PRICES[3:]}, days[3:])
    rename = Action("OLD", DAYS[3], "rename", to="NEW")
    both = daily_history({"X": PRICES}, actions=[rename])
    joined = with_renames(
        type(both)(
            {**old.series, **new.series},
            "1d",
            4,
            (rename, Action("OLD", DAYS[1], "split", 2, 1)),
        )
    )
    assert list(joined.series) == ["NEW"]
    assert joined.series["NEW"].close.tolist() == [round(price * 10_000) for price in PRICES]
    assert joined.actions == (Action("NEW", DAYS[1], "split", 2, 1),)


def test_an_action_that_cannot_be_is_named() -> None:
    history = daily_history({"A": PRICES}, actions=[Action("A", DAYS[0], "merger")])
    with pytest.raises(InvalidInputError, match="was 'merger'; it may be split, dividend"):
        require_actions(history)
