/* The controls of an order at its decision, in the live order: reference_limits.py. */
#include "simulation.h"

#define NEWEST_BARS 3
#define TOLERANCE 1e-9

/* Symbols on the restricted list, then moments outside the session. */
static int listed(simulation *s, const order *o, int64_t row) {
    const request *r = s->r;
    if (r->restricted && r->restricted[o->instrument]) {
        sim_refuse(s, o, RESTRICTED, NAN, NAN, row);
        return 1;
    }
    if (r->closed && r->closed[row]) {
        sim_refuse(s, o, SESSION, NAN, NAN, row);
        return 1;
    }
    return 0;
}

static int wrong_quantity(simulation *s, const order *o, int64_t row) {
    const request *r = s->r;
    if (!(o->quantity > 0.0)) {
        sim_refuse(s, o, ZERO_SIZE, o->quantity, r->lot, row);
        return 1;
    }
    if (o->quantity > r->limit_quantity) {
        sim_refuse(s, o, MAX_QTY, o->quantity, r->limit_quantity, row);
        return 1;
    }
    if (o->side < 0 && !r->allow_short) {
        sim_refuse(s, o, NOT_SHORTABLE, o->quantity, 0.0, row);
        return 1;
    }
    return 0;
}

static double percent(double price, double from) {
    return from > 0.0 ? fabs(price - from) * 100.0 / from : INFINITY;
}

/* The earliest of the instrument's few newest closes. */
static double earlier_close(const request *r, int64_t instrument, int64_t row) {
    double found = r->close[cell(r, instrument, row)];
    for (int seen = 1; seen < NEWEST_BARS && row > 0;)
        if (has_bar(r, instrument, --row)) {
            found = r->close[cell(r, instrument, row)];
            seen++;
        }
    return found;
}

static int wrong_price(simulation *s, const order *o, int64_t row) {
    const request *r = s->r;
    const double close = r->close[cell(r, o->instrument, row)];
    if (r->limit_collar < INFINITY) {
        const double price = !missing(o->limit) ? o->limit : o->stop > close ? o->stop : close;
        if (percent(price, close) > r->limit_collar + TOLERANCE) {
            sim_refuse(s, o, PRICE_COLLAR, price, r->limit_collar, row);
            return 1;
        }
    }
    if (r->limit_drift < INFINITY) {
        const double earlier = earlier_close(r, o->instrument, row);
        if (percent(close, earlier) > r->limit_drift + TOLERANCE) {
            sim_refuse(s, o, PRICE_DRIFT, earlier, r->limit_drift, row);
            return 1;
        }
    }
    return 0;
}

static double free_power(const simulation *s, const order *o) {
    const double leverage = s->r->leverage;
    if (leverage == 1.0 && s->shorts == 0 && o->side > 0) return s->cash - s->reserved;
    double exposure;
    const double left = sim_leaving(s, o, &exposure);
    return leverage * s->equity - (s->gross - left) - s->reserved;
}

/* Positions that are open or may come of working entries, with the order's own. */
static double positions_with(const simulation *s, const order *o) {
    double count = 1.0;
    for (int64_t i = 0; i < s->r->instruments; i++)
        if (i != o->instrument && (s->quantity[i] != 0.0 || s->positions[i].reserved > 0.0))
            count += 1.0;
    return count;
}

static int too_many_orders(simulation *s, const order *o, int64_t row) {
    const double limit = s->r->limit_open_orders;
    const double count = 1.0 + (double)(s->entries + s->exits);
    if (count <= limit) return 0;
    sim_refuse(s, o, OPEN_ORDERS, count, limit, row);
    return 1;
}

static int too_many_positions(simulation *s, const order *o, int64_t row) {
    const double limit = s->r->limit_positions;
    if ((double)s->r->instruments <= limit) return 0;
    const double count = positions_with(s, o);
    if (count <= limit) return 0;
    sim_refuse(s, o, MAX_OPEN, count, limit, row);
    return 1;
}

static int first_refusal(simulation *s, const order *o, double value, int64_t row) {
    const request *r = s->r;
    const int limited = s->limited != 0;
    if (limited && (sim_refused_by_state(s, o, row) || listed(s, o, row) ||
                    sim_refused_by_loss(s, o, row)))
        return 1;
    if (wrong_quantity(s, o, row)) return 1;
    if (limited && wrong_price(s, o, row)) return 1;
    if (value > r->limit_order_value) {
        sim_refuse(s, o, MAX_VALUE, value, r->limit_order_value, row);
        return 1;
    }
    if (sim_beyond_exposure(s, o, value, row)) return 1;
    double free = free_power(s, o);
    if (r->haircut > 0.0) free = free * (100.0 - r->haircut) / 100.0;
    if (o->purpose == ENTRY && value > free) {
        sim_refuse(s, o, BUYING_POWER, value, free, row);
        return 1;
    }
    if (limited && too_many_orders(s, o, row)) return 1;
    return too_many_positions(s, o, row) || (limited && sim_refused_by_throttle(s, o, row));
}

int sim_refused(simulation *s, const order *o, double value, int64_t row) {
    const int found = first_refusal(s, o, value, row);
    if (!s->limited) return found;
    if (!found) sim_spend(s, o, row);
    sim_stop_after_loss(s, s->equity, row);
    return found;
}

/* The same for an exit by signal or rebalancing, which only a halt refuses. */
int sim_exit_refused(simulation *s, const order *o, int64_t row) {
    const int found = sim_refused_by_state(s, o, row) || sim_refused_by_loss(s, o, row);
    if (!found) sim_spend(s, o, row);
    sim_stop_after_loss(s, s->equity, row);
    return found;
}
