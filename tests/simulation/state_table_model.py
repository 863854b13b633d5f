"""The world around one order, as small as it can be and still go wrong; every step of the order is the product's own.

Two submitters, a network that loses and delays, a broker that fills and cancels, news that is lost or comes late and
out of order, a sweep, a halt and a market that moves on. Nothing is drawn: every choice is another successor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from quantumzero.domain import order_lifecycle as life
from quantumzero.domain.order_snapshots import apply_snapshot
from quantumzero.domain.orders import BrokerOrder, OrderRecord, OrderState, OrderTerms, Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quantumzero.domain.order_lifecycle import Transition

NOW = datetime(2005, 3, 1, 21, 0, tzinfo=UTC)
PRICE = Decimal(5)
TERMS = OrderTerms("qz1-table", "d", "s", "AAPL", Side.BUY, Decimal(2))
IDLE, CLAIMED, WAITING, REFUSED = "idle", "claimed", "waiting", "refused"
_GIVEN_UP = (OrderState.REJECTED, OrderState.ABANDONED, OrderState.DENIED)
_WORKING = (OrderState.ACCEPTED, OrderState.PARTIAL)
_OPEN = ("new", "partially_filled")
# Every order met so far: a world holds its place here, so that worlds compare and hash by small numbers.
_RECORDS: list[OrderRecord] = []
_PLACES: dict[OrderRecord, int] = {}

Word = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Rules:
    """What is assumed and what is planted.

    quiet: A1, nothing is on its way any more when the quiet period has passed. lease: A2, a submitter is gone when its
    lease has passed. restored: the table was restored from before the order, the decision was refused this time, and
    the broker has the order. The rest are the product's own rules; False plants the mistake.
    """

    quiet: bool = True
    lease: bool = True
    restored: bool = False
    resurrects: bool = True
    timeout_is_unknown: bool = True
    sends: int = 3


@dataclass(frozen=True, slots=True)
class World:
    """One state. words are what the broker has ever said, newest last; submitters hold (phase, claim).

    flying are the claims whose request is on its way, refused says that the broker ever refused one.
    """

    order: int
    submitters: tuple[tuple[str, str | None], ...] = ((IDLE, None), (IDLE, None))
    flying: tuple[str, ...] = ()
    sends: int = 0
    words: tuple[Word, ...] = ()
    refused: bool = False
    halted: bool = False
    stale: bool = False

    @property
    def record(self) -> OrderRecord:
        return _RECORDS[self.order]

    @property
    def alive(self) -> bool:
        """Whether the broker may still fill the order."""
        return bool(self.words) and self.words[-1][0] in _OPEN


def first_world(rules: Rules) -> World:
    """Return the world after the decision: an intent, reserved, not sent; restored, it is refused here and was sent."""
    if rules.restored:
        step = life.deny(TERMS, at=NOW, reference_price=PRICE, code="HALTED", reason="refused")
        return World(_plain(step), words=(("new", 0),), sends=rules.sends)
    step = life.intend(TERMS, at=NOW, recorded_at=NOW, reference_price=PRICE)
    return World(_plain(step))


def successors(world: World, rules: Rules) -> Iterator[tuple[str, World]]:
    """Yield everything that may happen next, named."""
    for who in range(len(world.submitters)):
        yield from _submit(world, who, rules)
    yield from _network(world)
    yield from _broker(world)
    yield from _news(world, rules)
    yield from _sweep(world, rules)
    if not world.halted:
        yield "halt", replace(world, halted=True)
    if not world.stale:
        yield "market moves on", replace(world, stale=True)


def _submit(world: World, who: int, rules: Rules) -> Iterator[tuple[str, World]]:
    phase, claim = world.submitters[who]
    record, name = world.record, f"submitter {who + 1}"
    if phase == IDLE:
        ready = record.state is OrderState.INTENT or (
            record.state is OrderState.UNKNOWN and record.retry_allowed
        )
        if ready and not world.halted and not world.stale and world.sends < rules.sends:
            claim = f"{name}, send {world.sends + 1}"
            step = life.claim(record, claim_id=claim, now=NOW, lease_until=NOW)
            claimed = _with(world, who, CLAIMED, claim, order=_plain(step))
            yield f"{name} claims", replace(claimed, sends=world.sends + 1)
        return
    yield f"{name} dies", _with(world, who, IDLE, None)
    if phase == CLAIMED and claim is not None:
        sent = _with(world, who, WAITING, claim)
        yield f"{name} sends", replace(sent, flying=tuple(sorted((*world.flying, claim))))
        return
    if phase == REFUSED:
        yield (
            f"{name} hears a refusal",
            _with(world, who, IDLE, None, order=_refuse(world.order, claim)),
        )
    elif world.words and claim not in world.flying:
        heard = _apply(world.order, world.words[-1], len(world.words), rules)
        yield f"{name} hears the order", _with(world, who, IDLE, None, order=heard)
    silent = _time_out(world.order, claim, rules)
    yield f"{name} times out", _with(world, who, IDLE, None, order=silent)


def _network(world: World) -> Iterator[tuple[str, World]]:
    for claim in world.flying:
        landed = replace(world, flying=tuple(each for each in world.flying if each != claim))
        yield "a request is lost", landed
        if world.words:
            # The broker knows the id: a second arrival is refused as a repetition.
            yield "a request arrives again", landed
            continue
        yield "a request arrives", replace(landed, words=(("new", 0),))
        submitters = tuple(
            (REFUSED, held) if (phase, held) == (WAITING, claim) else (phase, held)
            for phase, held in world.submitters
        )
        refused = replace(landed, refused=True, submitters=submitters)
        yield "a request arrives and is refused", refused


def _broker(world: World) -> Iterator[tuple[str, World]]:
    if not world.alive:
        return
    filled = world.words[-1][1] + 1
    status = "filled" if filled == TERMS.quantity else "partially_filled"
    yield f"the broker fills {filled}", _say(world, (status, filled))
    so_far = world.words[-1][1]
    if world.record.cancel_requested or world.halted:
        yield "the broker cancels", _say(world, ("canceled", so_far))
    yield "the order expires", _say(world, ("expired", so_far))
    yield "somebody replaces the order", _say(world, ("replaced", so_far))
    if not so_far:
        yield "the broker rejects it later", replace(_say(world, ("rejected", 0)), refused=True)


def _news(world: World, rules: Rules) -> Iterator[tuple[str, World]]:
    """Any word that was ever said may be heard now, again, late or never."""
    for spoken in range(1, len(world.words) + 1):
        word = world.words[spoken - 1]
        order = _apply(world.order, word, spoken, rules)
        if order != world.order:
            yield f"news of {word[0]}", replace(world, order=order)
    if world.record.state in _WORKING and not world.record.cancel_requested:
        step = life.request_cancel(world.record)
        if step is not None:
            yield "a cancel is asked for", replace(world, order=_plain(step))


def _sweep(world: World, rules: Rules) -> Iterator[tuple[str, World]]:
    record, blocked = world.record, world.halted or world.stale
    if record.state is OrderState.INTENT and blocked:
        yield "the sweep gives the intent up", _given_up(world)
    if record.state is OrderState.SUBMITTING:
        # The lease passes. Under A2 its holder is gone by then.
        submitters = world.submitters
        if rules.lease:
            submitters = tuple(
                (IDLE, None) if claim == record.claim_id else (phase, claim)
                for phase, claim in submitters
            )
        lost = _plain(life.lose_track(record, "lease"))
        yield "the lease passes", replace(world, order=lost, submitters=submitters)
    if record.state is OrderState.UNKNOWN and not world.words:
        if rules.quiet and world.flying:
            return
        if blocked:
            yield "the sweep abandons", _given_up(world)
        elif not record.retry_allowed:
            yield "the sweep allows a retry", replace(world, order=_plain(life.allow_retry(record)))


def _given_up(world: World) -> World:
    step = life.abandon(world.record, code="STALE", reason="late")
    return replace(world, order=_plain(step))


def _refuse(order: int, claim: str | None) -> int:
    record = _RECORDS[order]
    if record.claim_id != claim or record.state not in (OrderState.SUBMITTING, OrderState.UNKNOWN):
        return order
    return _plain(life.reject(record, code="403", reason="refused"))


def _time_out(order: int, claim: str | None, rules: Rules) -> int:
    record = _RECORDS[order]
    if record.claim_id != claim or record.state is not OrderState.SUBMITTING:
        return order
    if rules.timeout_is_unknown:
        return _plain(life.lose_track(record, "no answer"))
    return _plain(life.reject(record, code="timeout", reason="planted: silence is not evidence"))


@cache
def _apply(order: int, word: Word, spoken: int, rules: Rules) -> int:
    """Return the order after the broker's word; spoken is the word's place among all that it said."""
    record = _RECORDS[order]
    if not rules.resurrects and record.state in _GIVEN_UP:
        return order
    status, filled = word
    price = PRICE if filled else None
    said_at = NOW + timedelta(seconds=spoken)
    quantities = (TERMS.quantity, Decimal(filled), price)
    names = ("b-1", TERMS.client_order_id, TERMS.symbol, TERMS.side)
    step = apply_snapshot(record, BrokerOrder(*names, *quantities, status, said_at))
    return order if step is None else _plain(step)


def _say(world: World, word: Word) -> World:
    return replace(world, words=(*world.words, word))


def _with(
    world: World,
    who: int,
    phase: str,
    claim: str | None,
    *,
    order: int | None = None,
) -> World:
    submitters = list(world.submitters)
    submitters[who] = (phase, claim)
    return replace(
        world, submitters=tuple(submitters), order=world.order if order is None else order
    )


def _plain(step: Transition) -> int:
    """Return the place of the order after the step, without what only counts up: versions, attempts, words."""
    record = replace(
        step.after,
        version=1,
        attempts=0,
        lease_until=None,
        last_sent_at=None,
        filled_at=None,
        code=None,
        reason=None,
    )
    if record not in _PLACES:
        _PLACES[record] = len(_RECORDS)
        _RECORDS.append(record)
    return _PLACES[record]
