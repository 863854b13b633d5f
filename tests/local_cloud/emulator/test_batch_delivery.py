"""The failure semantics of stream mappings, rule by rule, without a running emulator."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local.emulator.mappings.batch import (
    FailurePolicy,
    Hands,
    StreamRecord,
    deliver,
    first_failure,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Answer = dict[str, Any]
FINE: Answer = {"body": None}
RAISED: Answer = {"error": True, "body": {}}


@dataclass
class Consumer:
    """A function and its surroundings, with everything that happened to them."""

    answer: Callable[[list[str]], Answer]
    stop_after: int = 10_000
    calls: list[list[str]] = field(default_factory=list)
    given_up: list[tuple[list[str], str, int]] = field(default_factory=list)
    position: int | str = ""
    pauses: list[float] = field(default_factory=list)

    def run(self, texts: Sequence[str], policy: FailurePolicy, now: float = 0.0) -> bool:
        hands = Hands(
            invoke=self._invoke,
            discard=lambda records, condition, count: self.given_up.append(
                ([record.sequence_number for record in records], condition, count)
            ),
            commit=self._commit,
            stopped=lambda: len(self.calls) >= self.stop_after,
            now=lambda: now,
            pause=self.pauses.append,
        )
        records = [StreamRecord(text, text, 0.0, {"text": text}) for text in texts]
        return deliver(records, policy, hands)

    def _invoke(self, events: list[dict[str, Any]]) -> Answer:
        texts = [event["text"] for event in events]
        self.calls.append(texts)
        return self.answer(texts)

    def _commit(self, position: int | str) -> None:
        assert str(position) > str(self.position), "a position went backwards"
        self.position = position


def policy(**changes: Any) -> FailurePolicy:
    """Return a mapping's policy from its AWS names."""
    return FailurePolicy.of(changes)


def _raises_on(poison: str) -> Callable[[list[str]], Answer]:
    return lambda texts: RAISED if poison in texts else FINE


def test_a_batch_that_succeeds_is_called_once_and_committed() -> None:
    consumer = Consumer(lambda _: FINE)
    assert consumer.run(["a", "b"], policy())
    assert (consumer.calls, consumer.position) == ([["a", "b"]], "b")


def test_the_whole_batch_is_given_up_after_the_last_retry_without_bisecting() -> None:
    consumer = Consumer(_raises_on("b"))
    consumer.run(["a", "b", "c"], policy(MaximumRetryAttempts=2))
    assert consumer.calls == [["a", "b", "c"]] * 3
    assert consumer.given_up == [(["a", "b", "c"], "RetryAttemptsExhausted", 3)]
    assert consumer.position == "c"


def test_bisecting_finds_the_one_bad_record_and_uses_no_retries() -> None:
    consumer = Consumer(_raises_on("c"))
    consumer.run(
        ["a", "b", "c", "d"], policy(MaximumRetryAttempts=1, BisectBatchOnFunctionError=True)
    )
    assert consumer.calls == [["a", "b", "c", "d"], ["a", "b"], ["c", "d"], ["c"], ["c"], ["d"]]
    assert consumer.given_up == [(["c"], "RetryAttemptsExhausted", 2)]


def test_a_partial_response_retries_from_the_lowest_failed_record() -> None:
    failed_once: list[str] = []

    def answer(texts: list[str]) -> Answer:
        if "c" in texts and not failed_once:
            failed_once.append("c")
            return {"body": {"batchItemFailures": [_item("d"), _item("c")]}}
        return FINE

    consumer = Consumer(answer)
    reports = policy(MaximumRetryAttempts=5, FunctionResponseTypes=["ReportBatchItemFailures"])
    consumer.run(["a", "b", "c", "d"], reports)
    assert consumer.calls == [["a", "b", "c", "d"], ["c", "d"]]
    assert not consumer.given_up


def test_partial_responses_are_read_as_the_developer_guide_says() -> None:
    records = [StreamRecord(name, name, 0.0, {}) for name in ("a", "b")]

    def first(body: Any, reports: bool = True) -> int | None:
        return first_failure(records, {"body": body}, reports)

    successes: tuple[Any, ...] = (
        None,
        "",
        {},
        {"batchItemFailures": []},
        {"batchItemFailures": None},
    )
    assert [first(body) for body in successes] == [None] * 5
    for unknown in (_item("z"), _item(""), _item(None), {}, "b"):
        assert first({"batchItemFailures": [unknown]}) == 0
    assert first({"batchItemFailures": [_item("b")]}) == 1
    assert first({"batchItemFailures": [_item("b")]}, reports=False) is None


def test_without_a_limit_retries_go_on_with_growing_pauses_until_stopped() -> None:
    consumer = Consumer(lambda _: RAISED, stop_after=12)
    assert not consumer.run(["a"], policy(MaximumRetryAttempts=-1))
    assert len(consumer.calls) == 12
    assert consumer.pauses[:4] == [0.05, 0.1, 0.2, 0.4]
    assert max(consumer.pauses) == 1.0
    assert (consumer.position, consumer.given_up) == ("", [])


def test_records_that_are_too_old_are_given_up_before_a_call() -> None:
    consumer = Consumer(lambda _: FINE)
    consumer.run(["a", "b"], policy(MaximumRecordAgeInSeconds=10), now=11.0)
    assert consumer.calls == []
    assert consumer.given_up == [(["a", "b"], "MaxRecordAgeExceeded", 0)]
    assert consumer.position == "b"


def test_a_failure_while_stopping_is_not_held_against_the_records() -> None:
    consumer = Consumer(lambda _: RAISED, stop_after=1)
    assert not consumer.run(["a"], policy(MaximumRetryAttempts=0))
    assert (consumer.given_up, consumer.position) == ([], "")


def _item(name: str | None) -> dict[str, str | None]:
    return {"itemIdentifier": name}
