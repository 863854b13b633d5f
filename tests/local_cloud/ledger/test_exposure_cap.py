"""The exposure limit under a crowd of deciders; exposure_cap.py runs it with any number of signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.local_cloud.ledger.exposure_cap import crowd

if TYPE_CHECKING:
    import pytest

    from tests.local_cloud.emulator.cloud import Cloud

SIGNALS = 200


def test_approvals_never_pass_the_limit(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    came = crowd(cloud.client("dynamodb"), SIGNALS)
    assert came.deliveries == 240
    assert came.injected >= 20
    with capsys.disabled():
        print(f"\n{came}")
