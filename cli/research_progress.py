"""How far a long computation is: a bar on stderr that leaves nothing behind, and none in a pipe."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[float], None]]:
    """Show a bar and give what moves it: a share of the work from 0 to 1."""
    console = Console(stderr=True, highlight=False)
    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with _heard_interrupts() as raise_if_pressed, bar:
        task = bar.add_task(words, total=1.0)

        def move(share: float) -> None:
            raise_if_pressed()
            bar.update(task, completed=share)

        yield move
        raise_if_pressed()


@contextmanager
def _heard_interrupts() -> Iterator[Callable[[], None]]:
    """Remember a Ctrl-C beside raising it: Python drops what is raised while it tidies up an object.

    Gives what raises it again.
    """
    pressed = threading.Event()

    def hear(*_: object) -> None:
        pressed.set()
        raise KeyboardInterrupt

    def raise_if_pressed() -> None:
        if pressed.is_set():
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield raise_if_pressed  # signals reach the main thread alone
        return
    before = signal.signal(signal.SIGINT, hear)
    try:
        yield raise_if_pressed
    finally:
        signal.signal(signal.SIGINT, before)
