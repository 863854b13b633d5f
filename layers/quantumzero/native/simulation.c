/* The loop over the rows: reference.py, which visits every row. Here rows on which nothing can
 * happen are only valued: the marks of a quiet stretch are one tight loop.
 */
#include "simulation.h"

/* The first row from `from` on with one of the bits, the number of rows when there is none. */
static int64_t find_signal(const uint8_t *signals, int64_t from, int64_t rows, int bits) {
    const uint64_t mask = 0x0101010101010101ULL * (uint64_t)bits;
    int64_t t = from;
    for (; t + 8 <= rows; t += 8) {
        uint64_t eight;
        memcpy(&eight, signals + t, 8);
        if (eight & mask) return t + __builtin_ctzll(eight & mask) / 8;
    }
    while (t < rows && !(signals[t] & bits)) t++;
    return t;
}

/* Which signals the instrument waits for: exits while it holds and no exit works, entries while it
 * is flat and no entry works. */
static int bits_awaited(const simulation *s, int64_t i) {
    const position *p = &s->positions[i];
    const int side = side_of(s, i);
    if (side == 0) return p->entries ? 0 : ENTER_LONG | ENTER_SHORT;
    if (p->exits) return 0;
    return side > 0 ? EXIT_LONG : EXIT_SHORT;
}

static void look_ahead(simulation *s, int64_t i, int64_t from) {
    const request *r = s->r;
    const int bits = bits_awaited(s, i);
    s->next[i] = (int32_t)(bits ? find_signal(r->signals + i * r->rows, from, r->rows, bits) : r->rows);
}

/* Look again where the state has changed since. */
void sim_settle(simulation *s, int64_t from) {
    for (int64_t k = 0; k < s->changes; k++) {
        s->stale[s->changed[k]] = 0;
        if (s->r->signals) look_ahead(s, s->changed[k], from);
    }
    s->changes = 0;
}

static int32_t earliest(const int32_t *next, int64_t n) {
    int32_t least = INT32_MAX;
    for (int64_t i = 0; i < n; i++) least = next[i] < least ? next[i] : least;
    return least;
}

/* Whether every row matters in the present state. */
static int is_busy(const simulation *s) {
    const request *r = s->r;
    if (s->working.count || s->guards) return 1;
    if (s->cash < 0.0 && r->interest_rate != 0.0) return 1;
    if (s->shorts && r->borrow_rate != 0.0) return 1;
    return s->held && (r->time_stop_bars > 0 || r->maintenance > 0.0);
}

/* The next row after `row` on which something may happen. */
static int64_t next_busy(const simulation *s, int64_t row, int64_t happening) {
    const request *r = s->r;
    if (is_busy(s)) return row + 1;
    int64_t next = r->finalise && row < r->rows - 1 ? r->rows - 1 : r->rows;
    if (happening < r->happenings && r->happening_row[happening] < next)
        next = r->happening_row[happening];
    if (r->signals) {
        const int64_t signal = earliest(s->next, r->instruments);
        if (signal < next) next = signal;
    }
    if (r->weights && r->rebalance) {
        const int64_t turn = find_signal(r->rebalance, row + 1, r->rows, 1);
        if (turn < next) next = turn;
    }
    return next;
}

/* Orders that have ended are of no use to a run for a summary. */
static void forget(simulation *s) {
    if (s->r->cash_curve || s->working.count) return;
    s->orders.count = s->fills.count = s->trades.count = s->refusals.count = 0;
}

/* What follows the fills at the open. */
static void visit_rest(simulation *s, int64_t row) {
    const request *r = s->r;
    if (r->replay_prints) sim_trade_prints(s, row);
    if (s->guards) sim_watch(s, row);
    if (s->working.count) {
        sim_clear(s);
        sim_trade_working(s, row, 1);
        sim_expire(s, row);
    }
    sim_mark_row(s, row);
    if (r->finalise && row == r->rows - 1) {
        sim_close_all(s, row);
        s->net = sim_worth(s, &s->gross);
    } else {
        sim_settle(s, row);
        if (r->maintenance > 0.0) sim_call_margin(s, row);
        sim_decide(s, row);
        if (r->fill_at == CLOSE || r->fill_at == QUOTE) s->net = sim_worth(s, &s->gross);
    }
    sim_record_row(s, row);
    if (s->watched) sim_end_sessions(s, row + 1);
}

static void visit(simulation *s, int64_t row) {
    const request *r = s->r;
    if (s->watched) sim_end_sessions(s, row);
    if (r->resume_next_session) sim_resume(s, row);
    if (r->borrow_rate != 0.0 || r->interest_rate != 0.0) sim_pay_interest(s, row);
    if (s->working.count) sim_trade_working(s, row, 0);
    visit_rest(s, row);
}

/* Market orders at the next open of one instrument with every bar, and nothing else to look after. */
static int is_plain(const simulation *s) {
    const request *r = s->r;
    const int only_signals = r->instruments == 1 && s->complete[0] && r->signals && !r->weights &&
                             !r->happenings && !r->replay_prints && !r->finalise;
    const int at_next_open =
        r->fill_at == NEXT_OPEN && r->order_kind == MARKET && r->participation <= 0.0;
    const int carries_nothing = r->borrow_rate == 0.0 && r->interest_rate == 0.0 && !r->tiers;
    return only_signals && !s->limited && at_next_open && carries_nothing && r->time_stop_bars <= 0 &&
           r->maintenance <= 0.0;
}

/* Mark the only instrument at the row's close. */
static void value_single(simulation *s, int64_t row) {
    s->last[0] = s->r->close[row];
    s->net = s->held ? s->quantity[0] * s->last[0] : 0.0;
    s->gross = s->held ? fabs(s->quantity[0]) * s->last[0] : 0.0;
    s->equity = s->cash + s->net;
}

/* From signal to fill to signal in a plain run with nothing working: the same steps as visit, without
 * those that find nothing to do. Returns the last row that is done; the caller goes on from there. */
static int64_t sprint(simulation *s, int64_t row) {
    const request *r = s->r;
    int64_t from = row + 1; /* the first row without its marks */
    while (!s->working.count && !s->guards) {
        const int64_t next = find_signal(r->signals, from, r->rows, bits_awaited(s, 0));
        if (next >= r->rows - 1) break;
        __builtin_prefetch(r->time + next);
        __builtin_prefetch(r->opens + next + 1);
        __builtin_prefetch(r->session + next + 1);
        __builtin_prefetch(r->open + next + 1);
        sim_mark_quiet(s, from, next + 1);
        from = next + 1;
        value_single(s, next);
        sim_read_signals(s, 0, r->signals[next], next);
        if (!s->working.count) continue;
        sim_trade_working(s, from, 0);
        if (s->working.count || s->guards) visit_rest(s, from++);
        forget(s);
    }
    s->changes = s->stale[0] = 0;
    look_ahead(s, 0, from);
    return from - 1;
}

static void begin(simulation *s, const request *r) {
    const int64_t n = r->instruments;
    s->r = r;
    s->orders.count = s->fills.count = s->trades.count = s->refusals.count = 0;
    s->working.count = s->changes = s->failed = s->trades_made = 0;
    s->commission = s->slippage = s->borrow = s->interest = s->dividends = s->traded_value = 0.0;
    s->cash = s->equity = r->start_cash;
    s->gross = s->net = s->reserved = s->exposure = s->month_shares = 0.0;
    s->tile_from = -TILE;
    s->entries = s->held = s->shorts = s->guards = s->exits = 0;
    s->month = -1;
    sim_begin_trading(s);
    memset(s->positions, 0, (size_t)n * sizeof(position));
    for (int64_t i = 0; i < n; i++) {
        position *p = &s->positions[i];
        s->quantity[i] = s->last[i] = 0.0;
        s->guarded[i] = s->stale[i] = 0;
        p->stop_distance = p->target_distance = p->trail_distance = p->stop = p->target = NAN;
        p->entry_row = p->seen = -1;
        if (r->signals) look_ahead(s, i, 0);
    }
}

/* 1 when the request can be run with this memory from now on: once for many runs of its arrays. */
QZ_EXPORT int64_t qz_simulation_prepare(simulation *s, const request *r) {
    return sim_prepare(s, r);
}

/* 0: the run is complete; 1: memory was refused. */
QZ_EXPORT int64_t qz_simulation_run(simulation *s, const request *r) {
    begin(s, r);
    int64_t happening = 0, row = -1;
    const int plain = is_plain(s);
    for (;;) {
        if (plain && !s->working.count && !s->guards) row = sprint(s, row);
        const int64_t next = next_busy(s, row, happening);
        sim_mark_quiet(s, row + 1, next < r->rows ? next : r->rows);
        if (next >= r->rows) break;
        row = next;
        if (r->tiers) sim_turn_month(s, row);
        while (happening < r->happenings && r->happening_row[happening] == row)
            sim_happen(s, happening++);
        visit(s, row);
        if (r->signals) {
            for (int64_t i = 0; i < r->instruments; i++)
                if (s->next[i] == row) sim_changed(s, i);
        }
        sim_settle(s, row + 1);
        forget(s);
    }
    return s->failed;
}
