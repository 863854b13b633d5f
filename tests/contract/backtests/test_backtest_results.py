"""Results: what was put comes back, twice is once, and a link is an address that is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from quantumzero.domain.errors import NotFoundError

if TYPE_CHECKING:
    from tests.contract.backtests.conftest import Stores


def test_the_view_comes_back_exactly(stores: Stores) -> None:
    view = {"final_equity": "100010.10", "metrics": {"sharpe": 0.1 + 0.2, "sortino": None}}
    for _ in range(2):
        stores.results.put("a", {"equity": [["2005-01-03T21:00:00Z", "1"]]}, view)
    assert stores.results.view("a") == view


def test_a_result_that_is_not_there_is_said_to_be_missing(stores: Stores) -> None:
    with pytest.raises(NotFoundError, match="no result"):
        stores.results.view("b")


def test_links_name_the_whole_result_and_the_report_when_there_is_one(stores: Stores) -> None:
    stores.results.put("a", {}, {})
    stores.results.put_report("a", "<!doctype html>")
    whole, report = stores.results.links("a", report=True)
    assert report is not None
    assert urlsplit(whole).path.endswith("backtests/a.json.gz")
    assert urlsplit(report).path.endswith("backtests/a.html")
    assert "sign" in urlsplit(whole).query.lower()
    assert stores.results.links("a", report=False)[1] is None
