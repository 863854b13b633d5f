"""Splits from Alpaca's corporate actions."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from quantumzero.domain.bars import Split
from quantumzero.domain.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from quantumzero.adapters.brokers.alpaca_http import AlpacaHttp

_KINDS = ("forward_splits", "reverse_splits")


class AlpacaCorporateActions:
    """Implements CorporateActions on the market-data address."""

    def __init__(self, http: AlpacaHttp) -> None:
        self._http = http

    def splits(self, symbols: Sequence[str], *, since: date, until: date) -> Sequence[Split]:
        """Return splits with an ex-date from since to until, by date and symbol, every page."""
        parameters = {
            "symbols": ",".join(symbols),
            "types": "forward_split,reverse_split",
            "start": since.isoformat(),
            "end": until.isoformat(),
            "limit": "1000",
        }
        found: list[Split] = []
        while True:
            answer = self._http.get("/v1/corporate-actions", parameters)
            try:
                found += _splits(answer.body["corporate_actions"])
                token = answer.body.get("next_page_token")
            except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
                raise UnavailableError(
                    f"corporate actions were not readable ({answer.status}): {error!r}"
                ) from error
            if not token:
                return sorted(found, key=lambda each: (each.ex_date, each.symbol))
            parameters["page_token"] = str(token)


def _splits(actions: Mapping[str, Any]) -> Iterator[Split]:
    for kind in _KINDS:
        for action in actions.get(kind) or ():
            # Rates may have decimals; the ratio in lowest terms is what counts.
            ratio = Fraction(str(action["new_rate"])) / Fraction(str(action["old_rate"]))
            ex_date = date.fromisoformat(action["ex_date"]).isoformat()
            yield Split(str(action["symbol"]), ex_date, ratio.numerator, ratio.denominator)
