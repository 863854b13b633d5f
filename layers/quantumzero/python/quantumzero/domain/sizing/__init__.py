"""How many shares an entry is for: one method a file, each rounded down to lots; a size of zero has its reason."""

from __future__ import annotations

from quantumzero.domain.sizing.percent_of_equity import percent_of_equity
from quantumzero.domain.sizing.size_request import SizeRequest, entry_money, entry_size

__all__ = ["SizeRequest", "entry_money", "entry_size", "percent_of_equity"]
