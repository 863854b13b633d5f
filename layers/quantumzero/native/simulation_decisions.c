/* Decisions at a row's close: reference_decisions.py. */
#include "simulation.h"

void sim_set_distances(const simulation *s, order *o, int64_t row) {
    const request *r = s->r;
    o->stop_distance = given(r->stop_distance, r, o->instrument, row);
    o->target_distance = given(r->target_distance, r, o->instrument, row);
    o->trail_distance = given(r->trail_distance, r, o->instrument, row);
}

static int describe(const simulation *s, order *o, double close, int64_t row) {
    const request *r = s->r;
    o->kind = (int32_t)r->order_kind;
    o->life = (int32_t)r->life;
    o->fill_at = (int32_t)r->fill_at;
    if (o->kind == MARKET_ON_OPEN || o->kind == MARKET_ON_CLOSE) o->life = IMMEDIATE_OR_CANCEL;
    if (o->kind == LIMIT || o->kind == STOP_LIMIT) {
        o->limit = given(r->limit, r, o->instrument, row);
        if (!(o->limit > 0.0)) return 0;
    }
    if (o->kind == STOP || o->kind == STOP_LIMIT) {
        o->stop = given(r->stop, r, o->instrument, row);
        if (!(o->stop > 0.0)) return 0;
    }
    if (o->kind == TRAILING) {
        o->trail = r->entry_trail_fraction;
        o->water = close;
        o->stop = close * (1.0 + o->side * o->trail);
    }
    return 1;
}

static void enter(simulation *s, int64_t i, int side, int64_t row) {
    const request *r = s->r;
    if (r->member && !r->member[cell(r, i, row)]) return;
    const double close = r->close[cell(r, i, row)];
    order *o = sim_draft(s, i, side, ENTRY, 0.0, row, 0);
    sim_set_distances(s, o, row);
    if (!describe(s, o, close, row)) return;
    sim_size_at_decision(s, o, close, row);
    const double value = missing(o->money) ? o->quantity * close : o->money;
    if (sim_refused(s, o, value, row)) return;
    o->reserved = value;
    sim_send(s, o);
    sim_work(s, o);
}

/* 0: refused */
int sim_leave(simulation *s, int64_t i, int purpose, int64_t row) {
    order *o = sim_draft(s, i, -side_of(s, i), purpose, fabs(s->quantity[i]), row, 1);
    o->life = purpose == EXIT ? life_of_market_orders(s->r) : GOOD_TIL_CANCELLED;
    if (purpose == EXIT) o->fill_at = (int32_t)s->r->fill_at;
    if (purpose == EXIT && s->limited && sim_exit_refused(s, o, row)) return 0;
    sim_send(s, o);
    sim_work(s, o);
    return 1;
}

void sim_read_signals(simulation *s, int64_t i, int bits, int64_t row) {
    const position *p = &s->positions[i];
    const int side = side_of(s, i);
    if (side == 0) {
        if (p->entries > 0) return;
        if (bits & ENTER_LONG)
            enter(s, i, 1, row);
        else if (bits & ENTER_SHORT)
            enter(s, i, -1, row);
        return;
    }
    const int leave = side > 0 ? EXIT_LONG : EXIT_SHORT;
    const int turn = side > 0 ? ENTER_SHORT : ENTER_LONG;
    if (!(bits & leave) || p->exits > 0) return;
    sim_cancel(s, i, 0);
    if (sim_leave(s, i, EXIT, row) && bits & turn) enter(s, i, -side, row);
}

static void stop_by_time(simulation *s, int64_t row) {
    const int64_t bars = s->r->time_stop_bars;
    if (bars <= 0 || !s->held || s->state == HALTED) return;
    for (int64_t i = 0; i < s->r->instruments; i++) {
        const position *p = &s->positions[i];
        if (s->quantity[i] == 0.0 || p->bars < bars || p->exits > 0 || !has_bar(s->r, i, row))
            continue;
        sim_cancel(s, i, 0);
        sim_leave(s, i, TIME_STOP, row);
    }
}

/* s->next says which instruments have a signal on the row that their state waits for. */
void sim_decide(simulation *s, int64_t row) {
    const request *r = s->r;
    if (r->signals)
        for (int64_t i = 0; i < r->instruments; i++)
            if (s->next[i] == row && has_bar(r, i, row))
                sim_read_signals(s, i, r->signals[cell(r, i, row)], row);
    if (r->weights && r->rebalance && r->rebalance[row]) sim_rebalance(s, row);
    stop_by_time(s, row);
    if ((r->fill_at == CLOSE || r->fill_at == QUOTE) && s->working.count) {
        sim_trade_working(s, row, 1);
        sim_expire(s, row);
    }
}
