"""What can be known to be wrong is said before anything is started, with the place where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from local import preflight
from local.market_data.loading import load_market_data
from local.preflight import check_parts, check_strategy, choose_market
from local.settings import LocalSettings
from quantumzero.domain.errors import InvalidInputError, RefusedError
from tests.fakes import own_market

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def settings(tmp_path: Path) -> LocalSettings:
    return LocalSettings(home=tmp_path / "home")


def with_document(settings: LocalSettings, folder: Path, text: str) -> LocalSettings:
    file = folder / "mine.yaml"
    file.write_text(text)
    return replace(settings, strategy=file)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_symbols_and_first_session_follow_the_users_data(
    settings: LocalSettings, tmp_path: Path, kind: str
) -> None:
    said: list[str] = []
    data = own_market.write_files(tmp_path / kind, kind)
    chosen = choose_market(replace(settings, data=data), None, said.append)
    assert (chosen.symbols, chosen.first_session) == ("ABC,XYZ", "2024-01-02")
    assert said == [
        "the data holds 40 sessions from 2024-01-02 to 2024-02-28, fewer than the 260 asked for; "
        "all are replayed"
    ]
    check_strategy(with_document(chosen, tmp_path, own_market.DOCUMENT))


def test_parquet_and_csv_of_the_same_bars_print_the_same_ticks(tmp_path: Path) -> None:
    kinds = [
        load_market_data(own_market.write_files(tmp_path / kind, kind))
        for kind in ("csv", "parquet")
    ]
    days = own_market.session_dates()
    first, second = ([market.ticks(day) for day in days] for market in kinds)
    assert first == second
    assert [split.symbol for split in kinds[1].splits] == ["ABC"]


def test_the_embedded_data_begins_where_all_four_trade(settings: LocalSettings) -> None:
    said: list[str] = []
    chosen = choose_market(settings, None, said.append)
    assert chosen.first_session == "2004-08-19"
    assert set(chosen.symbols.split(",")) == {"AAPL", "GOOG", "IBM", "MSFT"}
    assert said == []


def test_a_first_session_beyond_the_data_names_what_there_is(settings: LocalSettings) -> None:
    with pytest.raises(InvalidInputError, match=r"2020-01-01 .*holds 2000-03-01 to 2013-03-01"):
        choose_market(settings, "2020-01-01", print)


def test_a_bad_row_is_named_by_file_line_and_column(
    settings: LocalSettings, tmp_path: Path
) -> None:
    data = own_market.write_files(tmp_path / "data", "csv")
    lines = (data / "XYZ.csv").read_text().splitlines()
    day, _, *rest = lines[7].split(",")
    lines[7] = ",".join([day, "fifty", *rest])
    (data / "XYZ.csv").write_text("\n".join(lines))
    with pytest.raises(InvalidInputError, match=r"XYZ.csv, line 8, column 'open': was 'fifty'"):
        choose_market(replace(settings, data=data), None, print)


def test_a_fault_of_the_strategy_is_named_by_file_line_and_column(
    settings: LocalSettings, tmp_path: Path
) -> None:
    text = own_market.DOCUMENT.replace("sma(close, 5)", "smaa(close, 5)", 1)
    bad = with_document(replace(settings, symbols="ABC,XYZ"), tmp_path, text)
    with pytest.raises(InvalidInputError) as caught:
        check_strategy(bad)
    assert str(caught.value) == (
        f"{bad.strategy}:5:43: entry.long: the function smaa does not exist; did you mean sma?"
    )


def test_a_symbol_that_the_data_lacks_is_named_in_its_place(
    settings: LocalSettings, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_strategy(with_document(settings, tmp_path, own_market.DOCUMENT))
    assert f"{tmp_path / 'mine.yaml'}:3:12: universe[0]: no market data is followed for XYZ" in str(
        caught.value
    )
    assert "the data holds AAPL,IBM,MSFT,GOOG, and a replay goes" in str(caught.value)


def test_a_timeframe_that_a_replay_by_sessions_cannot_trade_is_refused(
    settings: LocalSettings, tmp_path: Path
) -> None:
    text = own_market.DOCUMENT.replace("1d", "1h")
    hourly = with_document(replace(settings, symbols="ABC,XYZ"), tmp_path, text)
    with pytest.raises(InvalidInputError, match=r":4:12: timeframe: no bars of 1h are built here"):
        check_strategy(hourly)


def test_what_is_not_traded_live_yet_is_not_replayed_either(
    settings: LocalSettings, tmp_path: Path
) -> None:
    text = own_market.DOCUMENT + "execution: {time_in_force: gtc}\n"
    patient = with_document(replace(settings, symbols="ABC,XYZ"), tmp_path, text)
    with pytest.raises(InvalidInputError) as caught:
        check_strategy(patient)
    assert str(caught.value).startswith(f"{patient.strategy}: strategy ")
    assert "cannot trade live yet: it uses time_in_force gtc (execution.time_in_force);" in str(
        caught.value
    )


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("EMULATOR_PYTHON", "the emulator's own environment"),
        ("SITE", "the web app"),
        ("CDK", "the CDK"),
    ],
)
def test_a_part_that_was_not_built_says_make_setup(
    settings: LocalSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
    words: str,
) -> None:
    for one in ("EMULATOR_PYTHON", "SITE", "CDK"):
        there = tmp_path / one
        there.mkdir()
        (there / "index.html").touch()
        monkeypatch.setattr(preflight, one, there)
    check_parts(settings)
    monkeypatch.setattr(preflight, part, tmp_path / "nowhere")
    with pytest.raises(RefusedError, match=f"{words} was not found .*make setup"):
        check_parts(settings)


def test_an_unknown_cloud_names_those_there_are(settings: LocalSettings) -> None:
    with pytest.raises(InvalidInputError, match="CLOUD was 'azure'; it may be ministack or"):
        check_parts(replace(settings, cloud="azure"))
