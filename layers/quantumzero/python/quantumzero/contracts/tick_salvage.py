"""Save the good ticks of a record whose fields are not all what they must be.

Slow on purpose: it runs only after the strict decoder refused the record.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from quantumzero.contracts.ticks import FORMAT, QuoteRow, Series, TickRecord
from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.ticks import Reason, Rejection

if TYPE_CHECKING:
    from collections.abc import Iterator

_INT64 = 2**63
_TRADE_FIELDS = ("time", "price", "size", "id")
_QUOTE_FIELDS = ("time", "bid", "ask", "bid_size", "ask_size")


def salvage_record(data: bytes) -> tuple[TickRecord, list[Rejection]]:
    """Return the well-formed part of a record and a rejection for everything else in it.

    Raises CorruptDataError when it is not a tick record of the known format at all.
    """
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CorruptDataError(f"tick record was not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("v") != FORMAT:
        version = document.get("v") if isinstance(document, dict) else type(document).__name__
        raise CorruptDataError(f"record had format {version!r}; the known format is {FORMAT}")
    rejections: list[Rejection] = []
    record = TickRecord(
        FORMAT,
        str(document.get("source", "")),
        series=list(_good_series(_items(document, "series", rejections), rejections)),
        quotes=list(_good_quotes(_items(document, "quotes", rejections), rejections)),
        watermark=_time(document, "watermark", rejections),
        as_of=_time(document, "as_of", rejections),
        unread=[str(text) for text in _items(document, "unread", rejections)],
    )
    return record, rejections


def _items(document: dict[str, Any], name: str, rejections: list[Rejection]) -> list[Any]:
    value = document.get(name, [])
    if isinstance(value, list):
        return value
    rejections.append(_malformed(value, f"{name} was not a list"))
    return []


def _time(document: dict[str, Any], name: str, rejections: list[Rejection]) -> int | None:
    value = document.get(name)
    if value is None or _is_integer(value):
        return value
    rejections.append(_malformed([name, value], f"{name} was {value!r}; it must be microseconds"))
    return None


def _good_series(items: list[Any], rejections: list[Rejection]) -> Iterator[Series]:
    for item in items:
        if not _has_columns(item):
            rejections.append(
                _malformed(item, "series was not [symbol, times, prices, sizes, ids]")
            )
            continue
        symbol, *columns = item
        good = []
        for trade in zip(*columns, strict=True):
            fault = _first_fault(_TRADE_FIELDS, trade)
            if fault is None:
                good.append(trade)
            else:
                rejections.append(_malformed([symbol, *trade], fault))
        if good:
            yield Series(symbol, *(list(column) for column in zip(*good, strict=True)))


def _has_columns(item: object) -> bool:
    return (
        isinstance(item, list)
        and len(item) == 5
        and isinstance(item[0], str)
        and all(isinstance(column, list) for column in item[1:])
        and len({len(column) for column in item[1:]}) == 1
    )


def _good_quotes(items: list[Any], rejections: list[Rejection]) -> Iterator[QuoteRow]:
    for item in items:
        if not isinstance(item, list) or len(item) != 6 or not isinstance(item[0], str):
            rejections.append(_malformed(item, "quote was not [symbol, time, bid, ask, sizes]"))
            continue
        fault = _first_fault(_QUOTE_FIELDS, item[1:])
        if fault is None:
            yield QuoteRow(*item)
        else:
            rejections.append(_malformed(item, fault))


def _first_fault(names: tuple[str, ...], values: Any) -> str | None:
    for name, value in zip(names, values, strict=True):
        if not _is_integer(value):
            return f"{name} was {value!r}; it must be a 64-bit integer"
    return None


def _is_integer(value: object) -> bool:
    return type(value) is int and -_INT64 <= value < _INT64


def _malformed(value: object, detail: str) -> Rejection:
    return Rejection(Reason.MALFORMED, json.dumps(value), detail)
