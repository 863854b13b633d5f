"""Releases: built without credentials, deployed with a role of one hour, live only after approval."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

FILE = Path(__file__).resolve().parents[2] / ".github" / "workflows" / "deploy.yml"


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text())["jobs"]
    return found


def test_every_action_is_pinned_to_a_commit() -> None:
    used = re.findall(r"uses: \S+@(\S+)", FILE.read_text())
    assert used
    assert [pin for pin in used if not re.fullmatch(r"[0-9a-f]{40}", pin)] == []


def test_the_build_has_no_way_to_credentials(jobs: dict[str, Any]) -> None:
    assert "permissions" not in jobs["build"]
    assert yaml.safe_load(FILE.read_text())["permissions"] == {"contents": "read"}


def test_deployments_take_a_role_by_token_and_hold_no_keys(jobs: dict[str, Any]) -> None:
    assert "secrets." not in FILE.read_text()
    for name in ("paper", "live"):
        assert jobs[name]["permissions"] == {"contents": "read", "id-token": "write"}
        roles = [
            step["with"]["role-to-assume"]
            for step in jobs[name]["steps"]
            if "aws" in str(step) and "role-to-assume" in step.get("with", {})
        ]
        assert roles == ["${{ vars.AWS_DEPLOY_ROLE_ARN }}"]


def test_live_follows_paper_and_waits_for_approval(jobs: dict[str, Any]) -> None:
    assert (jobs["paper"]["needs"], jobs["live"]["needs"]) == ("build", "paper")
    assert jobs["live"]["environment"] == "production"
    assert [jobs[name]["env"]["STAGE"] for name in ("paper", "live")] == ["paper", "live"]
