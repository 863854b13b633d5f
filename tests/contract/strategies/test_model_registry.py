"""Champions: only what was approved is ever used."""

from __future__ import annotations

import hashlib
import json

import pytest

from quantumzero.domain.errors import CorruptDataError

MODEL = json.dumps(
    {
        "name": "gate", "version": 4, "kind": "logistic",
        "features": ["rsi(close, 14)"], "weights": [0.1], "intercept": -5,
    }
)  # fmt: skip


def test_an_approved_model_scores_and_an_unknown_name_has_none(stores):
    stores.models.approve("gate", MODEL, hashlib.sha256(MODEL.encode()).hexdigest())
    champion = stores.models.champion("gate")
    assert (champion.name, champion.version) == ("gate", 4)
    assert champion.score({"rsi(close, 14)": 50.0}) == 0.5
    assert stores.models.champion("other") is None


def test_a_model_that_was_changed_after_its_approval_is_refused(stores):
    stores.models.approve(
        "gate", MODEL.replace("-5", "5"), hashlib.sha256(MODEL.encode()).hexdigest()
    )
    with pytest.raises(CorruptDataError, match="the approved one is"):
        stores.models.champion("gate")
