"""`qz`: run the product on this machine, look at it, prove it."""

from __future__ import annotations

import os
import sys

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from typer.exceptions import TyperException

from cli.export_commands import export_app
from cli.flatten_command import flatten
from cli.halt_command import halt
from cli.indicator_command import indicator
from cli.local_commands import chaos, down, proof, sim, status, up
from cli.replay_command import replay
from cli.research_commands import backtest, sweep
from cli.strategy_commands import strategy_app
from quantumzero.domain.errors import QuantumZeroError

_INTERRUPTED = 130

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for command in (
    up,
    down,
    status,
    chaos,
    halt,
    flatten,
    proof,
    replay,
    sim,
    backtest,
    sweep,
    indicator,
):
    app.command()(command)
app.add_typer(strategy_app, name="strategy")
app.add_typer(export_app, name="export")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; an error that we foresee is a sentence, never a stack trace.

    1 is for what could not be done, 2 for a command line that cannot be understood.
    """
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = app(given or ["--help"], prog_name="qz", standalone_mode=False)
    except TyperException as error:
        return fail(f"{error.format_message().rstrip('.')}; `qz --help` says what there is", 2)
    except QuantumZeroError as error:
        return fail(str(error), 1)
    except (BotoCoreError, ClientError) as error:
        return fail(f"the local cloud refused or did not answer: {error}; see `qz status`", 1)
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    except BrokenPipeError:
        # Who reads the pipe (head, say) has had enough: what is left has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    # Typer itself turns a Ctrl-C inside a command into this code, and says nothing.
    return fail("interrupted", code) if code == _INTERRUPTED else int(code or 0)


def fail(sentence: str, code: int) -> int:
    """Say on stderr why, and return the exit code."""
    console = Console(stderr=True, highlight=False)
    console.print(f"qz: {sentence}", markup=False, soft_wrap=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
