/* Protective orders: reference_protection.py and reference_protection_levels.py. */
#include "simulation.h"

typedef struct {
    double open, high, low, close;
    int64_t opens, inside;
} span;

typedef struct {
    double price, other;
    int64_t time;
    int purpose;
} strike;

static double level(double price, double distance, double fraction, int side) {
    if (!missing(distance)) return price - side * distance;
    return fraction > 0.0 ? price * (1.0 - side * fraction) : NAN;
}

void sim_protect(simulation *s, int64_t instrument, const order *o) {
    const request *r = s->r;
    position *p = &s->positions[instrument];
    p->stop_distance = o->stop_distance;
    p->target_distance = o->target_distance;
    p->trail_distance = o->trail_distance;
    const int side = side_of(s, instrument);
    p->stop = level(p->price, o->stop_distance, r->stop_fraction, side);
    p->target = level(p->price, o->target_distance, r->target_fraction, -side);
    const int trails = r->trail_fraction > 0.0 || !missing(o->trail_distance);
    const int guarded = trails || !(missing(p->stop) && missing(p->target));
    s->guards += guarded - s->guarded[instrument];
    s->guarded[instrument] = (uint8_t)guarded;
}

static double nearest_stop(const simulation *s, int64_t instrument, int *purpose) {
    const position *p = &s->positions[instrument];
    const int side = side_of(s, instrument);
    const double trailing = level(p->water, p->trail_distance, s->r->trail_fraction, side);
    *purpose = STOP_LOSS;
    if (missing(trailing) || side * p->stop >= side * trailing) return p->stop;
    *purpose = TRAILING_STOP;
    return trailing;
}

static void follow(simulation *s, int64_t instrument, double price) {
    position *p = &s->positions[instrument];
    const int side = side_of(s, instrument);
    if (side * price > side * p->water) p->water = price;
}

static int strikes(const simulation *s, int64_t instrument, const span *bar, strike *found) {
    const request *r = s->r;
    const position *p = &s->positions[instrument];
    const int side = side_of(s, instrument);
    int purpose;
    const double stop = nearest_stop(s, instrument, &purpose);
    const double target = p->target;
    const double worst = side > 0 ? bar->low : bar->high;
    const double best = side > 0 ? bar->high : bar->low;
    if (side * bar->open <= side * stop) {
        *found = (strike){r->gap_at_stop ? stop : bar->open, NAN, bar->opens, purpose};
        return 1;
    }
    if (side * bar->open >= side * target) {
        *found = (strike){bar->open, NAN, bar->opens, TAKE_PROFIT};
        return 1;
    }
    const int stopped = side * worst <= side * stop;
    const int reached = side * best >= side * target;
    if (reached && (r->target_first || !stopped)) {
        *found = (strike){target, stopped ? stop : NAN, bar->inside, TAKE_PROFIT};
        return 1;
    }
    if (!stopped) return 0;
    *found = (strike){stop, reached ? target : NAN, bar->inside, purpose};
    return 1;
}

static void fire(simulation *s, int64_t i, int64_t row, const strike *hit) {
    const request *r = s->r;
    order *o = sim_draft(s, i, -side_of(s, i), hit->purpose, fabs(s->quantity[i]), row, 1);
    o->decided_at = hit->time;
    o->life = GOOD_TIL_CANCELLED;
    const int at_target = hit->purpose == TAKE_PROFIT;
    int purpose;
    if (at_target)
        o->limit = s->positions[i].target;
    else
        o->stop = nearest_stop(s, i, &purpose);
    sim_send(s, o);
    sim_cancel(s, i, 0);
    const double *volume = r->volume + cell(r, i, row);
    const double quantity = sim_capped(s, o->remaining, volume);
    if (quantity > 0.0) {
        double price = hit->price, other = hit->other;
        if (!at_target)
            price = sim_slipped(s, o, price, quantity, row, volume);
        else if (!missing(other))
            other = sim_slipped(s, o, other, quantity, row, volume);
        const fill f = {quantity, hit->price, price, other, hit->time, row, AT_OPEN, 0};
        sim_book(s, o, &f);
    }
    if (quantity < o->remaining) {
        o->remaining -= quantity;
        sim_work(s, o);
    } else {
        o->state = FILLED;
    }
}

/* Check one bar or finer bar; 1 when an order has fired. */
static int watch_span(simulation *s, int64_t i, int64_t row, const span *bar) {
    strike hit;
    if (strikes(s, i, bar, &hit)) {
        fire(s, i, row, &hit);
        return 1;
    }
    follow(s, i, side_of(s, i) > 0 ? bar->high : bar->low);
    return 0;
}

static void watch_rest_of_entry_bar(simulation *s, int64_t i, int64_t row) {
    const request *r = s->r;
    const int64_t at = cell(r, i, row);
    const int side = side_of(s, i);
    int purpose;
    const double stop = nearest_stop(s, i, &purpose);
    const double worst = side > 0 ? r->low[at] : r->high[at];
    if (side * worst <= side * stop) {
        const double other = s->positions[i].manner == INSIDE_BY_STOP ? r->close[at] : NAN;
        fire(s, i, row, &(strike){stop, other, r->time[row], purpose});
        return;
    }
    follow(s, i, r->close[at]);
}

static void watch_position(simulation *s, int64_t i, int64_t row) {
    const request *r = s->r;
    const position *p = &s->positions[i];
    if (p->entry_row == row && p->manner != AT_OPEN) {
        watch_rest_of_entry_bar(s, i, row);
        return;
    }
    if (r->detail_start) {
        const int64_t *start = r->detail_start + i * (r->rows + 1) + row;
        for (int64_t k = start[0]; k < start[1]; k++) {
            const span bar = {r->detail_open[k],  r->detail_high[k], r->detail_low[k],
                              r->detail_close[k], r->detail_time[k], r->detail_time[k]};
            if (watch_span(s, i, row, &bar)) return;
        }
        if (start[1] > start[0]) return;
    }
    const int64_t at = cell(r, i, row);
    const span bar = {r->open[at],  r->high[at],  r->low[at],
                      r->close[at], r->opens[row], r->time[row]};
    watch_span(s, i, row, &bar);
}

void sim_watch(simulation *s, int64_t row) {
    if (!s->guards || s->state == HALTED) return;
    for (int64_t i = 0; i < s->r->instruments; i++)
        if (s->guarded[i] && s->quantity[i] != 0.0 && s->positions[i].exits == 0 &&
            has_bar(s->r, i, row))
            watch_position(s, i, row);
}
