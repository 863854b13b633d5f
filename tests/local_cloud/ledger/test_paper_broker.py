"""The paper broker keeps its whole contract on the emulator, as it does on the table in the tests' own process."""

from __future__ import annotations

import inspect
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.contract.brokers import test_broker, test_paper
from tests.contract.brokers.conftest import paper_market

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.brokers.conftest import PaperMarket
    from tests.local_cloud.emulator.cloud import Cloud

SUITE = [
    check
    for module in (test_broker, test_paper)
    for name, check in vars(module).items()
    if name.startswith("test_")
]
TABLES = count(1)


@pytest.fixture
def paper(cloud: Cloud) -> PaperMarket:
    return paper_market(cloud.client("dynamodb"), f"paper-{next(TABLES)}")


@pytest.fixture
def market(paper: PaperMarket) -> PaperMarket:
    return paper


def test_the_suite_is_there() -> None:
    assert len(SUITE) >= 15


@pytest.mark.parametrize("check", SUITE, ids=lambda check: check.__name__)
def test_on_the_emulator(check: Callable[..., None], request: pytest.FixtureRequest) -> None:
    check(**{name: request.getfixturevalue(name) for name in inspect.signature(check).parameters})
