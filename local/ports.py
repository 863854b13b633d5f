"""Ports on 127.0.0.1: a preferred one when it is free, else a free one, else a clear error."""

from __future__ import annotations

import socket

from quantumzero.domain.errors import RefusedError

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Say whether the port can be listened on now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Say whether something listens on the port now."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def free_port() -> int:
    """Return a port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def choose(name: str, preferred: int, *, any_port: bool) -> int:
    """Return preferred when free; otherwise a free one, or an error when the port was asked for by name."""
    if preferred == 0:
        return free_port()
    if is_free(preferred):
        return preferred
    if any_port:
        return free_port()
    raise RefusedError(
        f"port {preferred} for the {name} is taken by another program; "
        f"stop that program, or choose another with --{name}-port"
    )
