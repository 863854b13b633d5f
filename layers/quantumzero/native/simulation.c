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
static void settle(simulation *s, int64_t from) {
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

/* The row's closes in one piece. */
static const double *closes_of(simulation *s, int64_t row) {
    const request *r = s->r;
    const int64_t n = r->instruments;
    if (row < s->tile_from || row >= s->tile_from + TILE) {
        s->tile_from = row - row % TILE;
        const int64_t rows = r->rows - s->tile_from < TILE ? r->rows - s->tile_from : TILE;
        for (int64_t i = 0; i < n; i++)
            for (int64_t k = 0; k < rows; k++)
                s->tile[k * n + i] = r->close[cell(r, i, s->tile_from + k)];
    }
    return s->tile + (row - s->tile_from) * n;
}

static void mark_row(simulation *s, int64_t row) {
    const request *r = s->r;
    if (!s->held) {
        s->equity = s->cash;
        s->net = s->gross = 0.0;
        return;
    }
    if (r->instruments == 1) {
        if (!missing(r->close[row])) s->last[0] = r->close[row];
    } else {
        const double *close = closes_of(s, row);
        for (int64_t i = 0; i < r->instruments; i++)
            s->last[i] = missing(close[i]) ? s->last[i] : close[i];
    }
    if (r->time_stop_bars > 0)
        for (int64_t i = 0; i < r->instruments; i++)
            if (s->quantity[i] != 0.0 && has_bar(r, i, row) && row > s->positions[i].entry_row)
                s->positions[i].bars++;
    s->net = sim_worth(s, &s->gross);
    s->equity = s->cash + s->net;
}

static void record_row(simulation *s, int64_t row) {
    const request *r = s->r;
    r->equity_curve[row] = s->cash + s->net;
    if (!r->cash_curve) return;
    r->cash_curve[row] = s->cash;
    r->gross_curve[row] = s->gross;
    r->net_curve[row] = s->net;
}

static void fill_with(double *restrict to, int64_t from, int64_t until, double value) {
    for (int64_t t = from; t < until; t++) to[t] = value;
}

/* The only holding, which has every bar. Rows are valued eight at a time, also some beyond the end
 * of the stretch: those are valued again later. */
static void mark_single(simulation *s, int64_t i, int64_t from, int64_t end) {
    const request *r = s->r;
    const int64_t eights = from + (end - from + 7) / 8 * 8;
    const int64_t until = eights <= r->rows ? eights : end;
    const double *restrict close = r->close + i * r->rows;
    const double quantity = s->quantity[i], size = fabs(quantity), cash = s->cash;
    double *restrict equity = r->equity_curve;
    if (!r->cash_curve) {
        for (int64_t t = from; t < until; t++) equity[t] = cash + quantity * close[t];
    } else {
        double *restrict gross = r->gross_curve, *restrict net = r->net_curve;
        double *restrict rest = r->cash_curve;
        for (int64_t t = from; t < until; t++) {
            const double value = quantity * close[t];
            net[t] = value;
            gross[t] = size * close[t];
            equity[t] = cash + value;
            rest[t] = cash;
        }
    }
    s->last[i] = close[end - 1];
}

static void add_values(simulation *s, int64_t i, int64_t from, int64_t until, double *net,
                       double *gross) {
    const double *close = s->r->close + i * s->r->rows;
    const double quantity = s->quantity[i], size = fabs(quantity);
    double last = s->last[i];
    for (int64_t t = from; t < until; t++) {
        if (!missing(close[t])) last = close[t];
        net[t] += quantity * last;
        gross[t] += size * last;
    }
    s->last[i] = last;
}

/* Value the rows [from, until), on which nothing changes hands. */
static void mark_quiet(simulation *s, int64_t from, int64_t until) {
    const request *r = s->r;
    const int64_t n = r->instruments;
    if (from >= until) return;
    if (!s->held) {
        const int64_t eights = from + (until - from + 7) / 8 * 8;
        if (eights <= r->rows) until = eights;
        fill_with(r->equity_curve, from, until, s->cash);
        if (!r->cash_curve) return;
        fill_with(r->cash_curve, from, until, s->cash);
        fill_with(r->gross_curve, from, until, 0.0);
        fill_with(r->net_curve, from, until, 0.0);
        return;
    }
    if (n == 1 && s->complete[0]) {
        mark_single(s, 0, from, until);
        return;
    }
    if (until - from < 4) {
        for (int64_t t = from; t < until; t++) {
            mark_row(s, t);
            record_row(s, t);
        }
        return;
    }
    double *net = r->cash_curve ? r->net_curve : s->scratch;
    double *gross = r->cash_curve ? r->gross_curve : s->scratch + r->rows;
    fill_with(net, from, until, 0.0);
    fill_with(gross, from, until, 0.0);
    for (int64_t i = 0; i < n; i++)
        if (s->quantity[i] != 0.0) add_values(s, i, from, until, net, gross);
    for (int64_t t = from; t < until; t++) r->equity_curve[t] = s->cash + net[t];
    if (r->cash_curve) fill_with(r->cash_curve, from, until, s->cash);
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

static void visit(simulation *s, int64_t row) {
    const request *r = s->r;
    if (r->borrow_rate != 0.0 || r->interest_rate != 0.0) sim_pay_interest(s, row);
    if (s->working.count) sim_trade_working(s, row, 0);
    if (r->replay_prints) sim_trade_prints(s, row);
    if (s->guards) sim_watch(s, row);
    if (s->working.count) {
        sim_clear(s);
        sim_trade_working(s, row, 1);
        sim_expire(s, row);
    }
    mark_row(s, row);
    if (r->finalise && row == r->rows - 1) {
        sim_close_all(s, row);
        s->net = sim_worth(s, &s->gross);
    } else {
        settle(s, row);
        if (r->maintenance > 0.0) sim_call_margin(s, row);
        sim_decide(s, row);
        if (r->fill_at == CLOSE || r->fill_at == QUOTE) s->net = sim_worth(s, &s->gross);
    }
    record_row(s, row);
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
    s->entries = s->held = s->shorts = s->guards = 0;
    s->month = -1;
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
    for (;;) {
        const int64_t next = next_busy(s, row, happening);
        mark_quiet(s, row + 1, next < r->rows ? next : r->rows);
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
        settle(s, row + 1);
        forget(s);
    }
    return s->failed;
}
