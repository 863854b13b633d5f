/* Target weights: reference_weights.py. */
#include "simulation.h"

static order *rebalancing(simulation *s, int64_t i, int64_t row, int side, double quantity,
                          int reduces) {
    order *o = sim_draft(s, i, side, REBALANCE, quantity, row, reduces);
    o->life = life_of_market_orders(s->r);
    o->fill_at = (int32_t)s->r->fill_at;
    sim_set_distances(s, o, row);
    return o;
}

static void send(simulation *s, order *o, double value) {
    o->reserved = value;
    sim_send(s, o);
    sim_work(s, o);
}

static void rebalance_one(simulation *s, int64_t i, double weight, int64_t row) {
    const request *r = s->r;
    const double price = r->close[cell(r, i, row)];
    const double goal = weight * (1.0 - r->cash_buffer);
    double held = s->quantity[i];
    double target = 0.0;
    if (s->equity > 0.0 && weight != 0.0) {
        const double current = held * price / s->equity;
        if (fabs(current - goal) < r->drift_band) return;
        target = sim_toward_zero(goal * s->equity / price, r->lot);
    }
    if (target < 0.0 && !r->allow_short) {
        sim_refused(s, rebalancing(s, i, row, -1, -target, 0), -target * price, row);
        target = 0.0;
    }
    if (held * target < 0.0) {
        order *leaves = rebalancing(s, i, row, -side_of(s, i), fabs(held), 1);
        if (s->limited && sim_exit_refused(s, leaves, row)) return;
        send(s, leaves, 0.0);
        held = 0.0;
    }
    const double change = target - held;
    if (change == 0.0) return;
    const int reduces = fabs(target) < fabs(held);
    order *o = rebalancing(s, i, row, change > 0.0 ? 1 : -1, fabs(change), reduces);
    if (reduces) {
        if (!s->limited || !sim_exit_refused(s, o, row)) send(s, o, 0.0);
        return;
    }
    if (r->member && !r->member[cell(r, i, row)]) return;
    const double value = o->quantity * price;
    if (!sim_refused(s, o, value, row)) send(s, o, value);
}

void sim_rebalance(simulation *s, int64_t row) {
    const request *r = s->r;
    for (int64_t i = 0; i < r->instruments; i++) {
        const double weight = r->weights[cell(r, i, row)];
        if (!has_bar(r, i, row) || missing(weight)) continue;
        sim_cancel(s, i, 0);
        sim_cancel(s, i, 1);
        rebalance_one(s, i, weight, row);
    }
}
