"""Replace exact pieces of ministack's source, and refuse to start when they are not there.

Every patch names the text that it takes out. ministack is pinned exactly; when a new release
changes a text, the launcher stops with the name of the patch instead of running with behaviour
that nobody checked.
"""

from __future__ import annotations

import inspect
import textwrap
from dataclasses import dataclass
from typing import Any

_REWRITTEN = "qz_rewritten_source"


class SourceChangedError(RuntimeError):
    """A text that a patch replaces is not in ministack exactly as often as expected."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """One text of ministack that a patch replaced, and where it stood."""

    target: str
    text: str


REPLACEMENTS: list[Replacement] = []


def confirm(target: str, source: str, text: str) -> None:
    """Raise SourceChangedError unless the text is in the source exactly once; note the place."""
    found = source.count(text)
    if found != 1:
        raise SourceChangedError(
            f"{target} held the text {text!r} {found} times, expected once: "
            "ministack changed, so read its new source and adapt the patch before raising the pin"
        )
    REPLACEMENTS.append(Replacement(target, text))


def rewrite(owner: Any, name: str, old: str, new: str, **names: Any) -> None:
    """Compile a function of a module or class again with one text replaced.

    `names` become globals of the function's module under a `qz_` prefix, so the new text can call
    them.
    """
    function = getattr(owner, name)
    source = source_of(function)
    confirm(f"{function.__module__}.{function.__qualname__}", source, old)
    changed = source.replace(old, new)
    scope = function.__globals__
    scope.update({f"qz_{key}": value for key, value in names.items()})
    made: dict[str, Any] = {}
    code = compile(changed, f"<{function.__module__}.{function.__qualname__}, patched>", "exec")
    exec(code, scope, made)  # noqa: S102 - ministack's own function, one text changed
    rewritten = made[function.__name__]
    rewritten.__qualname__ = function.__qualname__
    setattr(rewritten, _REWRITTEN, changed)
    setattr(owner, name, rewritten)


def rewrite_text(owner: Any, name: str, old: str, new: str) -> None:
    """Replace one text inside a string constant, such as the script that a worker process runs."""
    text = getattr(owner, name)
    confirm(f"{owner.__name__}.{name}", text, old)
    setattr(owner, name, text.replace(old, new))


def expect(function: Any, *texts: str) -> None:
    """Confirm texts of a function that a patch replaces or wraps as a whole."""
    source = source_of(function)
    for text in texts:
        confirm(f"{function.__module__}.{function.__qualname__}", source, text)


def source_of(function: Any) -> str:
    """Return the dedented source of a function, also of one that an earlier patch rewrote."""
    rewritten: str | None = getattr(function, _REWRITTEN, None)
    return rewritten or textwrap.dedent(inspect.getsource(function))
