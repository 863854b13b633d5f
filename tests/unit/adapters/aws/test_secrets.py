"""The broker's keys: read once, never shown."""

from __future__ import annotations

from typing import Any

import pytest

from quantumzero.adapters.aws.secrets import read_secret
from quantumzero.domain.errors import CorruptDataError


class Vault:
    """Answers one text, and counts."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.reads = 0

    def get_secret_value(self, **_: Any) -> dict[str, str]:
        self.reads += 1
        return {"SecretString": self.text}


def test_a_secret_is_read_once() -> None:
    vault = Vault('{"key_id": "a", "secret_key": "b"}')
    assert read_secret(vault, "broker") == {"key_id": "a", "secret_key": "b"}
    read_secret(vault, "broker")
    assert vault.reads == 1


@pytest.mark.parametrize("text", ["hunter2", "[]", '{"key_id": 5}'])
def test_a_secret_of_another_shape_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(CorruptDataError, match="JSON object of texts") as caught:
        read_secret(Vault(text), "broker")
    assert "hunter2" not in str(caught.value)
