"""What was measured and how the run was made: metrics, settings, refusals."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from quantumzero.research.report.tables import empty, section, table
from quantumzero.research.report.words import clean, count, instant, quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from quantumzero.research.result import BacktestResult

_MOST_REFUSALS = 200


def settings_section(result: BacktestResult) -> str:
    """Return everything that decides the result: equal settings, equal result."""
    rows = [
        ("Strategy", f"{clean(result.strategy)}, version {result.version}"),
        ("Key of the result", f"<code>{clean(result.key)}</code>"),
        ("Instruments", clean(", ".join(result.symbols))),
        ("Sessions a year", f"{result.sessions_per_year:g}"),
    ]
    rows += [
        (f"Parameter {clean(name)}", clean(value)) for name, value in result.parameters.items()
    ]
    rows += [(_name(name), _code(value)) for name, value in _flat(result.conventions)]
    lead = "The same document, data, engine and settings give the same key and the same figures."
    content = table("Settings of this run", ["Setting", "Value"], rows, style="facts")
    return section("settings", "Settings", content, lead)


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}: ")
        else:
            yield prefix + name, value


def _name(name: str) -> str:
    return clean(name.replace("_", " ").capitalize())


def _code(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return clean(", ".join(str(part) for part in value)) or "none"
    text = str(value)
    return f"<code>{clean(text)}</code>" if len(text) >= 32 and " " not in text else clean(text)


def refusals_section(result: BacktestResult) -> str:
    """Return the orders that a risk control stopped, counted by code, and the first of them."""
    refusals = result.refusals
    title = "Refused orders"
    if not refusals:
        return section("refusals", title, empty("No order was refused."))
    codes = Counter(refusal.code for refusal in refusals)
    counted = ", ".join(f"{count(number)} {clean(code)}" for code, number in codes.most_common())
    rows = [
        [
            instant(refusal.time), clean(refusal.symbol), clean(refusal.side),
            quantity(refusal.quantity), f"<code>{clean(refusal.code)}</code>", clean(refusal.text),
        ]
        for refusal in refusals[:_MOST_REFUSALS]
    ]  # fmt: skip
    lead = f"{counted}; the codes are those of live trading."
    if len(refusals) > len(rows):
        lead += f" The first {len(rows)} are listed."
    headings = ["Decided (UTC)", "Symbol", "Side", "Quantity", "Code", "Why"]
    content = table("Refused orders", headings, rows, numeric=(3,), style="refusals")
    return section("refusals", title, content, lead)
