"""Tables and section frames of the report; cells come as HTML, headings as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.research.report.words import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def section(name: str, title: str, content: str, lead: str = "") -> str:
    """Return one titled part of the page; lead is a sentence below the title, as HTML."""
    sentence = f'<p class="lead">{lead}</p>' if lead else ""
    return (
        f'<section id="{name}" aria-labelledby="{name}-heading">'
        f'<h2 id="{name}-heading">{clean(title)}</h2>{sentence}{content}</section>'
    )


def table(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    style: str = "",
    numeric: Sequence[int] = (),
) -> str:
    """Return a table that scrolls sideways in a narrow window.

    The caption is read aloud, not shown; the first cell of each row is its heading; `numeric` names
    the columns that are aligned to the right.
    """
    figures = frozenset(numeric)

    def style_of(column: int) -> str:
        return ' class="number"' if column in figures else ""

    head = "".join(
        f'<th scope="col"{style_of(column)}>{clean(words)}</th>'
        for column, words in enumerate(headings)
    )
    body = "".join(
        "<tr>"
        + f'<th scope="row"{style_of(0)}>{row[0]}</th>'
        + "".join(f"<td{style_of(place)}>{cell}</td>" for place, cell in enumerate(row[1:], 1))
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{clean(caption)}">'
        f'<table class="{style}"><caption>{clean(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def toned(text: str, tone: str) -> str:
    """Return the text in the colour of a gain or a loss."""
    return f'<span class="{tone}">{text}</span>' if tone else text


def empty(sentence: str) -> str:
    """Return the sentence that stands where a section has nothing to show."""
    return f'<p class="empty">{clean(sentence)}</p>'
