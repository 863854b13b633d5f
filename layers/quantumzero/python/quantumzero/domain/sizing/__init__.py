"""How many shares an entry is for: one method a file, each rounded down to lots; a size of zero has its reason."""

from __future__ import annotations

from quantumzero.domain.sizing.percent_of_equity import percent_of_equity

__all__ = ["percent_of_equity"]
