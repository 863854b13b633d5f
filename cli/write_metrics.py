"""`python -m cli.write_metrics [--check]`: write docs/metrics.md from the definitions, or say that it
has drifted."""

from __future__ import annotations

import sys
from pathlib import Path

from quantumzero.research.metrics.documentation import page

PAGE = Path(__file__).resolve().parents[1] / "docs" / "metrics.md"


def main(arguments: list[str]) -> int:
    """Write the page, or with --check compare it; the answer is the exit status."""
    text = page()
    if "--check" not in arguments:
        PAGE.write_text(text)
        return 0
    if PAGE.exists() and PAGE.read_text() == text:
        return 0
    sys.stderr.write(f"{PAGE} differs; run `python -m cli.write_metrics` and commit it\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
