"""`qz`: run the product on this machine, look at it, prove it."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from cli.local_commands import chaos, down, proof, sim, status, up
from quantumzero.domain.errors import QuantumZeroError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for command in (up, down, status, chaos, proof, sim):
    app.command()(command)


def main() -> None:
    """Run one command; an error that we foresee is one sentence, never a stack trace."""
    try:
        app()
    except QuantumZeroError as error:
        fail(str(error))
    except (BotoCoreError, ClientError) as error:
        fail(f"the local cloud refused or did not answer: {error}; see `qz status` and the logs")


def fail(sentence: str) -> NoReturn:
    """End with a sentence on stderr."""
    console = Console(stderr=True, highlight=False)
    console.print(f"qz: {sentence}", markup=False, soft_wrap=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
