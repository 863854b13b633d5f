"""Run sessions of market data through the exchange: open, replay ticks, close."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from local.exchange.books import Books
from local.exchange.state import ClockState, State
from quantumzero.domain.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal

    from local.exchange.engine import Exchange
    from local.market_data.source import MarketData
    from local.market_data.values import Session, Tick

_BEFORE_FIRST_OPEN = timedelta(hours=1)


def initial_state(data: MarketData, sessions: Sequence[Session], cash: Decimal) -> State:
    """Return the state an hour before the first session's open.

    Last prices are those of the sessions before it.
    """
    now = sessions[0].opens_at - _BEFORE_FIRST_OPEN
    earlier = [session for session in data.sessions if session.closes_at <= now]
    books = Books(start_cash=cash, cash=cash, previous_equity=cash)
    for symbol in data.symbols:
        for session in reversed(earlier):
            prints = [tick for tick in data.ticks(session.date) if tick.symbol == symbol]
            if prints:
                books.last_prices[symbol] = prints[-1].price
                break
    until = earlier[-1].closes_at if earlier else now
    return State(ClockState(now, is_open=False, opened=0, replayed=0, replayed_until=until), books)


class Replay:
    """The sessions to replay and how far the exchange has got.

    `on_tick` sees every matched tick.
    """

    def __init__(
        self,
        data: MarketData,
        sessions: Sequence[Session],
        exchange: Exchange,
        on_tick: Callable[[Tick], None],
        on_close: Callable[[Session], None],
    ) -> None:
        self.data = data
        self.sessions = tuple(sessions)
        self.exchange = exchange
        self._on_tick = on_tick
        self._on_close = on_close

    @property
    def current(self) -> Session | None:
        """Return the session opened last, None before the first."""
        opened = self.exchange.state.clock.opened
        return self.sessions[opened - 1] if opened else None

    @property
    def left(self) -> int:
        """Return how many sessions have not been opened yet."""
        return len(self.sessions) - self.exchange.state.clock.opened

    def open_next(self) -> Session:
        """Open the next session. Errors: RefusedError when one is open, or none is left."""
        clock = self.exchange.state.clock
        if clock.is_open:
            raise RefusedError("a session is open; run it to its close first")
        if not self.left:
            raise RefusedError(f"all {len(self.sessions)} sessions have been replayed; rewind")
        session = self.sessions[clock.opened]
        self.exchange.open_session(session, self.data.splits_before(session))
        return session

    def pending_ticks(self) -> Iterator[Tick]:
        """Yield the open session's ticks that are still to come, and match each when it is passed.

        Errors: RefusedError when no session is open, or when the exchange is rewound meanwhile.
        """
        session, state = self.current, self.exchange.state
        if session is None or not state.clock.is_open:
            raise RefusedError("no session is open; open one first")
        for tick in self.data.ticks(session.date)[state.clock.replayed :]:
            yield tick
            if self.exchange.state is not state:
                raise RefusedError("the exchange was rewound while the session ran; run it again")
            self.exchange.apply_tick(tick, session)
            self._on_tick(tick)

    def close(self) -> Session:
        """Close the open session. Errors: RefusedError when none is open."""
        session = self.current
        if session is None or not self.exchange.state.clock.is_open:
            raise RefusedError("no session is open; open one first")
        self.exchange.close_session(session)
        self._on_close(session)
        return session
