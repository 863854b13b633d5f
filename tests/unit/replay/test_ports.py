"""Ports: a taken one is replaced or refused, never silently shared."""

from __future__ import annotations

import socket

import pytest

from local.ports import HOST, choose, free_port, is_free
from quantumzero.domain.errors import RefusedError


@pytest.fixture
def taken_port() -> object:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_free_port_is_taken_as_asked() -> None:
    port = free_port()
    assert choose("dashboard", port, any_port=False) == port


def test_a_taken_port_is_replaced_by_a_free_one(taken_port: int) -> None:
    chosen = choose("dashboard", taken_port, any_port=True)
    assert chosen != taken_port
    assert is_free(chosen)


def test_a_taken_port_asked_for_by_name_is_a_clear_error(taken_port: int) -> None:
    with pytest.raises(RefusedError, match=rf"port {taken_port} for the dashboard is taken"):
        choose("dashboard", taken_port, any_port=False)
