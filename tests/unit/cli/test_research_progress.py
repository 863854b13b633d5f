"""A Ctrl-C is heard even where Python drops it."""

from __future__ import annotations

import os
import signal

import pytest

from cli.research_progress import progress_bar


class Swallows:
    """Presses Ctrl-C while Python tidies the object up: what is raised there is dropped."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


def pressed_between(before: tuple[float, ...], after: tuple[float, ...]) -> None:
    """Run a work that says how far it is, with a press that is dropped on its way."""
    with progress_bar("work") as move:
        for share in before:
            move(share)
        Swallows()
        for share in after:
            move(share)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_press_that_python_drops_stops_the_run_at_its_next_word() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        pressed_between((0.1,), (0.2,))
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_press_that_is_dropped_after_the_last_word_still_counts() -> None:
    with pytest.raises(KeyboardInterrupt):
        pressed_between((1.0,), ())
