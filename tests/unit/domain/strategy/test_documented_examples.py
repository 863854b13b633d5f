"""What docs/strategies.md shows is what the language does: documents, functions and messages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quantumzero.contracts.followed_market import FollowedMarket, unfollowed
from quantumzero.contracts.strategy_document import DocumentError, parse_document
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.domain.strategy.functions import FUNCTIONS

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "strategies.md").read_text()
EXAMPLES = sorted((ROOT / "tests" / "examples").glob("*.yaml"))
DOCUMENTS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
MESSAGES = re.findall(
    r"^(\S.*)\n  (\d+): (.*)$",
    "\n".join(re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)),
    re.MULTILINE,
)
TABLED = re.findall(r"^\| [^|`]+ \| `(line \d.*?)` \|$", PAGE, re.MULTILINE)

LEAVE = 'exit: {long: "close < open"}\n'
HEAD = "strategy: page\nversion: 1\nuniverse: [AAPL]\ntimeframe: 1d\n"
SIZE = "sizing: {percent_of_equity: 10}\n"
ENTER = 'entry: {long: "close > open"}\n'
WHOLE = HEAD + ENTER + LEAVE + SIZE
FAULTY = (
    HEAD + ENTER + LEAVE,
    HEAD.replace("universe", "univers") + ENTER + LEAVE + SIZE,
    HEAD.replace("1d", "1day") + ENTER + LEAVE + SIZE,
    HEAD + 'entry: {long: "close > open", short: close < open}\n' + LEAVE + SIZE,
    WHOLE + "protect: {stop_loss: {percent: 3, atr: 14, multiple: 2}}\n",
    WHOLE + "execution: {order: limit}\n",
    HEAD + "entry: {long: close > sma(close, 20)}\n" + LEAVE + SIZE,
    HEAD + "weights: close / open -> equals\n",
    HEAD + "weights: close / open -> equal\n" + SIZE,
    HEAD.replace("AAPL", "TSLA") + ENTER + LEAVE + SIZE,
)
FOLLOWED = FollowedMarket(("AAPL", "IBM", "MSFT", "GOOG"), ("1d",))


def messages_of(document: str) -> list[str]:
    try:
        parsed = parse_document(document)
    except DocumentError as error:
        return [str(problem) for problem in error.problems]
    return [str(problem) for problem in unfollowed(document, parsed, FOLLOWED)]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_document_of_the_page_is_accepted(document: str) -> None:
    compiled = compile_strategy(parse_document(document))
    assert compiled.warm_up_bars > 0


def test_the_page_shows_exactly_the_example_files() -> None:
    assert sorted(path.read_text() for path in EXAMPLES) == sorted(DOCUMENTS)


@pytest.mark.parametrize(("expression", "column", "message"), MESSAGES)
def test_an_expression_is_refused_with_the_message_of_the_page(
    expression: str, column: str, message: str
) -> None:
    with pytest.raises(DocumentError) as refusal:
        parse_document(f"{HEAD}entry:\n  long: {expression}\n{LEAVE}{SIZE}")
    place = int(column) + len("  long: ")
    told = [str(problem) for problem in refusal.value.problems]
    assert told == [f"line 6, column {place}: entry.long: {message}"]


def test_the_page_shows_messages_of_expressions() -> None:
    assert len(MESSAGES) == 16


@pytest.mark.parametrize(("document", "message"), list(zip(FAULTY, TABLED, strict=True)))
def test_a_document_is_refused_with_the_message_of_the_page(document: str, message: str) -> None:
    assert message in messages_of(document)


def test_the_page_links_to_the_functions_and_names_every_one_that_compares_members() -> None:
    assert "[All functions](functions.md)" in PAGE
    across = {each.name for each in FUNCTIONS.values() if each.across}
    line = next(line for line in PAGE.splitlines() if line.startswith("- `rank`"))
    assert across == set(re.findall(r"`(\w+)`", line))
