/* At what price a bar trades a working order, by its kind: reference_touch.py. */
#include "simulation.h"

static chance inside(const simulation *s, const order *o, int64_t row, double raw, int manner) {
    const request *r = s->r;
    const double *volume = r->volume + cell(r, o->instrument, row);
    return (chance){raw, volume, r->time[row], manner, manner != INSIDE_BY_LIMIT};
}

static chance at_open(const simulation *s, const order *o, int64_t row, int slips) {
    const request *r = s->r;
    const int64_t at = cell(r, o->instrument, row);
    return (chance){r->open[at], r->volume + at, r->opens[row], AT_OPEN, slips};
}

static chance at_close(const simulation *s, const order *o, int64_t row) {
    return inside(s, o, row, s->r->close[cell(s->r, o->instrument, row)], AT_CLOSE);
}

static int immediate(const order *o) {
    return o->life == IMMEDIATE_OR_CANCEL || o->life == FILL_OR_KILL;
}

static int market(const simulation *s, const order *o, int64_t row, int closing, chance *c) {
    const request *r = s->r;
    if (r->replay_prints && o->life == DAY) return 0;
    if (o->fill_at == NEXT_OPEN) {
        if (closing) return 0;
        *c = at_open(s, o, row, 1);
        return 1;
    }
    if (!closing) return 0;
    if (o->fill_at != QUOTE) {
        *c = at_close(s, o, row);
        return 1;
    }
    const double quote = given(o->side > 0 ? r->ask : r->bid, r, o->instrument, row);
    *c = inside(s, o, row, quote > 0.0 ? quote : NAN, AT_CLOSE);
    return 1;
}

static chance limit(const simulation *s, const order *o, int64_t row) {
    const request *r = s->r;
    const int64_t at = cell(r, o->instrument, row);
    const int side = o->side;
    if (side * r->open[at] <= side * o->limit) return at_open(s, o, row, 0);
    const double best = side > 0 ? r->low[at] : r->high[at];
    const int reached = side * best <= side * o->limit && !immediate(o);
    return inside(s, o, row, reached ? o->limit : NAN, INSIDE_BY_LIMIT);
}

static int gaps_stop(const simulation *s, const order *o, int64_t row) {
    return o->side * s->r->open[cell(s->r, o->instrument, row)] >= o->side * o->stop;
}

static int reaches_stop(const simulation *s, const order *o, int64_t row) {
    const int64_t at = cell(s->r, o->instrument, row);
    const double worst = o->side > 0 ? s->r->high[at] : s->r->low[at];
    return o->side * worst >= o->side * o->stop && !immediate(o);
}

static chance stop(const simulation *s, order *o, int64_t row) {
    if (o->triggered || gaps_stop(s, o, row)) {
        o->triggered = 1;
        return at_open(s, o, row, 1);
    }
    if (reaches_stop(s, o, row)) {
        o->triggered = 1;
        return inside(s, o, row, o->stop, INSIDE_BY_STOP);
    }
    return inside(s, o, row, NAN, INSIDE_BY_STOP);
}

static chance stop_limit(const simulation *s, order *o, int64_t row) {
    if (o->triggered || gaps_stop(s, o, row)) {
        o->triggered = 1;
        return limit(s, o, row);
    }
    if (!reaches_stop(s, o, row)) return inside(s, o, row, NAN, INSIDE_BY_LIMIT);
    o->triggered = 1;
    const int fills = o->side * o->stop <= o->side * o->limit;
    chance found = inside(s, o, row, fills ? o->stop : NAN, INSIDE_BY_STOP);
    found.slips = 0;
    return found;
}

static void follow(const simulation *s, order *o, int64_t row) {
    const int64_t at = cell(s->r, o->instrument, row);
    const double best = o->side > 0 ? s->r->low[at] : s->r->high[at];
    if (o->side * best < o->side * o->water) {
        o->water = best;
        o->stop = best * (1.0 + o->side * o->trail);
    }
}

static int priced(const simulation *s, order *o, int64_t row, chance *c) {
    if (o->kind == LIMIT) {
        *c = limit(s, o, row);
    } else if (o->kind == STOP_LIMIT) {
        *c = stop_limit(s, o, row);
    } else {
        *c = stop(s, o, row);
        if (o->kind == TRAILING && missing(c->raw)) follow(s, o, row);
    }
    return 1;
}

int sim_touch(const simulation *s, order *o, int64_t row, int closing, chance *c) {
    const request *r = s->r;
    if (o->kind == MARKET) return market(s, o, row, closing, c);
    if (o->kind == MARKET_ON_CLOSE) {
        if (!closing || !session_ends(r, row)) return 0;
        *c = at_close(s, o, row);
        return 1;
    }
    if (o->kind == MARKET_ON_OPEN) {
        const int first = row == 0 || r->session[row - 1] != r->session[row];
        if (!first || closing) return 0;
        *c = at_open(s, o, row, 1);
        return 1;
    }
    return closing ? 0 : priced(s, o, row, c);
}
