"""Barriers and beginnings: the two sides always start from states that were saved together."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from local.barriers import DEPLOYED, Barriers, in_words
from local.beginning import Beginning
from local.settings import LocalSettings
from quantumzero.domain.errors import RefusedError, UnavailableError

if TYPE_CHECKING:
    from pathlib import Path


class Side:
    """Remembers names, oldest first; `dead` makes the next save fail."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.dead = False

    def snapshots(self) -> list[str]:
        return self.names

    def snapshot(self, name: str) -> None:
        if self.dead:
            raise UnavailableError("killed")
        self.names.append(name)


@pytest.fixture
def settings(tmp_path: Path) -> LocalSettings:
    return LocalSettings(home=tmp_path)


def beginning(settings: LocalSettings, exchange: Side, cloud: Side) -> tuple[Beginning, list[str]]:
    said: list[str] = []
    return Beginning(settings, Barriers(exchange, cloud), said.append), said


def opened(settings: LocalSettings, sources: str = "s1") -> None:
    beginning(settings, Side(), Side())[0].record(sources)


def test_a_name_is_never_given_twice_so_that_equal_names_belong_together() -> None:
    exchange, cloud = Side(DEPLOYED, "2004-09-16"), Side(DEPLOYED)
    assert Barriers(exchange, cloud).take("2004-09-16") == "2004-09-16.2"
    assert exchange.names[-1] == cloud.names[-1] == "2004-09-16.2"


def test_a_name_that_only_one_side_saved_does_not_count() -> None:
    exchange, cloud = Side(DEPLOYED, "a"), Side(DEPLOYED, "a")
    cloud.dead = True
    with pytest.raises(UnavailableError):
        Barriers(exchange, cloud).take("b")
    assert exchange.names[-1] == "b"
    assert Barriers(exchange, cloud).common() == [DEPLOYED, "a"]


def test_the_newest_is_the_one_that_was_saved_last_whatever_its_name() -> None:
    names = (DEPLOYED, "2004-09-16", "2004-09-17-open", "2004-09-17", "2004-09-17.2")
    assert Barriers(Side(*names), Side(*reversed(names))).common() == list(names)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("2004-09-16", "the end of 2004-09-16"),
        ("2004-09-16.3", "the end of 2004-09-16"),
        ("2004-09-17-open.2", "the session of 2004-09-17"),
        (DEPLOYED, "the beginning"),
        ("start", "the beginning"),
    ],
)
def test_a_barrier_says_where_it_stands(name: str, words: str) -> None:
    assert in_words(name) == words


def test_an_empty_folder_begins_from_nothing_without_a_word(settings: LocalSettings) -> None:
    first, said = beginning(settings, Side(), Side())
    assert first.choose("s1", fresh=False) is None
    assert (first.is_new, said) == (True, [])


def test_a_stopped_run_goes_on_from_where_it_stopped(settings: LocalSettings) -> None:
    opened(settings)
    beginning(settings, Side(), Side())[0].stopped("2004-09-16.2")
    names = (DEPLOYED, "2004-09-16", "2004-09-16.2")
    again, said = beginning(settings, Side(*names, "stopped"), Side(*names))
    assert again.choose("s2", fresh=False) == "2004-09-16.2"
    assert (again.is_new, said) == (False, ["going on from the end of 2004-09-16"])


def test_a_killed_run_goes_back_to_the_newest_common_barrier_and_says_so(
    settings: LocalSettings,
) -> None:
    opened(settings)
    exchange = Side(DEPLOYED, "2004-09-16", "2004-10-14", "stopped")
    again, said = beginning(settings, exchange, Side(DEPLOYED, "2004-09-16"))
    assert again.choose("s1", fresh=False) == "2004-09-16"
    assert said == [
        "the last run was not stopped cleanly: going back to the end of 2004-09-16, "
        "the newest state that emulator and exchange both saved"
    ]


def test_a_stop_is_trusted_once_only(settings: LocalSettings) -> None:
    opened(settings)
    names = (DEPLOYED, "2004-09-16")
    beginning(settings, Side(), Side())[0].stopped("2004-09-16")
    beginning(settings, Side(*names), Side(*names))[0].choose("s1", fresh=False)
    again, said = beginning(settings, Side(*names), Side(*names))
    again.choose("s1", fresh=False)
    assert said[0].startswith("the last run was not stopped cleanly")


def test_without_a_common_state_the_replay_starts_over_and_says_so(
    settings: LocalSettings,
) -> None:
    opened(settings)
    (settings.state / "emulator").mkdir()
    again, said = beginning(settings, Side("stopped"), Side())
    assert again.choose("s1", fresh=False) is None
    assert said == ["emulator and exchange share no saved state; the replay starts over"]
    assert not (settings.state / "emulator").exists()


def test_starting_over_reuses_the_deployment_of_the_same_sources(settings: LocalSettings) -> None:
    opened(settings)
    names = (DEPLOYED, "2004-09-16")
    same, _ = beginning(settings, Side(*names), Side(*names))
    assert same.choose("s1", fresh=True) == DEPLOYED
    assert same.is_new is False
    other, _ = beginning(settings, Side(*names), Side(*names))
    assert other.choose("s2", fresh=True) is None
    assert not (settings.state / "deployment").exists()


def test_other_choices_are_refused_with_what_they_were(settings: LocalSettings) -> None:
    opened(settings)
    poorer = replace(settings, cash=Decimal(5000))
    again, _ = beginning(poorer, Side(DEPLOYED), Side(DEPLOYED))
    with pytest.raises(RefusedError, match=r"--cash was 100000 and is 5000; .*--fresh"):
        again.choose("s1", fresh=False)


def test_more_sessions_are_not_another_choice(settings: LocalSettings) -> None:
    opened(settings)
    longer, _ = beginning(replace(settings, sessions=500), Side(DEPLOYED), Side(DEPLOYED))
    assert longer.choose("s1", fresh=False) == DEPLOYED


def test_changed_data_under_the_same_name_is_another_choice(
    settings: LocalSettings, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    own = replace(settings, data=data)
    opened(own)
    (data / "XYZ.csv").write_text("date\n")
    again, _ = beginning(own, Side(DEPLOYED), Side(DEPLOYED))
    with pytest.raises(RefusedError, match="--data was"):
        again.choose("s1", fresh=False)


def test_a_cloud_of_the_user_goes_on_only_after_a_clean_stop(settings: LocalSettings) -> None:
    fresh, _ = beginning(settings, Side(), Side())
    fresh.require_same_cloud(None, fresh=True)
    assert fresh.is_new is True
    opened(settings)
    with pytest.raises(RefusedError, match="not stopped cleanly"):
        beginning(settings, Side(), Side())[0].require_same_cloud("s1", fresh=False)
    with pytest.raises(RefusedError, match="cannot go back to its beginning"):
        beginning(settings, Side(), Side())[0].require_same_cloud("s1", fresh=True)
    beginning(settings, Side(), Side())[0].stopped("2004-09-16")
    again, _ = beginning(settings, Side(), Side())
    again.require_same_cloud("s1", fresh=False)
    assert again.is_new is False
